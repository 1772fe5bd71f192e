import { expect, test } from "vitest";
import type { Route } from "../../../../src/definition/checked-project.ts";
import type { GatewayParts } from "../../../../src/emulator/apigateway/gateway-parts.ts";
import type { FunctionCall, Outcome } from "../../../../src/emulator/lambda/function-call.ts";
import {
  CONNECTION,
  countingIds,
  held,
  KeptRequests,
  OK,
  route,
  START,
  start,
} from "../started-gateway.ts";

/** A gateway with counting ids, whose reported requests are kept. */
function started(
  routes: readonly Route[],
  disconnect: (call: FunctionCall) => Promise<Outcome> = () => Promise.resolve(OK),
  settings: Partial<GatewayParts> = {},
) {
  const requests = new KeptRequests();
  const all = start(routes, { disconnect }, { ids: countingIds(), requests, ...settings });
  const ended = () => requests.ended.filter(({ request }) => request.eventType === "DISCONNECT");
  return { ...all, ended };
}

/** The event of the `$disconnect` of the first connection, with the third request id. */
const EVENT = {
  headers: { Host: "localhost:3001", "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
  multiValueHeaders: {
    Host: ["localhost:3001"],
    "x-api-key": [""],
    "X-Forwarded-For": [""],
    "x-restapi": [""],
  },
  requestContext: {
    routeKey: "$disconnect",
    disconnectStatusCode: 4000,
    eventType: "DISCONNECT",
    extendedRequestId: "request-3",
    requestTime: "01/Jan/2026:00:00:00 +0000",
    messageDirection: "IN",
    disconnectReason: "bye",
    stage: "dev",
    connectedAt: START,
    requestTimeEpoch: START + 10,
    identity: { sourceIp: "127.0.0.1" },
    requestId: "request-3",
    domainName: "localhost:3001",
    connectionId: "connection-1",
    apiId: "abcdef1234",
  },
  isBase64Encoded: false,
};

const REPORT = {
  eventType: "DISCONNECT",
  routeKey: "$disconnect",
  status: 200,
  stamp: { requestId: "request-3", at: START + 10 },
  connection: CONNECTION,
  integrationLatency: undefined,
  called: undefined,
  close: { code: 4000, reason: "bye", because: "client-closed" },
  because: undefined,
  error: undefined,
};

const INTERNAL = { message: "Internal server error" };

/** Connects, and closes after 10 ms by `code` and `reason`; resolves when `$disconnect` has ended. */
async function closed(all: ReturnType<typeof started>, code = 4000, reason = "bye") {
  const { connectionId } = await all.connect();
  all.clock.advance(10);
  all.gateway.closed(connectionId, code, reason);
  await all.gateway.idle();
}

test("calls $disconnect with its event, and reports the request", async () => {
  const all = started([route("$disconnect")], async () => {
    all.clock.advance(5);
    return OK;
  });

  await closed(all);

  expect(all.calls).toEqual([
    {
      functionName: "disconnect",
      qualifier: undefined,
      payload: EVENT,
      awsRequestId: "uuid-1",
      because: 3,
    },
  ]);
  expect(all.ended()).toEqual([
    {
      request: {
        ...REPORT,
        integrationLatency: 5,
        called: {
          kind: "function",
          functionName: "disconnect",
          event: EVENT,
          awsRequestId: "uuid-1",
          outcome: OK,
        },
      },
      because: 3,
    },
  ]);
  expect(all.journal.entries().at(-1)).toEqual({
    type: "connection.closed",
    connectionId: "connection-1",
    code: 4000,
    reason: "bye",
    by: "client",
    because: "client-closed",
    seq: 3,
    at: START + 10,
    id: 3,
  });
});

test("a close by the gateway has its code, its reason and its cause", async () => {
  const all = started([route("$disconnect")]);
  const { connectionId, closes } = await all.connect();

  await all.gateway.message(connectionId, { kind: "binary", bytes: 1 });

  expect(closes).toEqual([{ code: 1003, reason: "Binary is not supported" }]);
  expect(all.journal.entries().at(-1)).toEqual({
    type: "connection.closed",
    connectionId: "connection-1",
    code: 1003,
    reason: "Binary is not supported",
    by: "gateway",
    because: "binary-message",
    seq: 3,
    at: START,
    id: 3,
  });
});

test("a client that left before its 101 is lost", async () => {
  const all = started([route("$disconnect")]);
  await all.ask();

  all.gateway.abandon("connection-1");

  expect(all.journal.entries().at(-1)).toMatchObject({
    type: "connection.closed",
    code: 1006,
    reason: "",
    by: "client",
    because: "lost",
  });
});

test.each([
  ["a status of its own", { kind: "returned", payload: '{"statusCode":418}' }, 418, undefined],
  ["the status 503", { kind: "returned", payload: '{"statusCode":503}' }, 503, undefined],
  ["nothing", { kind: "returned", payload: "null" }, 502, INTERNAL],
  ["an error", { kind: "failed", errorType: "E", errorMessage: "m", trace: [] }, 502, INTERNAL],
] as const)("$disconnect that gives %s is reported so", async (_, outcome, status, error) => {
  const all = started([route("$disconnect")], async () => outcome);

  await closed(all);

  expect(all.ended()).toMatchObject([{ request: { status, error, because: undefined } }]);
});

test("$disconnect that returns nothing succeeds by the setting", async () => {
  const all = started([route("$disconnect")], async () => ({ kind: "returned", payload: "null" }), {
    nullIsSuccess: true,
  });

  await closed(all);

  expect(all.ended()).toMatchObject([{ request: { status: 200 } }]);
});

test.each<[string, readonly Route[]]>([
  ["the route $disconnect", []],
  ["an integration of $disconnect", [route("$disconnect", { integration: { type: "none" } })]],
])("without %s a close is only reported", async (_, routes) => {
  const all = started(routes);

  await closed(all);

  expect(all.calls).toEqual([]);
  expect(all.ended()).toEqual([{ request: REPORT, because: 3 }]);
});

test("a stage without logs and metrics uses no request id for a close without $disconnect", async () => {
  const ids = countingIds();
  const all = start([], {}, { ids });
  const { connectionId } = await all.connect();

  all.gateway.closed(connectionId, 1000, "");

  expect(ids.requestId()).toBe("request-3");
});

test("a function that API Gateway may not invoke is not called, with a warning", async () => {
  const denied = "API Gateway may not invoke disconnect";
  const integration = { type: "lambda-proxy", function: "disconnect", denied } as const;
  const all = started([route("$disconnect", { integration })]);

  await closed(all);

  expect(all.calls).toEqual([]);
  expect(all.ended()).toEqual([
    { request: { ...REPORT, status: 500, because: denied, error: INTERNAL }, because: 3 },
  ]);
  expect(all.journal.entries().at(-1)).toEqual({
    type: "warning",
    message: `$disconnect does not run: ${denied}`,
    seq: 4,
    at: START + 10,
    id: 4,
    causedBy: 3,
  });
});

test("calls the alias that the stage names", async () => {
  const calls = { dev: { name: "disconnect", qualifier: "live" } };
  const all = started([route("$disconnect", { calls })]);

  await closed(all);

  expect(all.calls).toMatchObject([{ functionName: "disconnect", qualifier: "live" }]);
});

const byTemplates = (template: string, responses: Record<string, object> = { $default: {} }) =>
  route("$disconnect", {
    integration: { type: "mock", requestTemplates: { $default: template }, responses },
  });

test("an integration by templates has its status and its call in the report", async () => {
  const all = started([byTemplates('{"statusCode":504}')]);

  await closed(all);

  expect(all.ended()).toMatchObject([
    {
      request: {
        ...REPORT,
        status: 504,
        integrationLatency: 0,
        called: { kind: "backend", event: EVENT, headers: {} },
        error: undefined,
      },
    },
  ]);
  expect(all.journal.entries().filter(({ type }) => type === "warning")).toEqual([]);
  expect(all.journal.entries().find(({ type }) => type === "integration.called")).toMatchObject({
    api: "chat",
    causedBy: 3,
  });
});

test("an integration by templates that fails is reported, with a warning", async () => {
  const all = started([byTemplates('{"statusCode":200}', { "/404/": {} })]);

  await closed(all);

  const because =
    "Configuration error: No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 200";
  expect(all.ended()).toMatchObject([{ request: { status: 500, because, error: INTERNAL } }]);
  expect(all.journal.entries().at(-1)).toMatchObject({
    type: "warning",
    message: `The integration of $disconnect failed: ${because}`,
    causedBy: 3,
  });
});

test("an integration by templates that calls nothing has nothing in the report", async () => {
  const all = started([byTemplates("#nonsense(")]);

  await closed(all);

  expect(all.ended()).toMatchObject([{ request: { status: 500, called: undefined } }]);
});

test("counts the $disconnects that run until each has ended", async () => {
  const [one, two] = [held(), held()];
  const queue = [one, two];
  const all = started([route("$disconnect")], () => queue.shift()!.promise);
  const [ann, bob] = [await all.connect(), await all.connect()];
  expect(all.gateway.disconnecting()).toBe(0);

  all.gateway.closed(ann.connectionId, 1000, "");
  all.gateway.closed(bob.connectionId, 1000, "");
  expect(all.gateway.disconnecting()).toBe(2);
  one.release(OK);
  await expect.poll(() => all.gateway.disconnecting()).toBe(1);
  two.release(OK);
  await all.gateway.idle();

  expect(all.gateway.disconnecting()).toBe(0);
});

test.each<[string, readonly Route[]]>([
  ["a function that timed out runs on", [route("$disconnect")]],
  [
    "an integration that timed out runs on",
    [
      route("$disconnect", {
        integration: { type: "lambda", function: "disconnect", responses: { $default: {} } },
      }),
    ],
  ],
])("%s, and counts while the gateway stops", async (_, routes) => {
  const slow = held();
  const all = started(routes, () => slow.promise);
  await all.connect();
  let heard = 0;

  const stopped = all.gateway.stop(() => {
    heard += 1;
  });
  await expect.poll(() => all.calls).toHaveLength(1);
  all.clock.advance(29_000);
  await stopped;

  expect([all.gateway.disconnecting(), heard]).toEqual([1, 0]);
  expect(all.ended()).toMatchObject([{ request: { status: 504, error: INTERNAL } }]);
  slow.release(OK);
});

test("a function that timed out does not count when the gateway serves", async () => {
  const slow = held();
  const all = started([route("$disconnect")], () => slow.promise);
  const { connectionId } = await all.connect();

  all.gateway.closed(connectionId, 1000, "");
  all.clock.advance(29_000);
  await all.gateway.idle();

  expect(all.gateway.disconnecting()).toBe(0);
  slow.release(OK);
});

test.each<[string, Route]>([
  ["function", route("$disconnect")],
  ["mock with the status 504", byTemplates('{"statusCode":504}')],
  ["integration that fails at once", byTemplates("#nonsense(")],
])("a stopping gateway hears of each $disconnect that ends: a %s", async (_, disconnect) => {
  const all = started([disconnect]);
  await all.connect();
  await all.connect();
  const left: number[] = [];

  await all.gateway.stop(() => left.push(all.gateway.disconnecting()));

  expect(left).toEqual([1, 0]);
});
