import { expect, onTestFinished } from "vitest";
import { startEmulator } from "../../src/emulator/emulator.ts";
import type { Handler } from "../../src/testing/index.ts";
import { accessLog, logSettings } from "./access-logs.ts";
import { badKeys, keyAfterAuthorizer } from "./api-keys.ts";
import {
  authorizer,
  authorizerAdmission,
  authorizerEvents,
  heldSurvives,
  notCached,
} from "./authorizers.ts";
import {
  authorizerInUse,
  authorizerUnknown,
  logRole,
  needsDeployment,
  variablesMerge,
} from "./control-plane.ts";
import { deniedHandshake, deniedMessage, integrationAdmission, missingAlias } from "./denied.ts";
import { executionLog } from "./execution-logs.ts";
import type { CapturedFact } from "./fact.ts";
import { metrics } from "./metrics.ts";
import { denials, grants } from "./permissions.ts";
import { expectText, type Known } from "./placeholders.ts";
import {
  call,
  connected,
  contextOf,
  eventOf,
  eventsOf,
  expectAnswer,
  expectEvent,
  expectFrame,
  HANDLER_BODY,
  type Handshake,
  handshake,
  idOf,
  type Scene,
  sceneOf,
} from "./scene.ts";
import { type Frame, type Header, Wire } from "./wire.ts";

/** Does what a fact was captured of, and fails unless the same comes of it. */
export type Runner = (fact: CapturedFact) => Promise<void>;

type Values = Readonly<Record<string, unknown>>;

const ROUTES = ["$connect", "$disconnect", "$default", "echo"];
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;

/** By the beginning of a fact's id; the longest that fits holds. */
export const RUNNERS: Readonly<Record<string, Runner>> = {
  "access-log-": accessLog,
  "authorizer-": authorizer,
  "authorizer-held-survives": heldSurvives,
  "authorizer-no-cache": notCached,
  "authorizer-not-invocable": deniedHandshake,
  "authorizer-role-not-assumable": deniedHandshake,
  "close-": closing,
  "control-authorizer-": authorizerAdmission,
  "control-authorizer-in-use": authorizerInUse,
  "control-authorizer-unknown": authorizerUnknown,
  "control-log-": logSettings,
  "control-log-no-account-role": logRole,
  "control-integration-caller-credentials": integrationAdmission,
  "control-route-custom-": authorizerAdmission,
  "deploy-needed": needsDeployment,
  "deploy-open-connections": deployment,
  "event-": event,
  "execution-log-": executionLog,
  "event-authorizer-": authorizerEvents,
  "frame-": frame,
  "frame-internal-alias": deniedMessage,
  "frame-internal-credentials-": deniedMessage,
  "handshake-": handshakeFact,
  "handshake-connect-not-invocable": deniedHandshake,
  "ids-": ids,
  "iam-grant-": grants,
  "management-": management,
  "management-403-explicit-deny-": denials,
  "management-403-not-allowed-": denials,
  "management-last-active-moves": lastActive,
  "metrics-": metrics,
  "metrics-missing-alias": missingAlias,
  "one-way-": oneWay,
  "rest-key-after-authorizer": keyAfterAuthorizer,
  "rest-key-bad": badKeys,
  "route-": route,
  "route-response-alone": frame,
  "stage-variables-merge": variablesMerge,
};

export function runnerOf({ id }: CapturedFact): Runner {
  const [longest] = Object.keys(RUNNERS)
    .filter((beginning) => id.startsWith(beginning))
    .sort((one, other) => other.length - one.length);
  const runner = RUNNERS[longest ?? ""];
  if (runner === undefined) throw new Error(`nothing runs ${id}`);
  return runner;
}

