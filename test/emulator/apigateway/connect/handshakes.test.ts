import { expect, test } from "vitest";
import type { Authorizer, Route } from "../../../../src/definition/checked-project.ts";
import { UsagePlans } from "../../../../src/emulator/apigateway/api-keys/usage-plans.ts";
import { identityHeaderValue } from "../../../../src/emulator/apigateway/authorizers/rules/mocked-identity.ts";
import type { GatewayParts } from "../../../../src/emulator/apigateway/gateway-parts.ts";
import type { Reached } from "../../../../src/emulator/apigateway/rules/domain-name.ts";
import type { ServedApi } from "../../../../src/emulator/apigateway/rules/served-api.ts";
import { Throttling } from "../../../../src/emulator/apigateway/throttling/throttling.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";
import {
  api,
  CONNECTION,
  countingIds,
  held,
  KeptRequests,
  OK,
  route,
  START,
  start,
} from "../started-gateway.ts";

const HOST = ["Host", "localhost:3001"];
const KEY = ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="];
const returned = (value: unknown): Outcome => ({
  kind: "returned",
  payload: JSON.stringify(value),
});

/** A gateway with counting ids, whose reported requests are kept. */
function started(
  routes: readonly Route[],
  served: Partial<ServedApi> = {},
  answers: Record<string, (call: FunctionCall) => Promise<Outcome>> = {},
  settings: Exclude<Parameters<typeof start>[2], undefined> = {},
) {
  const requests = new KeptRequests();
  const all = start(routes, answers, (own) => ({
    api: api(routes, served),
    ids: countingIds(),
    requests,
    ...(typeof settings === "function" ? settings(own) : settings),
  }));
  const factsOf = (type: string) => all.journal.entries().filter((entry) => entry.type === type);
  return { ...all, ended: requests.ended, factsOf };
}

const STAMP = { requestId: "request-2", at: START };

const ADDED = {
  "X-Amzn-Trace-Id": "trace-1",
  "X-Forwarded-For": "127.0.0.1",
  "X-Forwarded-Port": "443",
  "X-Forwarded-Proto": "https",
};

const eventOf = (headers: Record<string, string>, context: object = {}) => ({
  headers: { ...headers, ...ADDED },
  multiValueHeaders: Object.fromEntries(
    Object.entries({ ...headers, ...ADDED }).map(([name, value]) => [name, [value]]),
  ),
  requestContext: {
    routeKey: "$connect",
    eventType: "CONNECT",
    extendedRequestId: "request-2",
    requestTime: "01/Jan/2026:00:00:00 +0000",
    messageDirection: "IN",
    stage: "dev",
    connectedAt: START,
    requestTimeEpoch: START,
    identity: { sourceIp: "127.0.0.1" },
    requestId: "request-2",
    domainName: "localhost:3001",
    connectionId: "connection-1",
    apiId: "abcdef1234",
    ...context,
  },
  isBase64Encoded: false,
});

const apiAnswer = (statusCode: number, message: string) => ({
  kind: "reject",
  statusCode,
  headers: {
    "Content-Type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": "request-2",
  },
  body: `{"message": "${message}", "connectionId":"connection-1", "requestId":"request-2"}`,
});
const doorAnswer = (
  statusCode: number,
  errorType: string,
  message: string,
  apigwId = "request-1",
) => ({
  kind: "reject",
  statusCode,
  headers: {
    "Content-Type": "application/json",
    "x-amzn-RequestId": "uuid-1",
    "x-amzn-ErrorType": errorType,
    "x-amz-apigw-id": apigwId,
  },
  body: `{"message":"${message}"}`,
});

