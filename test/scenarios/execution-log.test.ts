import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApiDefinition, GatewayOptions, TestGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { apiOf, gatewayFor } from "./support.ts";

type Log = NonNullable<ApiDefinition["stage"]["executionLog"]>;

function loggedGateway(
  routeKeys: readonly string[],
  executionLog: Log,
  { handlers, ...more }: Partial<ApiDefinition> & Pick<GatewayOptions, "handlers"> = {},
): Promise<TestGateway> {
  const stage = { name: "dev", executionLog };
  return gatewayFor(apiOf(routeKeys, { stage, ...more }), handlers ? { handlers } : {});
}

/** The lines of the newest request without its id, which begins each of them. */
function lastLines(gateway: TestGateway): readonly string[] {
  const all = gateway.facts("execution.logged");
  const { requestId } = all.at(-1) ?? { requestId: "" };
  return all
    .filter((each) => each.requestId === requestId)
    .map(({ line }) => {
      expect(line.startsWith(`(${requestId}) `)).toBe(true);
      return line.slice(requestId.length + 3);
    });
}

async function said(gateway: TestGateway, message: object) {
  const client = await gateway.connect({ headers: { "User-Agent": "probe" } });
  client.sendJson(message);
  await gateway.fact("message.answered");
  return client;
}

test("a message at INFO has the captured lines, in their order and without its data", async () => {
  const gateway = await loggedGateway(["echo"], { level: "INFO" });
  const { connectionId } = await said(gateway, { action: "echo" });

  const [first] = gateway.facts("execution.logged");
  const { apiId = "" } = { apiId: gateway.apis[0]?.id };
  const { requestId = "" } = gateway.facts("message.received")[0] ?? {};
  expect(first).toMatchObject({
    stage: "dev",
    logGroup: `/aws/apigateway/${apiId}/dev`,
    logStream: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const [{ awsRequestId = "" } = {}] = gateway.invocations();
  expect(lastLines(gateway)).toEqual([
    `Extended Request Id: ${requestId}`,
    `Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${apiId}/dev`,
    "API Key  authorized because route 'echo' does not require API Key. Request will not contribute to throttle or quota limits",
    `Usage Plan check succeeded for API Key  and API Stage ${apiId}/dev`,
    `Starting execution for request: ${requestId}`,
    "WebSocket Request Route: [echo]",
    `WebSocket API [${apiId}] received message from client [Connection Id: ${connectionId}].`,
    `AWS Integration Endpoint RequestId : ${awsRequestId}`,
    `Message from client [Connection Id: ${connectionId}] sent to API [${apiId}] with response status code [200].`,
  ]);
});

test("with data trace a message also has its event, the request to Lambda and the answer", async () => {
  const gateway = await loggedGateway(["echo"], { level: "INFO", dataTrace: true });
  const { connectionId } = await said(gateway, { action: "echo" });

  const apiId = gateway.apis[0]?.id ?? "";
  const uri =
    "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:echo/invocations";
  const lines = lastLines(gateway);
  expect(lines[7]).toMatch(
    `WebSocket API [${apiId}] received message from client [${connectionId}]. Message: [{"requestContext":{`,
  );
  const from = (beginning: string) => lines.findIndex((line) => line.startsWith(beginning));
  const order = [
    `Endpoint request URI: ${uri}`,
    "Endpoint request headers: {X-Amz-Date=",
    'Endpoint request body after transformations: {"requestContext":{',
    `Sending request to ${uri}`,
    "Received response. Status: 200, Integration latency: ",
    "Endpoint response headers: {Date=",
    'Endpoint response body before transformations: {"statusCode":200}',
    "AWS Integration Endpoint RequestId : ",
    "Message from client ",
  ];
  expect(order.map(from)).toEqual(order.map((_, at) => at + 8));
  expect(lines[9]).toContain(`x-amzn-apigateway-api-id=${apiId}, Accept=application/json`);
  expect(lines[9]).toContain(`:123456789012:${apiId}/dev/echo`);
  const tooLong = gateway
    .facts("execution.logged")
    .filter(({ line }) => Buffer.byteLength(line) > 1024);
  expect(tooLong).toEqual([]);
});

test("a handler that throws is named with Lambda's id of its invocation, also at ERROR", async () => {
  const failing = async () => {
    throw new Error("no room");
  };
  const gateway = await loggedGateway(
    ["echo"],
    { level: "ERROR" },
    { handlers: { echo: failing } },
  );
  await said(gateway, { action: "echo" });

  const [{ awsRequestId = "" } = {}] = gateway.invocations();
  expect(lastLines(gateway)).toEqual([
    `Lambda execution failed with status 200 due to customer function error: no room. Lambda request id: ${awsRequestId}`,
    `AWS Integration Endpoint RequestId : ${awsRequestId}`,
  ]);
});

test("at ERROR nothing is logged of what goes well", async () => {
  const gateway = await loggedGateway(["echo"], { level: "ERROR", dataTrace: true });
  const client = await said(gateway, { action: "echo" });
  await client.close();
  await gateway.settled();

  expect(gateway.facts("execution.logged")).toEqual([]);
});

test("a route has its own level instead of the stage's", async () => {
  const routes = { quiet: { level: "OFF" as const } };
  const gateway = await loggedGateway(["echo", "quiet"], { level: "INFO", routes });
  const client = await said(gateway, { action: "quiet" });
  expect(lastLines(gateway).join("\n")).toContain("WebSocket Request Route: [$connect]");

  client.sendJson({ action: "echo" });
  await expect.poll(() => gateway.facts("message.answered")).toHaveLength(2);
  expect(lastLines(gateway).join("\n")).toContain("WebSocket Request Route: [echo]");
});

test("a malformed result and a slow function are said in API Gateway's words", async () => {
  const gateway = await loggedGateway(
    ["bad", "slow"],
    { level: "ERROR" },
    {
      handlers: { bad: async () => ({ nonsense: true }) as never },
      routes: {
        bad: { function: "bad" },
        slow: { function: "slow", integrationTimeout: 1000 },
      },
    },
  );
  const client = await gateway.connect();
  client.sendJson({ action: "bad" });
  await client.next();
  expect(lastLines(gateway)[0]).toBe(
    "Execution failed due to configuration error: Malformed Lambda proxy response",
  );

  gateway.faults.route("slow").answersLate("2s");
  client.sendJson({ action: "slow" });
  await gateway.clock.advance("1s");
  await client.next();
  expect(lastLines(gateway)[0]).toBe("Execution failed due to a timeout error");
});

test("an integration without a Lambda proxy has the request to its backend, and why it fails", async () => {
  const mock = { type: "mock", requestTemplates: { $default: "{}" } } as const;
  const queue = {
    type: "aws",
    uri: "arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders",
    roleStatements: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }],
    requestTemplates: { $default: "Action=SendMessage&MessageBody=tea" },
    requestParameters: {
      "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'",
    },
  } as const;
  const gateway = await loggedGateway(
    [],
    { level: "INFO", dataTrace: true },
    { routes: { mock: { integration: mock }, queue: { integration: queue } } },
  );
  const client = await said(gateway, { action: "queue" });
  const lines = lastLines(gateway).join("\n");
  expect(lines).toContain(
    "Endpoint request URI: https://sqs.us-east-1.amazonaws.com/123456789012/orders\n",
  );
  expect(lines).toContain(
    "\nEndpoint request body after transformations: Action=SendMessage&MessageBody=tea\n",
  );
  expect(lines).toContain("\nReceived response. Status: 200, Integration latency: ");

  client.sendJson({ action: "mock" });
  await client.next();
  expect(lastLines(gateway)).toContain(
    "Execution failed due to configuration error: Unable to parse statusCode. It should be an integer that is defined in the request template.",
  );
});

