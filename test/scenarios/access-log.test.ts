import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApiDefinition, GatewayOptions, TestGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { apiOf, gatewayFor } from "./support.ts";

/** All that the one captured format has, and what does not exist. */
const NAMES = [
  ...["requestId", "extendedRequestId", "apiId", "stage", "httpMethod", "resourcePath", "routeKey"],
  ...["status", "responseLength", "identity.caller", "identity.user", "identity.userArn"],
  ...["authorizer.principalId", "identity.sourceIp", "identity.userAgent", "requestTime"],
  ...["requestTimeEpoch", "responseLatency", "integrationLatency", "integrationStatus"],
  ...["integration.status", "integration.latency", "integration.error", "error.message"],
  ...["error.responseType", "error.validationErrorString", "eventType", "connectionId"],
  ...["messageId", "connectedAt", "domainName", "authorizer.plan", "unsupportedOwnedProbeVariable"],
];
const FORMAT = NAMES.map((name) => `${name}=$context.${name}`).join("|");

const START = Date.UTC(2026, 8, 25, 9, 20, 29);

function loggedGateway(
  routeKeys: readonly string[],
  more: Partial<ApiDefinition> = {},
  options: GatewayOptions = {},
): Promise<TestGateway> {
  const stage = { name: "dev", accessLog: { format: FORMAT } };
  return gatewayFor(apiOf(routeKeys, { stage, ...more }), { startAt: START, ...options });
}

type Line = Readonly<Record<string, string>>;

function linesOf(gateway: TestGateway): readonly Line[] {
  return gateway
    .facts("access.logged")
    .map(({ line }) => Object.fromEntries(line.split("|").map((part) => part.split(/=(.*)/s, 2))));
}

test("13 (1): a connect, a message and a disconnect have a line each, with a dash for what is not set", async () => {
  const gateway = await loggedGateway(["$connect", "$disconnect", "echo"]);
  const client = await gateway.connect({ headers: { "User-Agent": "probe" } });
  client.sendJson({ action: "echo" });
  await gateway.fact("message.answered");
  await client.close();
  await gateway.settled();

  const [connect, message, disconnect, ...others] = linesOf(gateway);
  expect(others).toEqual([]);
  expect(connect).toEqual({
    ...Object.fromEntries(NAMES.map((name) => [name, "-"])),
    requestId: expect.stringMatching(/^[\w-]{15}=$/),
    extendedRequestId: connect?.requestId,
    apiId: gateway.apis[0]?.id,
    stage: "dev",
    routeKey: "$connect",
    status: "200",
    "identity.sourceIp": "127.0.0.1",
    "identity.userAgent": "probe",
    requestTime: "25/Sep/2026:09:20:29 +0000",
    requestTimeEpoch: String(START),
    integrationLatency: expect.stringMatching(/^\d+$/),
    eventType: "CONNECT",
    connectionId: client.connectionId,
    connectedAt: String(START),
    domainName: gateway.apis[0]?.domainName,
  });
  expect(message).toMatchObject({
    routeKey: "echo",
    status: "200",
    eventType: "MESSAGE",
    "identity.userAgent": "probe",
    messageId: expect.stringMatching(/=$/),
  });
  expect(disconnect).toMatchObject({
    routeKey: "$disconnect",
    status: "200",
    eventType: "DISCONNECT",
    messageId: "-",
    integrationLatency: expect.stringMatching(/^\d+$/),
  });
});

test("13 (2): a handler that fails is 502, with the gateway's message", async () => {
  const failing = async () => {
    throw new Error("no");
  };
  const gateway = await loggedGateway(["$connect", "echo"], {}, { handlers: { echo: failing } });
  const client = await gateway.connect();
  client.sendJson({ action: "echo" });
  await client.next();

  expect(linesOf(gateway).at(-1)).toMatchObject({
    status: "502",
    "error.message": "Internal server error",
    "error.responseType": "INTEGRATION_FAILURE",
  });
});

test("13 (3): a one-way handler's own status is that of the line", async () => {
  const refusing = async () => ({ statusCode: 418 });
  const gateway = await loggedGateway(["echo"], {}, { handlers: { echo: refusing } });
  const client = await gateway.connect();
  client.sendJson({ action: "echo" });
  await gateway.fact("message.answered");

  expect(linesOf(gateway).at(-1)).toMatchObject({ status: "418", "error.message": "-" });
});

test("13 (4): a call of @connections by a function has a line with its role, also when the connection is gone", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "send.mjs": `
import { ApiGatewayManagementApiClient, DeleteConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
export async function handler({ requestContext: { domainName, stage, connectionId: ConnectionId } }) {
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await api.send(new DeleteConnectionCommand({ ConnectionId }));
  await api.send(new DeleteConnectionCommand({ ConnectionId })).catch(() => {});
  return { statusCode: 200 };
}`,
    "wsgw.config.json": JSON.stringify({
      ...apiOf(["send"]),
      functions: { send: { handler: "send.handler" } },
      stage: { name: "dev", accessLog: { format: FORMAT } },
    }),
  });
  const gateway = await gatewayFor(join(root, "wsgw.config.json"));
  const client = await gateway.connect();
  client.sendJson({ action: "send" });
  await client.closed;
  await gateway.settled();

  const calls = linesOf(gateway).filter(({ eventType }) => eventType === "CONNECTION_API");
  expect(calls).toMatchObject([
    {
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      extendedRequestId: expect.stringMatching(/^[\w-]{15}=$/),
      routeKey: "DELETE /@connections/{connectionId}",
      status: "204",
      "identity.userArn": expect.stringMatching(/^arn:aws:sts::\d+:assumed-role\//),
      "identity.userAgent": expect.stringContaining("aws-sdk-js"),
      integrationLatency: "0",
      connectionId: client.connectionId,
      connectedAt: "-",
    },
    { status: "410", "error.message": "-" },
  ]);
});