/** A handler that behaves as a fact says. */
export function handlerOf(given: unknown): Handler {
  if (given === "throws") {
    return async () => {
      throw new Error("thrown");
    };
  }
  if (given === "malformed result") return async () => ({ unknown: true });
  const result = JSON.parse(
    JSON.stringify(given).replace('"HANDLER_BODY"', () => JSON.stringify(HANDLER_BODY)),
  );
  return async () => result;
}

function givenOf({ given }: CapturedFact): Values {
  return typeof given === "object" ? given : {};
}

function expectGivens(fact: CapturedFact, ...names: readonly string[]): Values {
  const given = givenOf(fact);
  expect(names).toEqual(expect.arrayContaining(Object.keys(given)));
  return given;
}

async function handshakeFact(fact: CapturedFact): Promise<void> {
  const { connectHandler } = expectGivens(fact, "connectHandler");
  const scene = await sceneOf(
    connectHandler === undefined ? {} : { handlers: { connect: handlerOf(connectHandler) } },
  );
  const headers = (fact.request?.headers ?? []) as readonly Header[];
  const { answer, known } = await handshake(scene, "/dev", headers);
  const { events, eventsAbsent, ...captured } = fact.expect;
  const [connect] = eventsOf(scene);
  expectAnswer(answer, captured, known, true);
  if (connect !== undefined && known.has("REQUEST_ID")) {
    expect(known.get("REQUEST_ID")).toBe(contextOf(connect).requestId);
  }
  if (events === undefined) return;
  await scene.gateway.settled();
  const types = eventsOf(scene).map((each) => contextOf(each).eventType);
  expect(types).toEqual(events);
  expect(types).not.toEqual(expect.arrayContaining(eventsAbsent as string[]));
}

async function management(fact: CapturedFact): Promise<void> {
  const { method, path, body, bodyBytes, bodyBase64, authorization, caller } = fact.request as {
    method: string;
    path: string;
    body?: string;
    bodyBytes?: number;
    bodyBase64?: string;
    authorization?: string;
    caller?: string;
  };
  // A bad id is refused whoever asks; of the others none may be of a caller with a policy.
  if (!fact.id.startsWith("management-400-")) expect(caller).toBeUndefined();
  const scene = await sceneOf();
  const client = await connected(scene);
  const { known } = client;
  known.set("CONNECTION_ID_OF_DEV", encodeURIComponent(idOf(client)));
  if (fact.id.includes("-deleted-")) await remove(scene, known);
  if (fact.id.includes("-client-closed-")) await leave(scene, client);
  const bytes =
    bodyBytes === undefined
      ? Buffer.from(bodyBase64 ?? body ?? "", bodyBase64 === undefined ? "utf8" : "base64")
      : Buffer.alloc(bodyBytes, "x");

  const answer = await call(scene, { method, path, body: bytes, authorization }, known);

  const { frame: sent, message, closeFrame, connection, effects: _, ...captured } = fact.expect;
  expectAnswer(answer, captured, known);
  if (sent !== undefined) expectFrame(await client.wire.frame(), sent as Values, known);
  if (message !== undefined) {
    const { opcode, payload } = await client.wire.message();
    expect({ opcode, bytes: payload.length }).toEqual(message);
  }
  if (closeFrame !== undefined) expectClose(await client.wire.frame(), closeFrame as Values);
  if (connection === "open") await expectOpen(scene, client);
}

async function remove(scene: Scene, known: Known): Promise<void> {
  const path = "/STAGE/@connections/CONNECTION_ID";
  const { statusCode } = await call(scene, { method: "DELETE", path }, known);
  expect(statusCode).toBe(204);
}

/** The client closes, and the gateway has seen it. */
async function leave(scene: Scene, client: Handshake, code = 1000, reason = ""): Promise<Frame> {
  const payload = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  payload.writeUInt16BE(code);
  client.wire.sendFrame(CLOSE, payload);
  const answer = await client.wire.frame();
  await scene.gateway.fact("connection.closed", { connectionId: idOf(client) });
  return answer;
}

