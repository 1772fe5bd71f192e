import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
  type Handler,
  type ProjectDefinition,
  ref,
  startGateway,
  type TestGateway,
} from "../../src/testing/index.ts";
import { stopChecked } from "../checked-facts.ts";

type Routes = ProjectDefinition["apis"][string]["routes"];
type Integration = NonNullable<Routes[string]["integration"]>;
type Handlers = Readonly<Record<string, Handler>>;

async function served(
  routes: Routes,
  more: Partial<ProjectDefinition> = {},
  handlers: Handlers = {},
): Promise<TestGateway> {
  const project: ProjectDefinition = {
    name: "direct",
    apis: {
      direct: {
        routeSelectionExpression: "$request.body.action",
        stages: { dev: { variables: { word: "hey" } } },
        routes,
      },
    },
    functions: Object.fromEntries(
      Object.keys(handlers).map((name) => [name, { handler: `unused.${name}` }]),
    ),
    ...more,
  };
  const gateway = await startGateway(project, { handlers });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

/** What a client gets from a route that answers. */
async function answerOf(
  integration: Integration,
  message: object | string = { action: "ask" },
  { handlers = {}, ...more }: Partial<ProjectDefinition> & { readonly handlers?: Handlers } = {},
): Promise<unknown> {
  const route = { integration, routeResponse: true };
  const gateway = await served({ ask: route, $default: route }, more, handlers);
  const client = await gateway.connect();
  client.send(typeof message === "string" ? message : JSON.stringify(message));
  const text = await client.next();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a client gets whose message failed. */
const error = (message: string) =>
  expect.objectContaining({
    message,
    connectionId: expect.any(String),
    requestId: expect.any(String),
  });

const INTERNAL = error("Internal server error");

/** A mock that answers with a text. */
const mock = (
  text: string,
  more: Partial<Extract<Integration, { type: "mock" }>> = {},
): Integration => ({
  type: "mock",
  requestTemplates: { $default: '{"statusCode":200}' },
  responses: { $default: { templates: { $default: text } } },
  ...more,
});

/** A mock whose answer is the key of the request template. */
const chosen = (keys: readonly string[], expression?: string): Integration => ({
  type: "mock",
  requestTemplates: Object.fromEntries(keys.map((key, at) => [key, `{"statusCode":${201 + at}}`])),
  ...(expression !== undefined && { templateSelectionExpression: expression }),
  responses: Object.fromEntries(
    keys.map((key, at) => [`/${201 + at}/`, { templates: { $default: JSON.stringify(key) } }]),
  ),
});

test("8.2 (5), 8.16 (2): a mock answers ping with a pong of its templates", async () => {
  const gateway = await served({
    ping: {
      routeResponse: true,
      integration: {
        type: "mock",
        templateSelectionExpression: "200",
        requestTemplates: { "200": '{"statusCode":200}' },
        responses: {
          "/200/": {
            templateSelectionExpression: "200",
            templates: { "200": '{"type":"pong","connectionId":"$context.connectionId"}' },
          },
        },
      },
    },
  });
  const client = await gateway.connect();
  client.sendJson({ action: "ping" });
  expect(await client.nextJson()).toEqual({ type: "pong", connectionId: client.connectionId });
});

test("a mock without a request template has its default integration response", async () => {
  const integration = mock('{"success":true}', { requestTemplates: {} });
  expect(await answerOf(integration)).toEqual({ success: true });
});

test.each([
  ["a name without quotes", "{statusCode: 200}", "yes"],
  ["text in place of the number", '{"statusCode":"200"}', INTERNAL],
  ["no status", "{}", INTERNAL],
  ["no JSON", "pong", INTERNAL],
])("a mock whose request template makes %s", async (_, template, answer) => {
  expect(await answerOf(mock("yes", { requestTemplates: { $default: template } }))).toEqual(answer);
});

test.each([
  ["8.3 (1)", ["$default"], "\\$default", "$default"],
  ["8.3 (2)", ["$default"], undefined, "$default"],
  ["8.3 (3)", ["application/json"], undefined, "application/json"],
  ["8.3 (4)", ["200"], "200", "200"],
  ["8.3 (5)", ["$default"], "request.body.action", "$default"],
  ["8.3 (5) with a variable", ["$default"], "$request.body.action", "$default"],
  ["8.3 (6)", ["\\$default"], "\\$default", "\\$default"],
  ["a key by the message", ["$default", "ask"], "$request.body.action", "ask"],
  ["a key by the message in braces", ["$default", "x-ask"], "x-${request.body.action}", "x-ask"],
  ["a lone key", ["any"], undefined, "any"],
] as const)("%s: the keys %j and the expression %s choose %s", async (_, keys, expression, key) => {
  expect(await answerOf(chosen(keys, expression))).toBe(key);
});

const echo: Handlers = { echo: async (event) => event as object };

const passing = (
  passthroughBehavior: "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER",
  requestTemplates: Record<string, string>,
): Integration => ({
  type: "lambda",
  function: "echo",
  passthroughBehavior,
  requestTemplates,
  templateSelectionExpression: "none",
});

const UNSUPPORTED = error("Unsupported Media Type");
const message = { action: "ask", n: 1 };

test.each([
  ["8.3 (7)", "WHEN_NO_MATCH", {}, message],
  ["8.3 (7)", "WHEN_NO_MATCH", { other: "{}" }, message],
  ["8.3 (8)", "WHEN_NO_TEMPLATES", {}, message],
  ["8.3 (8), 8.15 (4)", "WHEN_NO_TEMPLATES", { other: "{}" }, UNSUPPORTED],
  ["8.3 (9), 8.15 (4)", "NEVER", {}, UNSUPPORTED],
  ["8.3 (9), 8.15 (4)", "NEVER", { other: "{}" }, UNSUPPORTED],
] as const)("%s: %s with the templates %j", async (_, behavior, templates, answer) => {
  expect(await answerOf(passing(behavior, templates), message, { handlers: echo })).toEqual(answer);
});

test("a function gets what the template makes, and nothing around it", async () => {
  const integration: Integration = {
    type: "lambda",
    function: "echo",
    requestTemplates: { $default: '{"said":$input.json(\'$\'),"word":"$stageVariables.word"}' },
  };
  expect(await answerOf(integration, message, { handlers: echo })).toEqual({
    said: message,
    word: "hey",
  });
});

const fails: Handlers = {
  fails: async () => {
    throw new Error("no such room");
  },
};

test.each([
  ["the whole errorMessage", "/no such .*/", "chosen"],
  ["a part of it alone", "/no such/", "other"],
])("an integration response of a function is chosen by %s", async (_, key, answer) => {
  const integration: Integration = {
    type: "lambda",
    function: "fails",
    responses: {
      $default: { templates: { $default: "other" } },
      [key]: { templates: { $default: "chosen" } },
    },
  };
  expect(await answerOf(integration, message, { handlers: fails })).toBe(answer);
});

test("without integration responses a function's error is the answer", async () => {
  const answer = await answerOf({ type: "lambda", function: "fails" }, message, {
    handlers: fails,
  });
  expect(answer).toMatchObject({ errorMessage: "no such room", errorType: "Error" });
});

test("8.15 (7): no integration response fits, and there is no $default", async () => {
  const integration: Integration = {
    type: "mock",
    requestTemplates: { $default: '{"statusCode":500}' },
    responses: { "/200/": {} },
  };
  expect(await answerOf(integration)).toEqual(INTERNAL);
});

test("an integration that is denied does not run", async () => {
  const integration: Integration = { type: "lambda", function: "echo", denied: "no permission" };
  expect(await answerOf(integration, message, { handlers: echo })).toEqual(INTERNAL);
});

test("8.15 (6): a function that takes longer than the route waits", async () => {
  const slow: Handlers = { slow: () => new Promise(() => {}) };
  const route = {
    integration: { type: "lambda" as const, function: "slow" },
    routeResponse: true,
    integrationTimeout: 1_000,
  };
  const gateway = await served({ ask: route }, {}, slow);
  const client = await gateway.connect();
  client.sendJson({ action: "ask" });
  await gateway.fact("function.started");
  await gateway.clock.advance("1s");
  expect(await client.nextJson()).toEqual(error("Endpoint request timed out"));
});

test("a function that is invoked as an event answers nothing", async () => {
  const integration: Integration = {
    type: "lambda",
    function: "echo",
    requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" },
    responses: { "/.*/": {}, $default: { templates: { $default: "handed over" } } },
  };
  expect(await answerOf(integration, message, { handlers: echo })).toBe("handed over");
});

test("nothing is sent on a one-way route, whatever the integration answers", async () => {
  const gateway = await served({ ask: { integration: mock("unsent") } });
  const client = await gateway.connect();
  client.sendJson({ action: "ask" });
  expect(await gateway.fact("message.answered")).toMatchObject({ answer: "silence" });
  expect(client.received).toEqual([]);
});

async function refusalOf(gateway: TestGateway): Promise<object> {
  const handshake = await gateway.handshake();
  if (handshake.kind !== "refused") throw new Error("the handshake was accepted");
  return { statusCode: handshake.statusCode, body: JSON.parse(handshake.body) };
}

type Seen = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
};

/** A backend that keeps what it gets. */
async function backend(
  answer: { status?: number; body?: string; headers?: Record<string, string> } = {},
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer.status ?? 200, answer.headers ?? {});
      response.end(answer.body ?? '{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

test.each(["link", "${stageVariables.link}"])(
  "a private integration by the VPC link %s goes to its URL, with the host of the URI",
  async (vpcLink) => {
    const { url, seen } = await backend();
    const uri = "http://nlb.internal:8080/in?v=1";
    const route = {
      integration: { type: "http-proxy", uri, vpcLink },
      routeResponse: true,
    } as const;
    const gateway = await startGateway({
      name: "direct",
      apis: {
        direct: {
          routeSelectionExpression: "$request.body.action",
          stages: { dev: { variables: { link: "link" } } },
          routes: { ask: route },
        },
      },
      functions: {},
      vpcLinks: { link: `${url}/base/` },
    });
    onTestFinished(() => stopChecked(gateway));
    const client = await gateway.connect();
    client.send('{"action":"ask"}');

    await client.expectNext({ ok: true });
    expect(seen).toMatchObject([
      { method: "POST", url: "/base/in?v=1", headers: { host: "nlb.internal:8080" } },
    ]);
    expect(gateway.integrationCalls("ask")).toMatchObject([{ target: `POST ${uri}` }]);
  },
);

test("a private integration that cannot be reached says where to set its URL", async () => {
  const uri = "http://127.0.0.1:1/in";
  const gateway = await served({
    ask: { routeResponse: true, integration: { type: "http", uri, vpcLink: "abc123" } },
  });
  const client = await gateway.connect();
  client.send('{"action":"ask"}');

  await client.expectNext({ message: "Internal server error" });
  const { because } = await gateway.fact("message.answered");
  expect(because).toContain('vpcLinks: { "abc123": "http://localhost:8080" }');
});

test("8.2 (3), 8.16 (5): an HTTP backend gets the template's body and API Gateway's headers", async () => {
  const { url, seen } = await backend();
  const gateway = await served({
    ask: {
      routeResponse: true,
      integration: {
        type: "http",
        uri: `${url}/in`,
        requestTemplates: { $default: '{"id":"$context.connectionId","body":$input.body}' },
        templateSelectionExpression: "\\$default",
      },
    },
  });
  const client = await gateway.connect();
  client.send('{"action":"ask"}');
  expect(await client.nextJson()).toEqual({ ok: true });
  const apiId = gateway.apis[0]?.id;
  expect(seen).toMatchObject([
    {
      method: "POST",
      url: "/in",
      body: `{"id":"${client.connectionId}","body":{"action":"ask"}}`,
      headers: {
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": `AmazonAPIGateway_${apiId}`,
        "x-amzn-apigateway-api-id": apiId,
        "x-amzn-trace-id": expect.stringMatching(/^Root=1-/),
      },
    },
  ]);
  expect(seen[0]?.headers).not.toHaveProperty("sec-websocket-key");
});

test("8.4 (2), 8.4 (3), 8.4 (4), 8.4 (5): parameters come from body, context, stage variables and static texts", async () => {
  const { url, seen } = await backend();
  await answerOf(
    {
      type: "http",
      uri: `${url}/{room}/\${stageVariables.word}`,
      method: "PUT",
      requestParameters: {
        "integration.request.path.room": "route.request.body.room.name",
        "integration.request.header.X-Connection": "context.identity.sourceIp",
        "integration.request.header.X-Word": "stageVariables.word",
        "integration.request.header.Content-Type": "'text/plain'",
        "integration.request.header.X-None": "route.request.body.none",
        "integration.request.querystring.user": "route.request.body.user",
      },
    },
    { action: "ask", room: { name: "a b" }, user: "ann&bob" },
  );
  expect(seen).toMatchObject([
    {
      method: "PUT",
      url: "/a%20b/hey?user=ann%26bob",
      headers: { "x-connection": "127.0.0.1", "x-word": "hey", "content-type": "text/plain" },
    },
  ]);
  expect(seen[0]?.headers).not.toHaveProperty("x-none");
});

test("8.4 (1): parameters of $connect come from headers and query of the handshake", async () => {
  const { url, seen } = await backend();
  const gateway = await served({
    $connect: {
      requestParameters: { "route.request.header.X-User": { required: true } },
      integration: {
        type: "http",
        uri: url,
        requestParameters: {
          "integration.request.header.X-Caller": "route.request.header.X-User",
          "integration.request.querystring.tag": "route.request.multivaluequerystring.tag",
          "integration.request.querystring.last": "route.request.querystring.tag",
        },
        responses: { "/200/": {} },
      },
    },
  });
  await gateway.connect({ headers: { "x-user": "ann" }, query: { tag: ["a", "b"] } });
  expect(seen).toMatchObject([{ url: "/?tag=a%2Cb&last=b", headers: { "x-caller": "ann" } }]);

  expect(await refusalOf(gateway)).toEqual({
    statusCode: 400,
    body: error("Missing required request parameters: [X-User]"),
  });
});

test("8.2 (4): HTTP_PROXY sends the message, and whatever is answered goes back", async () => {
  const { url, seen } = await backend({ status: 404, body: "nowhere" });
  expect(await answerOf({ type: "http-proxy", uri: url }, '{"action" : "ask"}')).toBe("nowhere");
  expect(seen).toMatchObject([{ method: "POST", body: '{"action" : "ask"}' }]);
});

test("HTTP_PROXY on $connect passes headers and query of the handshake, and no body", async () => {
  const { url, seen } = await backend();
  const integration = {
    type: "http-proxy" as const,
    uri: url,
    requestParameters: {
      "integration.request.header.Sec-WebSocket-Version": "'0'",
      "integration.request.header.ConnectionId": "context.connectionId",
    },
  };
  const gateway = await served({ $connect: { integration } });
  const client = await gateway.connect({ headers: { "x-user": "ann" }, query: { a: ["1", "2"] } });
  expect(seen).toMatchObject([
    {
      url: "/?a=1&a=2",
      body: "",
      headers: {
        "x-user": "ann",
        "sec-websocket-version": "0",
        "sec-websocket-key": expect.any(String),
        connectionid: client.connectionId,
      },
    },
  ]);
});

test.each([
  ["http-proxy", {}, 403, 403, "Forbidden"],
  ["http", { responses: { $default: {} } }, 404, 404, "Not Found"],
  ["http", {}, 200, 500, "Internal server error"],
  ["http", { responses: { "/200/": {} } }, 500, 500, "Internal server error"],
] as const)(
  "%s on $connect with %j and a backend that answers %i rejects with %i",
  async (type, more, status, refusal, text) => {
    const { url } = await backend({ status });
    const gateway = await served({ $connect: { integration: { type, uri: url, ...more } } });
    expect(await refusalOf(gateway)).toEqual({ statusCode: refusal, body: error(text) });
  },
);

test("a status that the key of the integration response names is that of the handshake", async () => {
  const { url } = await backend({ status: 200 });
  const gateway = await served({
    $connect: { integration: { type: "http", uri: url, responses: { "/200/": {} } } },
  });
  await gateway.connect();
});

test("8.15 (5): a backend that cannot be reached", async () => {
  const { url } = await backend();
  const free = new URL(url);
  free.port = "1";
  expect(await answerOf({ type: "http", uri: free.href })).toEqual(INTERNAL);
});

test.each([
  ["CONVERT_TO_BINARY", "aGV5", "hey"],
  ["CONVERT_TO_BINARY", "no base64!", INTERNAL],
  ["CONVERT_TO_TEXT", "hey", "aGV5"],
  [undefined, "hey", "hey"],
] as const)("an answer with contentHandling %s: %s", async (contentHandling, body, answer) => {
  const { url } = await backend({ body });
  const response = contentHandling === undefined ? {} : { contentHandling };
  expect(await answerOf({ type: "http", uri: url, responses: { $default: response } })).toEqual(
    answer,
  );
});

test("a request with contentHandling CONVERT_TO_BINARY reads base64", async () => {
  const { url, seen } = await backend();
  await answerOf({ type: "http", uri: url, contentHandling: "CONVERT_TO_BINARY" }, "aGV5");
  expect(seen).toMatchObject([{ body: "hey" }]);
});

test.each([
  ["${integration.response.statuscode}", "made"],
  ["${integration.response.header.X-Kind}", "special"],
  ["${request.body.action}", "asked"],
])("a response template is chosen by %s", async (templateSelectionExpression, answer) => {
  const { url } = await backend({ status: 201, headers: { "x-kind": "kind" } });
  const templates = { "201": "made", kind: "special", ask: "asked" };
  const integration: Integration = {
    type: "http",
    uri: url,
    responses: { "/2\\d\\d/": { templates, templateSelectionExpression } },
  };
  expect(await answerOf(integration)).toBe(answer);
});

const region = "us-east-1";
const uriOf = (rest: string) => `arn:aws:apigateway:${region}:${rest}`;
const allowed = [{ Effect: "Allow", Action: "*", Resource: "*" }] as const;
const service = (rest: string, more: object = {}): Integration => ({
  type: "aws",
  uri: uriOf(rest),
  roleStatements: allowed,
  ...more,
});

test("8.2 (1), 8.5 (1), 8.16 (1): $connect and $disconnect keep connections in a table by themselves", async () => {
  const table = (template: string) => ({
    join: ['{"TableName":"', ref("table.rooms.name"), template],
  });
  const gateway = await served(
    {
      $connect: {
        integration: service("dynamodb:action/PutItem", {
          requestTemplates: {
            $default: table(
              '","Item":{"id":{"S":"$context.connectionId"},"at":{"N":"$context.connectedAt"}}}',
            ),
          },
          responses: { "/200/": { templateSelectionExpression: "\\$default" } },
        }),
      },
      $disconnect: {
        integration: service("dynamodb:action/DeleteItem", {
          requestTemplates: { $default: table('","Key":{"id":{"S":"$context.connectionId"}}}') },
        }),
      },
    },
    { tables: { rooms: { partitionKey: { name: "id", type: "S" } } } },
  );
  const client = await gateway.connect();
  const { connectionId } = client;
  expect(await gateway.table("rooms").items()).toEqual([
    { id: connectionId, at: expect.any(Number) },
  ]);
  const called = await gateway.fact("integration.called", { routeKey: "$connect" });
  expect(await gateway.fact("table.written")).toMatchObject({ causedBy: called.id });

  await client.close();
  await gateway.settled();
  expect(await gateway.table("rooms").items()).toEqual([]);
});

test("the error of a service is the answer, by its status", async () => {
  const integration = service("dynamodb:action/PutItem", {
    requestTemplates: { $default: '{"TableName":"none","Item":{}}' },
    responses: { "/400/": { templates: { $default: "{\"refused\":$input.json('$.__type')}" } } },
  });
  const answer = await answerOf(integration, message, {
    tables: { rooms: { partitionKey: { name: "id", type: "S" } } },
  });
  expect(answer).toEqual({ refused: expect.stringContaining("ResourceNotFoundException") });
});

/** The request that a service would get, and the reply that is made up. */
async function recorded(integration: Integration, sent: object = message) {
  const gateway = await served({ ask: { integration, routeResponse: true } });
  const client = await gateway.connect();
  client.sendJson(sent);
  const reply = await client.next();
  const call = await gateway.fact("integration.called");
  expect(await gateway.fact("integration.answered")).toMatchObject({ isRecorded: true });
  return { reply, call, client };
}

const FORM = { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" };

test("8.5 (2), 8.16 (3): a queue is fed in the query protocol by its path", async () => {
  const { reply, call } = await recorded(
    service("sqs:path/123456789012/q.fifo", {
      requestParameters: FORM,
      requestTemplates: {
        $default:
          "Action=SendMessage&MessageGroupId=$input.path('$.group')&MessageBody=$util.urlEncode($input.json('$'))",
      },
    }),
    { action: "ask", group: "g" },
  );
  const body = new URLSearchParams(call.body);
  expect(call.target).toBe("sqs SendMessage");
  expect(Object.fromEntries(body)).toEqual({
    Action: "SendMessage",
    MessageGroupId: "g",
    MessageBody: '{"action":"ask","group":"g"}',
  });
  expect(JSON.parse(reply)).toMatchObject({
    SendMessageResponse: { SendMessageResult: { MessageId: expect.any(String) } },
  });
});

test("8.5 (3): an action of a queue is a parameter of the query", async () => {
  const { call } = await recorded(
    service("sqs:action/SendMessage", {
      requestParameters: {
        "integration.request.querystring.QueueUrl": "'https://sqs.us-east-1.amazonaws.com/1/q'",
        "integration.request.querystring.MessageBody": "route.request.body.action",
      },
    }),
  );
  expect(call.target).toBe("sqs SendMessage");
});

test("a queue without an action is refused as the query protocol does", async () => {
  const { reply } = await recorded(
    service("sqs:path/123456789012/q", {
      requestParameters: FORM,
      requestTemplates: { $default: "MessageBody=hello" },
    }),
  );
  expect(JSON.parse(reply)).toEqual({
    Error: {
      Code: "MissingAction",
      Message: "The request must contain the parameter Action.",
      Type: "Sender",
    },
    RequestId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
});

test("8.5 (4), 8.16 (4): a topic answers in JSON", async () => {
  const topic = await recorded(
    service("sns:action/Publish", {
      requestParameters: {
        "integration.request.querystring.TopicArn": "'arn:aws:sns:us-east-1:1:t'",
      },
    }),
  );
  expect(topic.reply).toMatch(
    /^\{"PublishResponse":\{"PublishResult":\{"MessageId":"[\w-]{36}","SequenceNumber":null\},"ResponseMetadata":\{"RequestId":"[\w-]{36}"\}\}\}$/,
  );
});

test.each([
  [
    "8.5 (5)",
    "states:action/StartExecution",
    "AWSStepFunctions.StartExecution",
    "1.0",
    { executionArn: expect.stringMatching(/:execution:SM:/), startDate: expect.any(Number) },
  ],
  [
    "8.5 (5)",
    "states:action/StartSyncExecution",
    "AWSStepFunctions.StartSyncExecution",
    "1.0",
    { status: "SUCCEEDED", output: "{}", input: "{}" },
  ],
  [
    "8.5 (6)",
    "events:action/PutEvents",
    "AWSEvents.PutEvents",
    "1.1",
    { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
  ],
  [
    "8.5 (7)",
    "kinesis:action/PutRecord",
    "Kinesis_20131202.PutRecord",
    "1.1",
    { ShardId: "shardId-000000000000" },
  ],
] as const)("%s: %s is the target of a JSON service", async (_, rest, target, version, answer) => {
  const template =
    '{"stateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:SM","Entries":[{}]}';
  const { reply, call } = await recorded(
    service(rest, { requestTemplates: { $default: template } }),
  );
  expect(call.headers).toMatchObject({
    "X-Amz-Target": target,
    "Content-Type": `application/x-amz-json-${version}`,
    Accept: "application/json",
  });
  expect(JSON.parse(reply)).toMatchObject(answer);
});

test.each([
  ["s3:path/bucket/{key}", "https://s3.us-east-1.amazonaws.com/bucket/ask"],
  ["bucket.s3:path/{key}", "https://bucket.s3.us-east-1.amazonaws.com/ask"],
])("8.5 (8): an object is put by %s", async (rest, _url) => {
  const { call, reply } = await recorded(
    service(rest, {
      method: "PUT",
      requestParameters: { "integration.request.path.key": "route.request.body.action" },
    }),
  );
  expect(call).toMatchObject({ target: "s3 PutObject", body: JSON.stringify(message) });
  expect(reply).toBe("");
});

test("8.5 (9): a function is invoked by its custom integration and answers as it is", async () => {
  expect(await answerOf({ type: "lambda", function: "echo" }, message, { handlers: echo })).toEqual(
    message,
  );
});

test("an endpoint of the definition answers for a service, with a signed call", async () => {
  const { url, seen } = await backend({ body: '{"sent":1}' });
  const answer = await answerOf(service("bucket.s3:path/a", { method: "PUT" }), message, {
    endpoints: { s3: url },
  });
  expect(answer).toEqual({ sent: 1 });
  expect(seen).toMatchObject([
    {
      method: "PUT",
      url: "/bucket/a",
      headers: {
        authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/us-east-1\/s3\/aws4_request/),
      },
    },
  ]);
});

test("8.15 (3): a template that fails", async () => {
  const gateway = await served({
    ask: { integration: mock("$input.path('$.x", {}), routeResponse: true },
  });
  const client = await gateway.connect();
  client.sendJson(message);
  expect(await client.nextJson()).toEqual(INTERNAL);
  expect(await gateway.fact("message.answered")).toMatchObject({
    because: expect.stringMatching(/^the response template fails at line 1, column \d+: /),
  });
});

test("8.15 (1): a message that finds no route", async () => {
  const gateway = await served({ ask: { integration: mock("x") } });
  const client = await gateway.connect();
  client.sendJson({ action: "other" });
  expect(await client.nextJson()).toEqual(error("Forbidden"));
});

test("8.2 (2): a Lambda proxy next to them gets the whole event", async () => {
  const answer = await answerOf({ type: "lambda-proxy", function: "all" }, message, {
    handlers: {
      all: async (event) => ({ statusCode: 200, body: JSON.stringify(Object.keys(event)) }),
    },
  });
  expect(answer).toContain("requestContext");
});

test("8.15 (2): a model rejects before any template runs", async () => {
  const gateway = await startGateway({
    name: "modelled",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions: {},
    models: { ask: { type: "object", required: ["n"] } },
    routes: {
      ask: {
        integration: mock("unsent"),
        routeResponse: true,
        modelSelectionExpression: "any",
        requestModels: { $default: "ask" },
      },
    },
  });
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  client.sendJson({ action: "ask" });
  expect(await client.nextJson()).toEqual(error("Invalid request body"));
  expect(gateway.integrationCalls()).toEqual([]);
});

test("8.15 (8): a throttled message calls nothing", async () => {
  const gateway = await startGateway({
    name: "throttled",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev", throttle: { routes: { ask: { rateLimit: 0, burstLimit: 0 } } } },
    functions: {},
    routes: { ask: { integration: mock("unsent"), routeResponse: true } },
  });
  onTestFinished(() => stopChecked(gateway));
  const client = await gateway.connect();
  client.sendJson({ action: "ask" });
  expect(await client.nextJson()).toEqual(error("Too Many Requests"));
  expect(gateway.integrationCalls()).toEqual([]);
});