test("a message that does not fit its model says what is wrong with it", async () => {
  const gateway = await loggedGateway(
    [],
    { level: "ERROR" },
    {
      models: { room: { type: "object", required: ["room"] } },
      functions: { join: { handler: "unused.join" } },
      routes: {
        join: {
          function: "join",
          modelSelectionExpression: "any",
          requestModels: { any: "room" },
        },
      },
    },
  );
  const client = await gateway.connect();
  client.sendJson({ action: "join" });
  await client.next();

  expect(lastLines(gateway)).toEqual([
    'Execution failed: Invalid request body. [object has missing required properties (["room"])]',
  ]);
});

test("the lines go to the file of the stage", async () => {
  const { root } = makeProject({
    "wsgw.config.json": JSON.stringify({
      ...apiOf(["echo"]),
      functions: { echo: { handler: "echo.handler" } },
      stage: { name: "dev", executionLog: { level: "INFO", file: "logs/execution.log" } },
    }),
    "echo.js": "exports.handler = async () => ({ statusCode: 200 });",
  });
  const gateway = await gatewayFor(join(root, "wsgw.config.json"));
  await said(gateway, { action: "echo" });
  await gateway.stop();

  const file = join(root, "logs/execution.log");
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, "utf8").trimEnd().split("\n")).toEqual(
    gateway.facts("execution.logged").map(({ line }) => line),
  );
});

test("a stage without an execution log records none", async () => {
  const gateway = await gatewayFor(apiOf(["echo"]));
  await said(gateway, { action: "echo" });

  expect(gateway.facts("execution.logged")).toEqual([]);
});

test("a call of @connections has its bodies, its status and why it failed", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject({
    "post.mjs": `
import { ApiGatewayManagementApiClient, DeleteConnectionCommand, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
export async function handler({ requestContext: { domainName, stage, connectionId: ConnectionId } }) {
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await api.send(new PostToConnectionCommand({ ConnectionId, Data: "hello" }));
  await api.send(new DeleteConnectionCommand({ ConnectionId }));
  await api.send(new DeleteConnectionCommand({ ConnectionId })).catch(() => {});
  return { statusCode: 200 };
}`,
    "wsgw.config.json": JSON.stringify({
      ...apiOf(["post"]),
      functions: { post: { handler: "post.handler" } },
      stage: { name: "dev", executionLog: { level: "INFO", dataTrace: true } },
    }),
  });
  const gateway = await gatewayFor(join(root, "wsgw.config.json"));
  await said(gateway, { action: "post" });
  await gateway.settled();

  const lines = gateway.facts("execution.logged").map(({ line }) => line.replace(/^\(.*?\) /, ""));
  expect(lines).toContain("WebSocket Request Route: [POST /@connections/{connectionId}]");
  expect(lines).toContain("Connection API request body: hello");
  expect(lines).toContain("Connection API request completed with status: 200");
  expect(lines).toContain("Connection API request failed: GoneException");
  expect(lines).toContain("Connection API request completed with status: 410");
});