function expectClose({ opcode, payload }: Frame, captured: Values): void {
  expect(opcode).toBe(CLOSE);
  expect(payload.readUInt16BE()).toBe(captured.code);
  expect(payload.subarray(2).toString()).toBe(captured.reason);
  if (captured.base64 !== undefined) expect(payload.toString("base64")).toBe(captured.base64);
}

/** The integration of the newest event of a kind has answered. */
async function ended({ gateway }: Scene, kind: string): Promise<void> {
  if (kind === "message") await gateway.fact("message.answered");
  if (kind === "disconnect") await gateway.fact("function.ended", { functionName: kind });
}

/** A message of the client still gets to a function. */
async function expectOpen(scene: Scene, { wire }: Handshake): Promise<void> {
  const before = eventsOf(scene).length;
  wire.sendFrame(TEXT, Buffer.from("still open"));
  await expect.poll(() => eventsOf(scene).length).toBe(before + 1);
  expect(wire.isOpen).toBe(true);
}

async function event(fact: CapturedFact): Promise<void> {
  const {
    request,
    stageVariables,
    frame: text,
  } = expectGivens(fact, "request", "stageVariables", "frame", "connection");
  const wanted = { ...((request ?? {}) as Values), ...fact.request };
  const scene = await sceneOf(
    stageVariables === undefined ? {} : { variables: stageVariables as Record<string, string> },
  );
  const path = String(wanted.path ?? "/STAGE?probe=m").replace("STAGE", "dev");
  const opened = await handshake(scene, path, wanted.headers as readonly Header[] | undefined);
  const { known } = opened;
  await scene.gateway.fact("connection.opened");
  known.set("TEXT_AS_SENT", '{ "action" : "unknown", "é":1 }');
  const type = fact.id.includes("message")
    ? "MESSAGE"
    : fact.id.includes("disconnect")
      ? "DISCONNECT"
      : "CONNECT";
  if (text !== undefined || type === "MESSAGE") {
    opened.wire.sendFrame(TEXT, Buffer.from(known.get("TEXT_AS_SENT") ?? ""));
  }
  if (type === "DISCONNECT") await leave(scene, opened);
  await ended(scene, type.toLowerCase());

  const seen = eventOf(scene, type);
  const {
    eventKeys,
    requestContextKeys,
    identityKeys,
    headersOfEvent,
    event: values,
  } = fact.expect;
  const context = contextOf(seen);
  const keys = (of: unknown) => Object.keys(of as object);
  if (eventKeys !== undefined) expect(keys(seen)).toEqual(eventKeys);
  if (requestContextKeys !== undefined) expect(keys(context)).toEqual(requestContextKeys);
  if (identityKeys !== undefined) expect(keys(context.identity)).toEqual(identityKeys);
  if (headersOfEvent !== undefined) expect(keys(seen.headers)).toEqual(headersOfEvent);
  expectEvent(seen, (values ?? {}) as Values, known);
}

async function ids(fact: CapturedFact): Promise<void> {
  const scene = await sceneOf();
  const { known, wire } = await connected(scene);
  wire.sendFrame(TEXT, Buffer.from("one"));
  await ended(scene, "message");
  const { connectionId, messageId, requestId } = contextOf(eventOf(scene, "MESSAGE"));
  const { headers } = await call(
    scene,
    { method: "GET", path: "/STAGE/@connections/CONNECTION_ID" },
    known,
  );
  const { httpRequestId, messageIdTail, ...forms } = fact.expect;
  expect(messageIdTail).toBe("last 11 characters equal those of connectionId");

  expectText(connectionId, String(forms.connectionId), known);
  expectText(messageId, String(forms.messageId), known);
  expectText(requestId, String(forms.requestId), known);
  expect(String(messageId).slice(-11)).toBe(String(connectionId).slice(-11));
  expectText(
    headers.find(([name]) => name === "x-amzn-RequestId")?.[1],
    String(httpRequestId),
    known,
  );
}

