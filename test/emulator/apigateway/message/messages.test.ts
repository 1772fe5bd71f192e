import { expect, test } from "vitest";
import type { Route } from "../../../../src/definition/checked-project.ts";
import type { GatewayParts } from "../../../../src/emulator/apigateway/gateway-parts.ts";
import { LIMITS } from "../../../../src/emulator/apigateway/rules/limits.ts";
import type { ServedApi } from "../../../../src/emulator/apigateway/rules/served-api.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";
import {
  api,
  CONNECTION,
  countingIds,
  KeptRequests,
  OK,
  route,
  START,
  start,
} from "../started-gateway.ts";

/** A gateway with counting ids, whose reported requests are kept. */
function started(
  routes: readonly Route[],
  answers: Record<string, (call: FunctionCall) => Promise<Outcome>> = {},
  served: Partial<ServedApi> = {},
  settings: Partial<GatewayParts> = {},
) {
  const requests = new KeptRequests();
  const all = start(routes, answers, {
    api: api(routes, served),
    ids: countingIds(),
    requests,
    ...settings,
  });
  const reports = () => requests.ended.filter(({ request }) => request.eventType === "MESSAGE");
  const facts = (since: number) => all.journal.entries().filter(({ seq }) => seq > since);
  return { ...all, reports, facts };
}

const MESSAGE_ID = "message of connection-1-1";

/** The event of the first message, which comes 10 ms after the 101. */
const eventOf = (routeKey: string, body: string) => ({
  requestContext: {
    routeKey,
    messageId: MESSAGE_ID,
    eventType: "MESSAGE",
    extendedRequestId: "request-3",
    requestTime: "01/Jan/2026:00:00:00 +0000",
    messageDirection: "IN",
    stage: "dev",
    connectedAt: START,
    requestTimeEpoch: START + 10,
    identity: { sourceIp: "127.0.0.1" },
    requestId: "request-3",
    domainName: "localhost:3001",
    connectionId: "connection-1",
    apiId: "abcdef1234",
  },
  body,
  isBase64Encoded: false,
});

const REPORT = {
  eventType: "MESSAGE",
  routeKey: "join",
  status: 200,
  stamp: { requestId: "request-3", at: START + 10 },
  connection: CONNECTION,
  messageId: MESSAGE_ID,
  integrationLatency: undefined,
  error: undefined,
  called: undefined,
  because: "one-way",
  isAnswered: false,
};

const errorFrame = (message: string) =>
  `{"message": "${message}", "connectionId":"connection-1", "requestId":"request-3"}`;

/** Connects, and sends a message 10 ms later. */
async function said(all: ReturnType<typeof started>, text: string) {
  const ann = await all.connect();
  all.clock.advance(10);
  await ann.say(text);
  return ann;
}

const JOIN = '{"action":"join"}';

test("records a message, calls its route with its event, and reports the request", async () => {
  const all = started([route("join")], {
    join: async () => {
      all.clock.advance(5);
      return OK;
    },
  });

  const ann = await said(all, JOIN);

  const stamp = { connectionId: "connection-1", requestId: "request-3" };
  expect(all.facts(2)).toEqual([
    {
      type: "message.received",
      ...stamp,
      text: JOIN,
      bytes: 17,
      seq: 3,
      at: START + 10,
      id: 3,
    },
    {
      type: "route.selected",
      ...stamp,
      api: "chat",
      selection: { kind: "route", routeKey: "join", because: "matched", value: "join" },
      seq: 4,
      at: START + 10,
      id: 4,
      causedBy: 3,
    },
    {
      type: "message.answered",
      ...stamp,
      routeKey: "join",
      answer: "silence",
      because: "one-way",
      durationMs: 5,
      seq: 5,
      at: START + 15,
      id: 5,
      causedBy: 4,
    },
  ]);
  const event = eventOf("join", JOIN);
  expect(all.calls).toEqual([
    {
      functionName: "join",
      qualifier: undefined,
      payload: event,
      awsRequestId: "uuid-1",
      because: 4,
    },
  ]);
  expect(all.reports()).toEqual([
    {
      request: {
        ...REPORT,
        integrationLatency: 5,
        called: {
          kind: "function",
          functionName: "join",
          event,
          awsRequestId: "uuid-1",
          outcome: OK,
        },
      },
      because: 4,
    },
  ]);
  expect(ann.sent).toEqual([]);
});