test("records a handshake, calls $connect with its event, and reports the request", async () => {
  const { clock, connect, calls, journal, ended } = started(
    [route("$connect")],
    {},
    {
      connect: async () => {
        clock.advance(7);
        return OK;
      },
    },
  );

  await connect({ rawHeaders: [...HOST, ...KEY, "User-Agent", "probe"], url: "/dev?a=b" });

  const identity = { userAgent: "probe", sourceIp: "127.0.0.1" };
  const event = {
    ...eventOf(
      {
        Host: "localhost:3001",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "User-Agent": "probe",
      },
      { identity },
    ),
    queryStringParameters: { a: "b" },
    multiValueQueryStringParameters: { a: ["b"] },
  };
  expect(journal.entries()).toEqual([
    {
      type: "connection.requested",
      connectionId: "connection-1",
      api: "chat",
      stage: "dev",
      handshakeId: "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      sourceIp: "127.0.0.1",
      userAgent: "probe",
      url: "/dev?a=b",
      seq: 1,
      at: START,
      id: 1,
    },
    {
      type: "connection.opened",
      connectionId: "connection-1",
      durationMs: 7,
      seq: 2,
      at: START + 7,
      id: 2,
      causedBy: 1,
    },
  ]);
  expect(calls).toEqual([
    {
      functionName: "connect",
      qualifier: undefined,
      payload: event,
      awsRequestId: "uuid-1",
      because: 1,
    },
  ]);
  expect(ended).toEqual([
    {
      request: {
        eventType: "CONNECT",
        routeKey: "$connect",
        status: 200,
        stamp: STAMP,
        connection: { ...CONNECTION, identity },
        integrationLatency: 7,
        error: undefined,
        called: {
          kind: "function",
          functionName: "connect",
          event,
          awsRequestId: "uuid-1",
          outcome: OK,
        },
        because: undefined,
      },
      because: 1,
    },
  ]);
});

test("answers an accepted handshake with its id and the subprotocol of $connect", async () => {
  const { ask } = started(
    [route("$connect")],
    {},
    {
      connect: async () =>
        returned({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "chat" } }),
    },
  );

  expect(await ask()).toEqual({
    kind: "accept",
    connectionId: "connection-1",
    subprotocol: "chat",
  });
});

test("events have the Host, the domain name and the stage variables of AWS", async () => {
  const reached: Reached = {
    entrance: "custom-domain",
    domainName: "chat.example.com",
    host: "chat.example.com",
  };
  const stages = api([]).stages;
  const { ask, calls } = started(
    [route("$connect")],
    {
      customDomain: { name: "chat.example.com", mappings: { v1: "dev" } } as never,
      stages: { dev: { ...stages.dev!, variables: { table: "rooms" } } },
    },
    {},
    { reachedBy: () => reached },
  );

  await ask({ url: "/v1", rawHeaders: HOST });

  expect(calls[0]?.payload).toEqual({
    ...eventOf({ Host: "chat.example.com" }, { domainName: "chat.example.com" }),
    stageVariables: { table: "rooms" },
  });
});

test.each([
  ["without the route $connect", []],
  ["without an integration of $connect", [route("$connect", { integration: { type: "none" } })]],
])("%s a handshake is accepted, and its report has no latency", async (_, routes) => {
  const { ask, calls, ended } = started(routes);

  expect(await ask()).toEqual({
    kind: "accept",
    connectionId: "connection-1",
    subprotocol: undefined,
  });
  expect(calls).toEqual([]);
  expect(ended).toEqual([
    {
      request: {
        eventType: "CONNECT",
        routeKey: "$connect",
        status: 200,
        stamp: STAMP,
        connection: CONNECTION,
        integrationLatency: undefined,
        error: undefined,
        called: undefined,
        because: undefined,
      },
      because: 1,
    },
  ]);
});

test("rejects a path that is not a stage, and records that path without its query", async () => {
  const { clock, ask, journal, ended } = started([route("$connect")]);

  expect(await ask({ url: "/prod?token=secret" })).toEqual({
    ...doorAnswer(403, "ForbiddenException", "Forbidden"),
    because: "unknown-stage",
  });
  expect(journal.entries()).toEqual([
    {
      type: "connection.refused",
      connectionId: undefined,
      statusCode: 403,
      because: "unknown-stage",
      path: "/prod",
      durationMs: 0,
      seq: 1,
      at: clock.now(),
      id: 1,
    },
  ]);
  expect(ended).toEqual([]);
});

test("records no path for other rejections", async () => {
  const { clock, ask, journal } = started([route("$connect")]);

  expect(await ask({ problem: "Missing Host header" })).toEqual({
    ...doorAnswer(400, "BadRequestException", "Bad Request"),
    because: "Missing Host header",
  });
  expect(journal.entries()).toEqual([
    {
      type: "connection.refused",
      connectionId: undefined,
      statusCode: 400,
      because: "Missing Host header",
      durationMs: 0,
      seq: 1,
      at: clock.now(),
      id: 1,
    },
  ]);
});

