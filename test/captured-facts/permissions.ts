import { expect, onTestFinished } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { signedHeaders } from "../../src/emulator/iam/rules/sign-request.ts";
import { makeProject } from "../bundle/project.ts";
import type { CapturedFact } from "./fact.ts";
import { expectAnswer } from "./scene.ts";
import { Wire, type WireAnswer } from "./wire.ts";

type Values = Readonly<Record<string, unknown>>;

const TEXT = 1;

/** What a policy's resource grants. */
export async function grants(fact: CapturedFact): Promise<void> {
  const { policy } = fact.given as { readonly policy: Values };
  const statuses: Record<string, number> = {};
  const { statusByMethod } = fact.expect as { readonly statusByMethod: Record<string, number> };
  for (const method of Object.keys(statusByMethod)) {
    const { answer } = await callWith(method, { Effect: "Allow", ...policy });
    statuses[method] = answer.statusCode;
  }
  expect(statuses).toEqual(statusByMethod);
}

/** Refusals were captured of a session policy; a function has its role's, which AWS calls identity-based. */
export async function denials(fact: CapturedFact): Promise<void> {
  const { method } = fact.request as { readonly method: string };
  const statement = fact.id.includes("explicit-deny")
    ? { Effect: "Deny", Action: "*", Resource: "*" }
    : { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
  const { answer, known, hasFrame } = await callWith(method, statement);
  const { effects: _, body, ...captured } = fact.expect;
  const ofRole = String(body)
    .replace("no session policy", "no identity-based policy")
    .replace("in a session policy", "in an identity-based policy");
  expectAnswer(answer, { ...captured, body: ofRole }, known);
  expect(hasFrame()).toBe(false);
}

/** Calls the management API about an open connection with the keys of a function whose role has this statement. */
async function callWith(method: string, statement: Values) {
  const { root } = makeProject({
    "keys.js": `exports.handler = async ({ requestContext: { connectionId } }) =>
      ({ statusCode: 200, body: JSON.stringify({ ...process.env, connectionId }) });`,
  });
  const definition = (policies: Values) => ({
    name: "captured",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: { keys: { handler: "keys.handler", permissions: { roleName: "role", policies } } },
    routes: { $default: { function: "keys", routeResponse: true } },
  });
  const options = { root, runtime: "in-process", port: 0 } as const;
  const emulator = await startEmulator({ definition: definition({}), ...options });
  onTestFinished(() => emulator.stop());
  const client = await Wire.to(emulator.port);
  await client.request("GET", "/dev", [
    ["Host", "localhost"],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ]);
  client.sendFrame(TEXT, Buffer.from("keys"));
  const function_ = JSON.parse((await client.frame()).payload.toString());

  const [api] = emulator.apis;
  const known = new Map([
    ["ACCOUNT", "123456789012"],
    ["ACCOUNT_LAST4", "9012"],
    ["API_ID", api?.id ?? ""],
    ["CALLER_ARN", "arn:aws:sts::123456789012:assumed-role/role/keys"],
    ["CONNECTION_ID", function_.connectionId],
    ["REGION", emulator.region],
    ["STAGE", "dev"],
    ["VERB", method],
  ]);
  const filled = JSON.stringify(statement).replace(
    /[A-Z_]{4,}/g,
    (name) => known.get(name) ?? name,
  );
  await emulator.update(definition({ captured: { Statement: JSON.parse(filled) } }));

  const target = `/dev/@connections/${encodeURIComponent(function_.connectionId)}`;
  const url = new URL(`http://localhost:${emulator.port}${target}`);
  const body = Buffer.alloc(0);
  const keys = {
    accessKeyId: function_.AWS_ACCESS_KEY_ID,
    secretAccessKey: function_.AWS_SECRET_ACCESS_KEY,
    sessionToken: function_.AWS_SESSION_TOKEN,
  };
  const place = { region: emulator.region, service: "execute-api" };
  const length: Record<string, string> = method === "POST" ? { "content-length": "0" } : {};
  const headers = signedHeaders({ method, url, body }, length, keys, place);
  const caller = await Wire.to(emulator.port);
  onTestFinished(() => {
    caller.end();
    client.end();
  });
  const answer: WireAnswer = await caller.request(method, target, Object.entries(headers), body);
  const hasFrame = () =>
    emulator.journal.entries().filter(({ type }) => type === "frame.sent").length > 1;
  return { answer, known, hasFrame };
}