test("a two-way route sends its body, and is reported as answered", async () => {
  const all = started([route("join", { routeResponse: true })], {
    join: async () => ({ kind: "returned", payload: '{"statusCode":418,"body":"tea"}' }),
  });

  const ann = await said(all, JOIN);

  expect(ann.sent).toEqual(["tea"]);
  expect(all.facts(4)).toEqual([
    {
      type: "frame.sent",
      connectionId: "connection-1",
      text: "tea",
      cause: "reply",
      seq: 5,
      at: START + 10,
      id: 5,
      causedBy: 4,
    },
    {
      type: "message.answered",
      connectionId: "connection-1",
      requestId: "request-3",
      routeKey: "join",
      answer: "reply",
      because: "route-response",
      durationMs: 0,
      seq: 6,
      at: START + 10,
      id: 6,
      causedBy: 4,
    },
  ]);
  expect(all.reports()).toMatchObject([
    { request: { status: 418, error: undefined, because: "route-response", isAnswered: true } },
  ]);
});

test("a reply may have as many bytes as a message, and no more", async () => {
  const reply = (length: number) => async (): Promise<Outcome> => ({
    kind: "returned",
    payload: JSON.stringify({ statusCode: 200, body: "x".repeat(length) }),
  });
  const routes = [route("join", { routeResponse: true })];
  const limits = { ...LIMITS, messageBytes: 100 };
  const fits = started(routes, { join: reply(100) }, {}, { limits });
  const exceeds = started(routes, { join: reply(101) }, {}, { limits });

  expect((await said(fits, JOIN)).sent).toEqual(["x".repeat(100)]);
  expect((await said(exceeds, JOIN)).sent).toEqual([errorFrame("Internal server error")]);
});

test.each([
  [true, []],
  [false, [errorFrame("Internal server error")]],
])(
  "a function that returns nothing succeeds only by the setting: %s",
  async (nullIsSuccess, sent) => {
    const all = started(
      [route("join")],
      { join: async () => ({ kind: "returned", payload: "null" }) },
      {},
      { nullIsSuccess },
    );

    expect((await said(all, JOIN)).sent).toEqual(sent);
    expect(all.reports()).toMatchObject([{ request: { status: nullIsSuccess ? 200 : 502 } }]);
  },
);

test("a function that fails is a 502 with the gateway's message", async () => {
  const outcome: Outcome = { kind: "failed", errorType: "E", errorMessage: "m", trace: [] };
  const all = started([route("join")], { join: async () => outcome });

  const ann = await said(all, JOIN);

  expect(ann.sent).toEqual([errorFrame("Internal server error")]);
  expect(all.facts(4)).toMatchObject([
    { type: "frame.sent", cause: "error", causedBy: 4 },
    { type: "message.answered", answer: "error", because: "E: m", causedBy: 4 },
  ]);
  expect(all.reports()).toMatchObject([
    {
      request: {
        status: 502,
        integrationLatency: 0,
        error: { message: "Internal server error", validation: undefined },
        called: { outcome },
        because: "E: m",
        isAnswered: true,
      },
    },
  ]);
});

/** The report of a message that the gateway rejects. */
const refusedReport = (more: object) => ({
  request: { ...REPORT, isAnswered: true, ...more },
  because: 4,
});

test("a message without a route is Forbidden", async () => {
  const all = started([route("join")]);

  const ann = await said(all, "hello");

  expect(ann.sent).toEqual([errorFrame("Forbidden")]);
  expect(all.calls).toEqual([]);
  expect(all.facts(3)).toMatchObject([
    { selection: { kind: "none", because: "not-json", value: undefined } },
    { type: "frame.sent" },
    { type: "message.answered", routeKey: undefined, answer: "error", because: "not-json" },
  ]);
  expect(all.reports()).toEqual([
    refusedReport({
      routeKey: undefined,
      status: 403,
      error: { message: "Forbidden", validation: undefined },
      because: "not-json",
    }),
  ]);
});