const DISABLED =
  "the API has disableExecuteApiEndpoint, so AWS serves it only at its custom domain";

test.each([
  ["execute-api", true, DISABLED],
  ["custom-domain", true, "unknown-stage"],
  ["execute-api", false, "unknown-stage"],
] as const)(
  "rejects an unknown path by %s, with disableExecuteApiEndpoint %s: %s",
  async (entrance, disableExecuteApiEndpoint, because) => {
    const { ask, factsOf } = started(
      [],
      disableExecuteApiEndpoint ? { disableExecuteApiEndpoint } : {},
      {},
      {
        reachedBy: () => ({ entrance, domainName: "h", host: "h" }),
      },
    );

    expect(await ask({ url: "/prod" })).toMatchObject({ statusCode: 403, because });
    const [fact] = factsOf("connection.refused");
    expect(fact).toMatchObject({ because });
    expect(Object.hasOwn(fact ?? {}, "path")).toBe(because === "unknown-stage");
  },
);

test("a rejection by the handler goes to the client as it is, without a message of the gateway", async () => {
  const outcome = returned({ statusCode: 401, body: '{"message":"no"}' });
  const { clock, ask, journal, ended } = started(
    [route("$connect")],
    {},
    {
      connect: async () => {
        clock.advance(3);
        return outcome;
      },
    },
  );

  expect(await ask()).toEqual({
    ...apiAnswer(401, ""),
    body: '{"message":"no"}',
    because: "$connect answered 401",
  });
  expect(journal.entries().at(-1)).toEqual({
    type: "connection.refused",
    connectionId: "connection-1",
    statusCode: 401,
    because: "$connect answered 401",
    durationMs: 3,
    seq: 2,
    at: START + 3,
    id: 2,
    causedBy: 1,
  });
  expect(ended).toEqual([
    {
      request: {
        eventType: "CONNECT",
        routeKey: "$connect",
        status: 401,
        stamp: STAMP,
        connection: CONNECTION,
        integrationLatency: 3,
        error: undefined,
        called: {
          kind: "function",
          functionName: "connect",
          event: eventOf({}),
          awsRequestId: "uuid-1",
          outcome,
        },
        because: "$connect answered 401",
      },
      because: 1,
    },
  ]);
});

test("a handler that fails is a 502, with the gateway's message in the report", async () => {
  const { ask, ended } = started(
    [route("$connect")],
    {},
    {
      connect: async () => returned("nonsense"),
    },
  );

  const because = "the result is a string, not an object";
  expect(await ask()).toEqual({ ...apiAnswer(502, "Internal server error"), because });
  expect(ended).toMatchObject([
    {
      request: {
        status: 502,
        integrationLatency: 0,
        error: { message: "Internal server error" },
        because,
      },
    },
  ]);
});

test("a 502 that the handler returns is the handler's own", async () => {
  const { ask, ended } = started(
    [route("$connect")],
    {},
    {
      connect: async () => returned({ statusCode: 502, body: '{"message":"own"}' }),
    },
  );

  expect(await ask()).toMatchObject({ statusCode: 502, because: "$connect answered 502" });
  expect(ended[0]?.request.error).toBeUndefined();
});

test.each([
  [true, { kind: "accept", connectionId: "connection-1", subprotocol: undefined }],
  [
    false,
    {
      ...apiAnswer(502, "Internal server error"),
      because: "the result is null, not an object",
    },
  ],
])(
  "a handler that returns nothing succeeds only by the setting: %s",
  async (nullIsSuccess, decision) => {
    const { ask } = started(
      [route("$connect")],
      {},
      { connect: async () => returned(null) },
      {
        nullIsSuccess,
      },
    );

    expect(await ask()).toEqual(decision);
  },
);

test("calls the alias that the stage names", async () => {
  const connect = route("$connect", { calls: { dev: { name: "other", qualifier: "live" } } });
  const { ask, calls } = started([connect]);

  await ask();

  expect(calls).toMatchObject([{ functionName: "other", qualifier: "live" }]);
});