test("13 (5): the gateway's own rejections have their status, message and details", async () => {
  const gateway = await loggedGateway(["send"], {
    models: { order: { type: "object", required: ["item"] } },
    routes: {
      send: {
        function: "send",
        modelSelectionExpression: "order",
        requestModels: { order: "order" },
      },
    },
  });
  const client = await gateway.connect();
  client.sendJson({ action: "send" });
  await client.next();
  client.sendJson({ action: "other" });
  await client.next();

  expect(linesOf(gateway).slice(-2)).toMatchObject([
    {
      routeKey: "send",
      status: "400",
      integrationLatency: "-",
      "error.message": "Invalid request body",
      "error.validationErrorString": '[object has missing required properties (["item"])]',
    },
    { routeKey: "-", status: "403", "error.message": "Forbidden" },
  ]);
});

test("13 (6): lines have what the authorizer says of the client", async () => {
  const gateway = await loggedGateway(["$connect", "send"], {
    authorizers: { who: { function: "send" } },
    routes: {
      $connect: { function: "connect", authorizer: "who" },
      send: { function: "send" },
    },
  });
  const authorizer = { principalId: "ann", context: { plan: "gold\nplus" } };
  const client = await gateway.connect({ authorizer });
  client.sendJson({ action: "send" });
  await gateway.fact("message.answered");

  expect(linesOf(gateway)).toHaveLength(2);
  for (const line of linesOf(gateway)) {
    expect(line).toMatchObject({
      "authorizer.principalId": "ann",
      "authorizer.plan": "gold plus",
    });
  }
});

test("13 (7): a handshake that the handler rejects has a line without an error, and no other", async () => {
  const gateway = await loggedGateway(
    ["$connect", "$disconnect"],
    {},
    { handlers: { connect: async () => ({ statusCode: 401, body: "no" }) } },
  );
  await gateway.handshake();
  await gateway.settled();

  expect(linesOf(gateway)).toMatchObject([
    { routeKey: "$connect", status: "401", "error.message": "-" },
  ]);
});

test("a connection that ends has a line, also when the API has no $disconnect", async () => {
  const gateway = await loggedGateway(["echo"]);
  const client = await gateway.connect();
  await client.close();
  await gateway.settled();

  expect(linesOf(gateway).at(-1)).toMatchObject({
    routeKey: "$disconnect",
    eventType: "DISCONNECT",
    status: "200",
    integrationLatency: "-",
  });
});

test("a stage without an access log has no lines", async () => {
  const gateway = await gatewayFor(apiOf(["echo"]));
  await (await gateway.connect()).close();
  await gateway.settled();

  expect(gateway.facts("access.logged")).toEqual([]);
});

test("the lines of a stage go into its file, each on a line of its own", async () => {
  const { root } = makeProject({
    "echo.js": "exports.handler = async () => ({ statusCode: 200 });",
    "wsgw.config.json": JSON.stringify({
      ...apiOf(["echo"]),
      functions: { echo: { handler: "echo.handler" } },
      stage: { name: "dev", accessLog: { file: "logs/access.log" } },
    }),
  });
  const gateway = await gatewayFor(join(root, "wsgw.config.json"));
  const file = join(root, "logs/access.log");
  expect(existsSync(file)).toBe(false);
  await (await gateway.connect()).close();
  await gateway.stop();

  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).eventType)).toEqual(["CONNECT", "DISCONNECT"]);
});

test("a call of another integration has the status that its client gets, and a failed one 502 or 504", async () => {
  const gateway = await loggedGateway(["say"], {
    routes: {
      order: {
        routeResponse: true,
        integration: {
          type: "aws",
          uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders",
          roleStatements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }],
          requestParameters: {
            "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
          },
          requestTemplates: { $default: "Action=SendMessage&MessageBody=tea" },
        },
      },
      say: { function: "say" },
    },
  });
  const client = await gateway.connect();
  const order = async () => {
    client.sendJson({ action: "order" });
    await client.next();
  };

  await order();
  gateway.faults.integration("order", { nth: 1 }).fails();
  await order();
  gateway.faults.integration("order", { nth: 1 }).slow("30s");
  client.sendJson({ action: "order" });
  await gateway.fact("fault.injected", ({ fault }) => fault.includes("slow"));
  await gateway.clock.advance("29s");
  await client.next();

  expect(linesOf(gateway).slice(-3)).toMatchObject([
    {
      routeKey: "order",
      status: "200",
      integrationLatency: expect.stringMatching(/^\d+$/),
      "error.message": "-",
    },
    {
      status: "502",
      "error.message": "Internal server error",
      "error.responseType": "INTEGRATION_FAILURE",
    },
    {
      status: "504",
      "error.message": "Endpoint request timed out",
      "error.responseType": "INTEGRATION_TIMEOUT",
    },
  ]);
  await gateway.clock.advance("1s");
});