async function frame(fact: CapturedFact): Promise<void> {
  const given = expectGivens(
    fact,
    "frame",
    "routes",
    "handler",
    "twoWay",
    "route",
    "routeResponse",
  );
  const isTwoWay = given.twoWay === true || given.routeResponse !== undefined;
  const scene = await sceneOf({
    ...(given.routes !== undefined && { routes: given.routes as string[] }),
    ...(given.handler !== undefined && { handlers: { default: handlerOf(given.handler) } }),
    twoWay: isTwoWay ? ["$default"] : [],
  });
  const client = await connected(scene);
  const before = eventsOf(scene).length;

  client.wire.sendFrame(TEXT, Buffer.from(String(given.frame ?? "any")));

  expectFrame(await client.wire.frame(), fact.expect.frame as Values, client.known);
  const asked = scene.gateway.facts("message.received").at(-1);
  if (client.known.has("REQUEST_ID")) expect(client.known.get("REQUEST_ID")).toBe(asked?.requestId);
  if (fact.expect.connection === "open") {
    client.wire.sendFrame(9, Buffer.from("there?"));
    expect((await client.wire.frame()).opcode).toBe(10);
  }
  if (given.routes !== undefined) expect(eventsOf(scene)).toHaveLength(before);
}

async function oneWay(fact: CapturedFact): Promise<void> {
  const { handler } = expectGivens(fact, "handler", "twoWay");
  const scene = await sceneOf({ handlers: { default: handlerOf(handler) } });
  const client = await connected(scene);

  client.wire.sendFrame(TEXT, Buffer.from("any"));
  await ended(scene, "message");
  client.wire.sendFrame(9, Buffer.from("next?"));

  expect(fact.expect.frames).toEqual([]);
  expect((await client.wire.frame()).opcode).toBe(10);
  expect(eventOf(scene, "MESSAGE").body).toBe("any");
}

async function route(fact: CapturedFact): Promise<void> {
  const { frame: text, routes } = expectGivens(fact, "frame", "routes");
  const scene = await sceneOf({ routes: (routes as string[] | undefined) ?? ROUTES });
  const { wire, known } = await connected(scene);
  known.set("TEXT_AS_SENT", String(text));
  wire.sendFrame(TEXT, Buffer.from(String(text)));
  await ended(scene, "message");

  const seen = eventOf(scene, "MESSAGE");
  expect(contextOf(seen).routeKey).toBe(fact.expect.routeKey);
  expectEvent(seen, fact.expect.event as Values, known);
}

async function closing(fact: CapturedFact): Promise<void> {
  const { frame: sent, clientClose } = expectGivens(fact, "frame", "clientClose");
  const scene = await sceneOf();
  const client = await connected(scene);
  let closed: Frame;
  if (clientClose !== undefined) {
    const { code, reason } = clientClose as { code: number; reason: string };
    closed = await leave(scene, client, code, reason);
  } else {
    if (sent !== undefined) client.wire.sendFrame(BINARY, Buffer.from([1, 2]));
    else await remove(scene, client.known);
    closed = await client.wire.frame();
    client.wire.sendFrame(CLOSE, closed.payload);
  }
  await ended(scene, "disconnect");

  expectClose(closed, fact.expect.closeFrame as Values);
  expectEvent(eventOf(scene, "DISCONNECT"), fact.expect.event as Values, client.known);
  const types = eventsOf(scene).map((each) => contextOf(each).eventType);
  for (const absent of (fact.expect.eventsAbsent ?? []) as string[])
    expect(types).not.toContain(absent);
}