test("a function that API Gateway may not invoke is not called: 500", async () => {
  const denied = "API Gateway may not invoke connect";
  const connect = route("$connect", {
    integration: { type: "lambda-proxy", function: "connect", denied },
  });
  const { ask, calls, ended } = started([connect]);

  expect(await ask()).toEqual({ ...apiAnswer(500, "Internal server error"), because: denied });
  expect(calls).toEqual([]);
  expect(ended).toEqual([
    {
      request: {
        eventType: "CONNECT",
        routeKey: "$connect",
        status: 500,
        stamp: STAMP,
        connection: CONNECTION,
        integrationLatency: undefined,
        error: { message: "Internal server error" },
        called: undefined,
        because: denied,
      },
      because: 1,
    },
  ]);
});

test("a handshake without required parameters is a 400, and $connect is not called", async () => {
  const connect = route("$connect", {
    requestParameters: {
      "route.request.querystring.room": { required: true },
      "route.request.header.x-own": { required: true },
    },
  });
  const { ask, calls } = started([connect]);

  expect(await ask()).toEqual({
    ...apiAnswer(400, "Missing required request parameters: [room, x-own]"),
    because: "the handshake lacks room and x-own",
  });
  expect(await ask({ url: "/dev?room=1" })).toMatchObject({
    statusCode: 400,
    because: "the handshake lacks x-own",
  });
  expect(calls).toEqual([]);
  expect(await ask({ url: "/dev?room=1", rawHeaders: ["X-Own", "x"] })).toMatchObject({
    kind: "accept",
  });
});

const mock = (statusCode: number) =>
  route("$connect", {
    integration: {
      type: "mock",
      requestTemplates: { $default: `{"statusCode":${statusCode}}` },
      responses: { "/200/": {}, "/403/": {} },
    },
  });

test("a mock decides by its status, and has no latency", async () => {
  const accepting = started([mock(200)]);
  const rejecting = started([mock(403)]);

  expect(await accepting.ask()).toEqual({
    kind: "accept",
    connectionId: "connection-1",
    subprotocol: undefined,
  });
  expect(await rejecting.ask()).toEqual({
    ...apiAnswer(403, "Forbidden"),
    because: "$connect answered 403",
  });
  const report = {
    eventType: "CONNECT",
    routeKey: "$connect",
    stamp: STAMP,
    connection: CONNECTION,
    integrationLatency: undefined,
    called: {
      kind: "backend",
      url: undefined,
      functionName: undefined,
      headers: {},
      event: eventOf({}),
    },
  };
  expect(accepting.ended).toMatchObject([
    { request: { ...report, status: 200, error: undefined, because: undefined }, because: 1 },
  ]);
  expect(rejecting.ended).toMatchObject([
    {
      request: {
        ...report,
        status: 403,
        error: { message: "Forbidden" },
        because: "$connect answered 403",
      },
      because: 1,
    },
  ]);
  expect(accepting.factsOf("integration.called")).toMatchObject([{ api: "chat", causedBy: 1 }]);
});

test("an integration by templates that calls nothing has nothing in the report", async () => {
  const connect = route("$connect", {
    integration: { type: "mock", requestTemplates: { $default: "#nonsense(" } },
  });
  const { ask, ended } = started([connect]);

  expect(await ask()).toMatchObject({ kind: "reject", statusCode: 500 });
  expect(ended[0]?.request.called).toBeUndefined();
});

test("the latency of an integration by templates is that of its function", async () => {
  const connect = route("$connect", {
    integration: { type: "lambda", function: "connect", responses: { $default: {} } },
  });
  const { clock, ask, ended } = started(
    [connect],
    {},
    {
      connect: async () => {
        clock.advance(5);
        return OK;
      },
    },
  );

  clock.advance(100);
  expect(await ask()).toMatchObject({ kind: "accept" });
  expect(ended).toMatchObject([{ request: { integrationLatency: 5 } }]);
});

const CHECK: Authorizer = {
  name: "check",
  function: "check",
  identitySource: [],
  denied: undefined,
} as unknown as Authorizer;
const allows = (more: object = {}) =>
  returned({
    principalId: "ann",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
    },
    ...more,
  });