test("one message too many is rejected with its limit, and no function is called", async () => {
  const stage = {
    ...api([]).stages.dev!,
    throttle: { routes: { join: { rateLimit: 1, burstLimit: 1 } } },
  };
  const all = started([route("join"), route("ask")], {}, { stages: { dev: stage } });
  const ann = await all.connect();
  await ann.say(JOIN);
  await ann.say('{"action":"ask"}');
  expect(ann.sent).toEqual([]);

  await ann.say(JOIN);

  const because =
    "the route join of the stage dev is limited to 1 requests per second and bursts of 1";
  expect(ann.sent).toMatchObject([expect.stringContaining('{"message": "Too Many Requests"')]);
  expect(all.calls.map(({ functionName }) => functionName)).toEqual(["join", "ask"]);
  expect(all.reports().at(-1)?.request).toMatchObject({
    status: 429,
    integrationLatency: undefined,
    error: { message: "Too Many Requests" },
    called: undefined,
    because,
  });
});

test("a throttled message without a route is too many, not Forbidden", async () => {
  const throttle = { rateLimit: 1, burstLimit: 1, routes: {} };
  const stage = { ...api([]).stages.dev!, throttle };
  const all = started([], {}, { stages: { dev: stage } });
  const ann = await all.connect();
  all.clock.advance(1000);

  await ann.say("one");
  await ann.say("two");

  expect(ann.sent.map((frame) => JSON.parse(frame).message)).toEqual([
    "Forbidden",
    "Too Many Requests",
  ]);
});

const MODELLED = route("join", {
  modelSelectionExpression: "$request.body.action",
  requestModels: { join: "room" },
});
const MODELS = { models: { room: { type: "object", required: ["room"] } } };

test("a message that does not match its model is rejected with the reason", async () => {
  const all = started([MODELLED], {}, MODELS);

  const ann = await said(all, JOIN);

  const details = '[object has missing required properties (["room"])]';
  expect(ann.sent).toEqual([errorFrame("Invalid request body")]);
  expect(all.calls).toEqual([]);
  expect(all.reports()).toEqual([
    refusedReport({
      status: 400,
      error: { message: "Invalid request body", validation: details },
      because: `the message does not match the model room: ${details}`,
    }),
  ]);
});

test("a message that matches its model is answered", async () => {
  const all = started([MODELLED], {}, MODELS);

  const ann = await said(all, '{"action":"join","room":1}');

  expect(ann.sent).toEqual([]);
  expect(all.calls).toHaveLength(1);
});

test.each([
  ["its reason", { type: "none", because: "the template has none" }, "the template has none"],
  ["no reason", { type: "none" }, "join has no integration"],
] as const)(
  "a route without an integration and with %s is an internal error",
  async (_, integration, because) => {
    const all = started([route("join", { integration })]);

    const ann = await said(all, JOIN);

    expect(ann.sent).toEqual([errorFrame("Internal server error")]);
    expect(all.reports()).toEqual([
      refusedReport({
        status: 500,
        error: { message: "Internal server error", validation: undefined },
        because,
      }),
    ]);
  },
);

test("a function that API Gateway may not invoke is an internal error with a latency", async () => {
  const denied = "API Gateway may not invoke join";
  const integration = { type: "lambda-proxy", function: "join", denied } as const;
  const all = started([route("join", { integration })]);

  const ann = await said(all, JOIN);

  expect(ann.sent).toEqual([errorFrame("Internal server error")]);
  expect(all.calls).toEqual([]);
  expect(all.reports()).toEqual([
    refusedReport({
      status: 500,
      integrationLatency: 0,
      error: { message: "Internal server error", validation: undefined },
      because: denied,
    }),
  ]);
});