/** What may move `lastActiveAt`, by the words of the fact. */
const ACTIONS: Readonly<Record<string, (scene: Scene, client: Handshake) => Promise<unknown>>> = {
  "client message, also to a one-way route": async (scene, { wire }) => {
    wire.sendFrame(TEXT, Buffer.from("one way"));
    await ended(scene, "message");
  },
  "POST text, empty, UTF-8, not UTF-8": (scene, { known }) =>
    post(scene, known, Buffer.from("text")),
  "two-way reply (its own time)": async (scene, { wire, known }) => {
    const { clock, faults } = scene.gateway;
    faults.route("echo").answersLate("1s");
    wire.sendFrame(TEXT, Buffer.from('{"action":"echo"}'));
    await clock.advance(0); // the message has arrived then
    const asked = await lastActiveAt(scene, known);
    await clock.advance("1s");
    await wire.frame();
    expect(await lastActiveAt(scene, known)).toBe(asked + 1_000);
  },
  GET: (scene, { known }) => lastActiveAt(scene, known),
  "denied POST or DELETE": async (scene, { known }) => {
    const path = "/STAGE/@connections/CONNECTION_ID";
    for (const method of ["POST", "DELETE"]) {
      const { statusCode } = await call(scene, { method, path, authorization: "none" }, known);
      expect(statusCode).toBe(403);
    }
  },
  "413": (scene, { known }) => post(scene, known, Buffer.alloc(131_073)),
};

async function post(scene: Scene, known: Known, body: Uint8Array): Promise<void> {
  await call(scene, { method: "POST", path: "/STAGE/@connections/CONNECTION_ID", body }, known);
}

async function lastActiveAt(scene: Scene, known: Known): Promise<number> {
  const { body } = await call(
    scene,
    { method: "GET", path: "/STAGE/@connections/CONNECTION_ID" },
    known,
  );
  return Date.parse(JSON.parse(body.toString()).lastActiveAt);
}

async function lastActive(fact: CapturedFact): Promise<void> {
  const scene = await sceneOf({
    routes: ROUTES,
    twoWay: ["echo"],
    handlers: { echo: handlerOf({ statusCode: 200, body: "late" }) },
  });
  const client = await connected(scene);
  const { moves, keeps } = fact.expect as { moves: string[]; keeps: string[] };
  const all = [
    ...moves.map((name) => ({ name, moved: true })),
    ...keeps.map((name) => ({ name, moved: false })),
  ];
  for (const { name, moved } of all) {
    const before = await lastActiveAt(scene, client.known);
    await scene.gateway.clock.advance("1s");
    const act = ACTIONS[name];
    if (act === undefined) throw new Error(`nothing does "${name}"`);
    await act(scene, client);
    const after = await lastActiveAt(scene, client.known);
    expect({ name, moved: after > before }).toEqual({ name, moved });
  }
}

/** The definition that a gateway is changed to counts as deployed at once. */
async function deployment(fact: CapturedFact): Promise<void> {
  expectGivens(fact, "change");
  const definition = (routes: Values) => ({
    name: "deployed",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: { which: { handler: "unused.which" } },
    routes,
  });
  const which = { function: "which", routeResponse: true };
  const emulator = await startEmulator({
    definition: definition({ $default: which, echo: { function: "which" } }),
    handlers: {
      which: async ({ requestContext: { routeKey } }) => ({ statusCode: 200, body: routeKey }),
    },
    runtime: "in-process",
    port: 0,
  });
  onTestFinished(() => emulator.stop());
  const wire = await Wire.to(emulator.port);
  await wire.request("GET", "/dev", [
    ["Host", "localhost"],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ]);

  await emulator.update(definition({ $default: which, changed: which }));
  const answers: string[] = [];
  for (const action of ["changed", "echo"]) {
    wire.sendFrame(TEXT, Buffer.from(JSON.stringify({ action })));
    answers.push((await wire.frame()).payload.toString());
  }

  expect(fact.expect.connectionOfOldDeployment).toEqual({
    "new route key": "new route",
    "old route key": "$default",
    "route response": "applies",
  });
  expect(answers).toEqual(["changed", "$default"]);
}