test("the authorizer's context is in the event of $connect and in later ones", async () => {
  const { connect, calls, ended } = started(
    [route("$connect", { authorizer: "check" }), route("join")],
    { authorizers: { check: CHECK } },
    { check: async () => allows({ context: { plan: "free" } }) },
  );

  const ann = await connect();
  await ann.say('{"action":"join"}');

  expect(calls.map(({ functionName }) => functionName)).toEqual(["check", "connect", "join"]);
  const authorizer = { principalId: "ann", integrationLatency: 0, plan: "free" };
  expect(calls[1]?.payload).toEqual(eventOf({}, { authorizer }));
  expect(calls[2]?.payload).toMatchObject({
    requestContext: { authorizer: { principalId: "ann", plan: "free" } },
  });
  expect(ended[0]?.request.connection).toEqual({ ...CONNECTION, authorizer });
});

test("a client that its authorizer rejects is reported, and $connect is not called", async () => {
  const { ask, calls, ended, factsOf } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK } },
    { check: async () => returned({}) },
  );

  const because = "the authorizer check returned no policyDocument";
  expect(await ask()).toEqual({ ...apiAnswer(500, ""), because });
  expect(calls).toHaveLength(1);
  expect(factsOf("connection.refused")).toMatchObject([
    { connectionId: "connection-1", because, causedBy: 1 },
  ]);
  expect(ended).toMatchObject([
    { request: { status: 500, error: { message: "" }, called: undefined, because }, because: 1 },
  ]);
});

test("an authorizer has 30 seconds, one more than an integration", async () => {
  const slow = held();
  const { clock, ask, calls } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK } },
    { check: () => slow.promise },
  );

  const decision = ask();
  clock.advance(29_999);
  slow.release(allows());

  expect(await decision).toMatchObject({ kind: "accept" });
  expect(calls).toHaveLength(2);
});

test("an authorizer has all the time when nothing is given up", async () => {
  const slow = held();
  const { clock, ask } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK } },
    { check: () => slow.promise },
    { untimed: true },
  );

  const decision = ask();
  clock.advance(30_000);
  slow.release(allows());

  expect(await decision).toMatchObject({ kind: "accept" });
});

test("an authorizer of another route is not called", async () => {
  const { ask, calls } = started([route("$connect")], { authorizers: { check: CHECK } });

  expect(await ask()).toMatchObject({ kind: "accept" });
  expect(calls.map(({ functionName }) => functionName)).toEqual(["connect"]);
});

const limited = (routes: Record<string, object>, more: object = {}) => ({
  stages: { dev: { ...api([]).stages.dev!, throttle: { ...more, routes } } },
});
const ONE = { rateLimit: 1, burstLimit: 1 };

test("throttles handshakes by the stage before the client is authorized", async () => {
  const { ask, calls, ended, factsOf } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK }, ...limited({}, ONE) },
    { check: async () => allows() },
  );
  await ask();

  const because = "the stage dev is limited to 1 requests per second and bursts of 1";
  expect(await ask()).toEqual({
    ...doorAnswer(429, "TooManyRequestsException", "Too Many Requests", "request-3"),
    headers: expect.objectContaining({ "x-amz-apigw-id": "request-3" }),
    because,
  });
  expect(calls.map(({ functionName }) => functionName)).toEqual(["check", "connect"]);
  expect(factsOf("connection.refused")).toMatchObject([
    { connectionId: "connection-2", statusCode: 429, because },
  ]);
  expect(ended[1]).toMatchObject({
    request: { status: 429, error: { message: "Too Many Requests" }, because },
  });
});

test("throttles handshakes by the route $connect after the client is authorized", async () => {
  const { ask, calls } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK }, ...limited({ $connect: ONE }) },
    { check: async () => allows() },
  );
  await ask();

  const because =
    "the route $connect of the stage dev is limited to 1 requests per second and bursts of 1";
  expect(await ask()).toMatchObject({
    kind: "reject",
    statusCode: 429,
    body: '{"message":"Too Many Requests"}',
    because,
  });
  expect(calls.map(({ functionName }) => functionName)).toEqual(["check", "connect", "check"]);
});

test("throttles handshakes by the account's limit of new connections", async () => {
  const { ask } = started([route("$connect")], {}, {}, ({ clock }) => ({
    throttling: new Throttling(clock, () => ({ newConnectionsPerSecond: 1 })),
  }));
  await ask();

  expect(await ask()).toMatchObject({
    statusCode: 429,
    because: "the account is limited to 1 new connections per second",
  });
});