test("calls the alias that the stage names", async () => {
  const calls = { dev: { name: "other", qualifier: "live" } };
  const all = started([route("join", { calls })]);

  await said(all, JOIN);

  expect(all.calls).toMatchObject([{ functionName: "other", qualifier: "live" }]);
});

const mock = (template: string, more: Partial<Route> = {}) =>
  route("join", {
    routeResponse: true,
    integration: {
      type: "mock",
      requestTemplates: { $default: template },
      responses: { "/404/": { templates: { $default: "$context.connectionId" } } },
    },
    ...more,
  });

test("a mock answers by its templates, without a latency", async () => {
  const all = started([mock('{"statusCode":404}')]);

  const ann = await said(all, JOIN);

  expect(ann.sent).toEqual(["connection-1"]);
  expect(all.facts(4)).toMatchObject([
    { type: "integration.called", api: "chat", causedBy: 4 },
    { type: "integration.answered" },
    { type: "frame.sent", cause: "reply", causedBy: 4 },
    { type: "message.answered", answer: "reply", because: "route-response" },
  ]);
  expect(all.reports()).toMatchObject([
    {
      request: {
        ...REPORT,
        status: 404,
        called: { kind: "backend", event: eventOf("join", JOIN), headers: {} },
        because: "route-response",
        isAnswered: true,
      },
      because: 4,
    },
  ]);
});

test("a one-way mock says nothing", async () => {
  const all = started([mock('{"statusCode":404}', { routeResponse: false })]);

  expect((await said(all, JOIN)).sent).toEqual([]);
  expect(all.reports()).toMatchObject([{ request: { status: 404, isAnswered: false } }]);
});

test("a reply of templates may have as many bytes as a message, and no more", async () => {
  const limits = { ...LIMITS, messageBytes: 17 };
  const echo = route("join", {
    routeResponse: true,
    integration: { type: "lambda", function: "join", responses: { $default: {} } },
  });
  const answer = (length: number) => async (): Promise<Outcome> => ({
    kind: "returned",
    payload: "x".repeat(length),
  });
  const fits = started([echo], { join: answer(17) }, {}, { limits });
  const exceeds = started([echo], { join: answer(18) }, {}, { limits });

  expect((await said(fits, JOIN)).sent).toEqual(["x".repeat(17)]);
  expect((await said(exceeds, JOIN)).sent).toEqual([errorFrame("Internal server error")]);
});

test("an integration by templates that calls nothing has nothing in the report", async () => {
  const all = started([mock("#nonsense(")]);

  await said(all, JOIN);

  expect(all.reports()).toMatchObject([{ request: { status: 500, called: undefined } }]);
});

test("the latency of an integration by templates is that of its function", async () => {
  const integration = { type: "lambda", function: "join", responses: { $default: {} } } as const;
  const all = started([route("join", { integration })], {
    join: async () => {
      all.clock.advance(7);
      return OK;
    },
  });

  await said(all, JOIN);

  expect(all.reports()).toMatchObject([{ request: { integrationLatency: 7 } }]);
});

test("a message of exactly the limit is answered, one byte more closes with 1009", async () => {
  const all = started([route("$default")], {}, {}, { limits: { ...LIMITS, messageBytes: 5 } });
  const ann = await all.connect();

  await ann.say("12345");
  expect(ann.closes).toEqual([]);
  await ann.say("123456");

  expect(ann.closes).toEqual([{ code: 1009, reason: "" }]);
  expect(all.calls).toHaveLength(1);
});

test("a gateway without logs and metrics reports nothing", async () => {
  const { connect, calls, journal } = start([route("join")], {}, { ids: countingIds() });
  const ann = await connect();

  await ann.say(JOIN);

  expect(calls).toMatchObject([{ awsRequestId: undefined }]);
  expect(journal.entries().map(({ type }) => type)).toEqual([
    "connection.requested",
    "connection.opened",
    "message.received",
    "route.selected",
    "message.answered",
  ]);
});
