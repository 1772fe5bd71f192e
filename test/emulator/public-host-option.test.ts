import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import {
  ApiGatewayManagementApiClient,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type DevSession, startDev } from "../../src/emulator/dev.ts";
import { findRunning } from "../../src/project-directory/running.ts";
import { project } from "../readers/projects.ts";

const DEFINITION = {
  name: "out",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { who: { handler: "who.handler" } },
  routes: { who: { function: "who", routeResponse: true } },
};
/** Posts to its own domain name, as handlers do, and answers with that name. */
const WHO = `
const { ApiGatewayManagementApiClient, GetConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
exports.handler = async ({ requestContext: { domainName, stage, connectionId } }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  const { Identity } = await client.send(new GetConnectionCommand({ ConnectionId: connectionId }));
  return { statusCode: 200, body: \`\${domainName} \${Identity.SourceIp}\` };
};
`;

async function start(publicHost: string): Promise<{ cwd: string; session: DevSession }> {
  const { root: cwd } = project({
    "wsgw.config.json": JSON.stringify({ ...DEFINITION, domainName: "localhost" }),
    "who.js": WHO,
  });
  const session = await startDev({ cwd, port: 0, publicHost });
  onTestFinished(() => session.stop());
  return { cwd, session };
}

/** What a client that trusts this gateway's authority alone, and calls it `servername`, is shown. */
function shown(session: DevSession, servername: string | undefined): Promise<string | undefined> {
  const socket = connect({
    host: "127.0.0.1",
    port: session.port,
    ca: readFileSync(session.caFile ?? ""),
    ...(servername !== undefined && { servername }),
    checkServerIdentity: () => undefined,
  });
  onTestFinished(() => void socket.destroy());
  return new Promise((resolve, reject) => {
    socket.once("secureConnect", () => resolve(socket.getPeerCertificate().subjectaltname));
    socket.once("error", reject);
  });
}

test("URLs and events name the public host, though only others may know that name", async () => {
  const { session } = await start("laptop.local");
  const { port } = session;
  expect([session.url, session.secureUrl, session.managementUrl, session.host]).toEqual([
    `ws://laptop.local:${port}/dev`,
    `wss://laptop.local:${port}/dev`,
    `http://laptop.local:${port}/dev`,
    "0.0.0.0",
  ]);

  const opening = await openClient(session.local.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  opening.client.send('{"action":"who"}');

  expect(await opening.client.next()).toBe(`laptop.local:${port} 127.0.0.1`);
});

test("@connections takes no made-up keys from what a tunnel sends on", {
  tags: ["journey"],
}, async () => {
  const { session } = await start("laptop.local");
  const opening = await openClient(session.local.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  opening.client.send('{"action":"who"}');
  await opening.client.next();
  const [opened] = session.journal.entries().filter(({ type }) => type === "connection.opened");
  const ConnectionId = (opened as { readonly connectionId: string }).connectionId;
  const describe = (accessKeyId: string, headers: Readonly<Record<string, string>>) => {
    const credentials = { ...session.credentials, accessKeyId };
    const endpoint = session.local.managementUrl;
    const client = new ApiGatewayManagementApiClient({
      endpoint,
      region: "us-east-1",
      credentials,
    });
    onTestFinished(() => client.destroy());
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: object }).headers, headers);
        return next(args);
      },
      { step: "build" },
    );
    return client.send(new GetConnectionCommand({ ConnectionId }));
  };
  const forwarded = { "X-Forwarded-For": "203.0.113.7" };

  await expect(describe("AKIAMADEUP", forwarded)).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
  expect(await describe(session.credentials.accessKeyId, forwarded)).toHaveProperty("Identity");
  expect(await describe("AKIAMADEUP", {})).toHaveProperty("Identity");
});

test("other commands on this machine find it by an address of this machine", async () => {
  const { cwd, session } = await start("laptop.local");

  expect(await findRunning(cwd)).toMatchObject([
    { url: `ws://localhost:${session.port}/dev`, publicHost: "laptop.local" },
  ]);
});

test.each([
  ["laptop.local", "laptop.local", "DNS:laptop.local"],
  ["laptop", "laptop", "DNS:laptop"],
  ["192.168.77.5", undefined, "IP Address:192.168.77.5"],
  ["203.0.113.7", undefined, "IP Address:203.0.113.7"],
])(
  "the certificate covers %s, for clients that trust the gateway's authority",
  { tags: ["journey"] },
  async (host, name, covered) => {
    const { session } = await start(host);

    expect(await shown(session, name)).toContain(covered);
    expect(await shown(session, "localhost")).toContain("DNS:localhost");
  },
);

test.each(["http://laptop", "laptop:3001", "fe80::1%eth0"])(
  "rejects %s as a public host",
  async (host) => {
    await expect(start(host)).rejects.toMatchObject({ code: "PUBLIC_HOST_UNUSABLE" });
  },
);