const keyed = ({ clock, throttling }: Pick<GatewayParts, "clock" | "throttling">) => ({
  usagePlans: new UsagePlans({
    clock,
    throttling,
    idOf: (name) => `id of ${name}`,
    project: () => ({
      apiKeys: {
        ann: {
          name: "ann",
          value: "ann-key-0123456789012345",
          description: undefined,
          enabled: true,
          isMadeHere: false,
        },
      },
      usagePlans: {
        free: {
          name: "free",
          description: undefined,
          throttle: undefined,
          quota: undefined,
          apiKeys: ["ann"],
          apiStages: [{ api: "chat", stage: "dev" }],
        },
      },
    }),
  }),
});

test("the API key is in the event of $connect only", async () => {
  const { connect, calls, ended } = started(
    [route("$connect", { apiKeyRequired: true }), route("join")],
    {},
    {},
    keyed,
  );

  const ann = await connect({ rawHeaders: ["x-api-key", "ann-key-0123456789012345"] });
  await ann.say('{"action":"join"}');

  const identity = {
    apiKey: "ann-key-0123456789012345",
    apiKeyId: "id of ann",
    sourceIp: "127.0.0.1",
  };
  expect(calls[0]?.payload).toEqual(
    eventOf({ "x-api-key": "ann-key-0123456789012345" }, { identity }),
  );
  expect(calls[1]?.payload).toMatchObject({
    requestContext: { identity: { sourceIp: "127.0.0.1" } },
  });
  expect(JSON.stringify(calls[1]?.payload)).not.toContain("ann-key");
  expect(ended[0]?.request.connection).toEqual(CONNECTION);
});

test("a handshake without the API key that $connect requires is a 403", async () => {
  const { ask, calls, ended } = started(
    [route("$connect", { apiKeyRequired: true })],
    {},
    {},
    keyed,
  );

  const because = "the header x-api-key is missing or empty, and $connect requires an API key";
  expect(await ask()).toEqual({ ...doorAnswer(403, "ForbiddenException", "Forbidden"), because });
  expect(calls).toEqual([]);
  expect(ended).toMatchObject([
    { request: { status: 403, error: { message: "Forbidden" }, because }, because: 1 },
  ]);
});

test("the API key may come from the authorizer", async () => {
  const { ask, calls } = started(
    [route("$connect", { authorizer: "check", apiKeyRequired: true })],
    {
      authorizers: { check: CHECK },
      apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
    },
    { check: async () => allows({ usageIdentifierKey: "ann-key-0123456789012345" }) },
    keyed,
  );

  expect(await ask()).toMatchObject({ kind: "accept" });
  expect(calls[1]?.payload).toMatchObject({
    requestContext: { identity: { apiKeyId: "id of ann" } },
  });
});

test("a mock identity takes the authorizer's place where clients may mock", async () => {
  const routes = [route("$connect", { authorizer: "check" })];
  const served = { authorizers: { check: CHECK }, identities: { ann: { principalId: "ann" } } };
  const mockedIdentity = identityHeaderValue("ann");
  const open = started(
    routes,
    served,
    {},
    {
      mocking: { clientsMayMock: true, everybody: undefined },
    },
  );
  const closed = started(routes, served);

  expect(await open.ask({ mockedIdentity })).toMatchObject({ kind: "accept" });
  expect(open.calls).toMatchObject([
    {
      functionName: "connect",
      payload: eventOf({}, { authorizer: { principalId: "ann", integrationLatency: 0 } }),
    },
  ]);

  const because = "other machines can reach this gateway, so it calls its authorizers";
  expect(await closed.ask({ mockedIdentity })).toEqual({
    kind: "reject",
    statusCode: 400,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "request-2",
      "x-amzn-ErrorType": "BadRequestException",
      "x-amz-apigw-id": "request-2",
    },
    body: '{"message":"Bad Request"}',
    because,
  });
  expect(closed.ended).toMatchObject([
    { request: { status: 400, error: { message: "Bad Request" }, because } },
  ]);
});

test("rejects a mock identity that the definition does not have", async () => {
  const { ask } = started(
    [route("$connect")],
    {},
    {},
    {
      mocking: { clientsMayMock: true, everybody: undefined },
    },
  );

  expect(await ask({ mockedIdentity: identityHeaderValue("bob") })).toMatchObject({
    statusCode: 400,
    because: 'there is no identity "bob" in the definition, which has none',
  });
});

test("the identity of every client needs no header; a client's own one comes first", async () => {
  const { ask, calls } = started(
    [route("$connect", { authorizer: "check" })],
    { authorizers: { check: CHECK } },
    {},
    { mocking: { clientsMayMock: true, everybody: { principalId: "all" } } },
  );

  await ask();
  await ask({ mockedIdentity: identityHeaderValue({ principalId: "own" }) });

  expect(calls).toMatchObject([
    { payload: { requestContext: { authorizer: { principalId: "all" } } } },
    { payload: { requestContext: { authorizer: { principalId: "own" } } } },
  ]);
});

test("with AWS_IAM a mock identity is the signer, in all events", async () => {
  const { connect, calls, ended } = started(
    [route("$connect", { authorizer: "AWS_IAM" }), route("join")],
    {},
    {},
    {
      mocking: {
        clientsMayMock: true,
        everybody: { identity: { userArn: "arn:own", caller: "me" } },
      },
    },
  );

  const ann = await connect();
  await ann.say('{"action":"join"}');

  const signer = { userArn: "arn:own", caller: "me", user: "me", accountId: "123456789012" };
  expect(calls).toMatchObject([
    { payload: { requestContext: { identity: { sourceIp: "127.0.0.1", ...signer } } } },
    { payload: { requestContext: { identity: { sourceIp: "127.0.0.1", ...signer } } } },
  ]);
  expect(ended[0]?.request.connection.identity).toMatchObject({ sourceIp: "127.0.0.1", ...signer });
});

test("with AWS_IAM a handshake without a signature is a 403", async () => {
  const { ask, calls } = started([route("$connect", { authorizer: "AWS_IAM" })]);

  expect(await ask()).toEqual({
    ...doorAnswer(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    because: "the request is not signed, and $connect has AWS_IAM authorization",
  });
  expect(calls).toEqual([]);
});

test("a signer whose policy does not allow the handshake gets AWS's message, as does the report", async () => {
  const { ask, ended } = started(
    [route("$connect", { authorizer: "AWS_IAM" })],
    {},
    {},
    { mocking: { clientsMayMock: true, everybody: { statements: [] } } },
  );

  const arn = "arn:aws:iam::123456789012:user/developer";
  const resource = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/dev/$connect";
  const message = (masked: string) =>
    `User: ${arn} is not authorized to perform: execute-api:Invoke on resource: ${masked} because no identity-based policy allows the execute-api:Invoke action`;
  const masked = message(resource.replace("12345678", "********"));
  expect(await ask()).toEqual({
    ...doorAnswer(403, "AccessDeniedException", ""),
    body: JSON.stringify({ Message: masked }),
    because: `the policy of ${arn} does not allow execute-api:Invoke on ${resource}`,
  });
  expect(ended[0]?.request).toMatchObject({ status: 403, error: { message: masked } });
});

test("handshakes that a stopping gateway holds are 503, whatever is decided later", async () => {
  const { gateway, ask, ended, factsOf } = started(
    [route("$connect")],
    {},
    {
      connect: async () => {
        gateway.rejectedHeld();
        return returned({ statusCode: 401 });
      },
    },
  );

  expect(await ask()).toEqual({
    kind: "reject",
    statusCode: 503,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "uuid-2",
      "x-amzn-ErrorType": "ServiceUnavailableException",
      "x-amz-apigw-id": "request-3",
    },
    body: '{"message":"Service Unavailable"}',
    because: "stopping",
  });
  expect(factsOf("connection.refused")).toMatchObject([{ statusCode: 503, because: "stopping" }]);
  expect(ended).toMatchObject([{ request: { status: 503, because: "stopping" } }]);
});

test("an accepted handshake is opened or abandoned once", async () => {
  const { gateway, ask, factsOf } = started([route("$connect")]);
  const socket = { send() {}, isFull: () => false, close() {} };
  await ask();

  gateway.open("connection-1", socket);
  gateway.open("connection-1", socket);
  gateway.abandon("connection-1");

  expect(factsOf("connection.opened")).toHaveLength(1);
  expect(factsOf("connection.closed")).toEqual([]);
});
