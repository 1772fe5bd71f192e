import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { expect, test } from "vitest";
import type { MessageEvent, TestGateway, WebSocketEvent } from "../../src/testing/index.ts";
import { apiOf, gatewayFor } from "./support.ts";

const ok = async () => ({ statusCode: 200 });
const FORBIDDEN =
  /^\{"message": "Forbidden", "connectionId":"[^"]{18}==", "requestId":"[^"]{15}="\}$/;

test("a message that no route takes is answered with a Forbidden frame and the connection stays", async () => {
  const gateway = await gatewayFor(apiOf(["join"]), { handlers: { join: ok } });
  const ann = await gateway.connect();

  ann.send("hello");
  expect(await ann.next()).toMatch(FORBIDDEN);
  ann.sendJson({ action: "leave" });

  expect(await ann.next()).toMatch(FORBIDDEN);
});

test("the journal says why a message went to $default", async () => {
  const gateway = await gatewayFor(apiOf(["$default"]), { handlers: { default: ok } });
  const ann = await gateway.connect();

  ann.send("hello");
  const fact = await gateway.fact("route.selected");

  expect(fact.selection).toEqual({
    kind: "route",
    routeKey: "$default",
    because: "not-json",
    value: undefined,
  });
});

test.each([200, 201, 301, 401, 501])(
  "a one-way route that returns %i says nothing to the client",
  async (statusCode) => {
    const gateway = await gatewayFor(apiOf(["join"]), {
      handlers: { join: async () => ({ statusCode, body: "unseen" }) },
    });
    const ann = await gateway.connect();

    ann.sendJson({ action: "join" });

    await ann.expectNothing();
    expect(gateway.facts("message.answered")[0]).toMatchObject({ answer: "silence" });
  },
);

test.each<[string, () => unknown]>([
  ["throws", () => Promise.reject(new Error("boom"))],
  [
    "throws before it returns a promise",
    () => {
      throw new Error("boom");
    },
  ],
  ["returns nothing", async () => undefined],
  ["returns unknown keys", async () => ({ statusCode: 200, ConnectionId: "x", Data: "y" })],
  ["returns no statusCode", async () => ({ body: "x" })],
])(
  "a handler that %s gives an Internal server error frame with its own request id",
  async (_, join) => {
    const gateway = await gatewayFor(apiOf(["join"]), { handlers: { join } });
    const ann = await gateway.connect();

    ann.sendJson({ action: "join" });

    const { requestId } = await gateway.fact("message.answered");
    expect(await ann.next()).toBe(
      `{"message": "Internal server error", "connectionId":"${ann.connectionId}", "requestId":"${requestId}"}`,
    );
  },
);

test("a handler that takes more than 29 seconds gives an Endpoint request timed out frame", async () => {
  const gateway = await gatewayFor(
    apiOf(["slow"], { functions: { slow: { handler: "x.slow", timeout: 60 } } }),
    { handlers: { slow: () => new Promise(() => {}) } },
  );
  const ann = await gateway.connect();
  ann.sendJson({ action: "slow" });
  await gateway.fact("function.started");

  await gateway.clock.advance("29s");

  expect(await ann.nextJson()).toMatchObject({ message: "Endpoint request timed out" });
});

test("a function's own timeout comes first: 3 seconds unless it says otherwise", async () => {
  const gateway = await gatewayFor(apiOf(["slow"]), {
    handlers: { slow: () => new Promise(() => {}) },
  });
  const ann = await gateway.connect();
  ann.sendJson({ action: "slow" });
  await gateway.fact("function.started");

  await gateway.clock.advance("3s");

  expect(await ann.nextJson()).toMatchObject({ message: "Internal server error" });
  expect(gateway.facts("function.ended")[0]?.outcome).toMatchObject({
    errorMessage: expect.stringContaining("Task timed out after 3.00 seconds"),
  });
});

const twoWay = apiOf(["ask"], { routes: { ask: { function: "ask", routeResponse: true } } });

test.each([
  ["the body", { statusCode: 200, body: "answer" }, "answer"],
  ["the body whatever the status", { statusCode: 500, body: "answer" }, "answer"],
  ["an empty message when there is no body", { statusCode: 200 }, ""],
])("a two-way route sends %s", async (_, result, text) => {
  const gateway = await gatewayFor(twoWay, { handlers: { ask: async () => result } });
  const ann = await gateway.connect();

  ann.sendJson({ action: "ask" });

  expect(await ann.next()).toBe(text);
});

test("messages of one connection run side by side, and a later one may be answered first", async () => {
  const waiting: ((result: object) => void)[] = [];
  const gateway = await gatewayFor(twoWay, {
    handlers: {
      ask: () =>
        new Promise((resolve) => {
          waiting.push(resolve);
        }),
    },
  });
  const ann = await gateway.connect();

  ann.sendJson({ action: "ask", n: 1 });
  ann.sendJson({ action: "ask", n: 2 });
  await gateway.fact("function.started", () => gateway.facts("function.started").length === 2);
  waiting[1]?.({ statusCode: 200, body: "second" });
  expect(await ann.next()).toBe("second");
  waiting[0]?.({ statusCode: 200, body: "first" });

  expect(await ann.next()).toBe("first");
});

test("twenty messages at once run in twenty environments", async () => {
  const gateway = await gatewayFor(apiOf(["slow"]), {
    handlers: { slow: () => new Promise(() => {}) },
  });
  const ann = await gateway.connect();

  for (let n = 0; n < 20; n += 1) ann.sendJson({ action: "slow", n });

  await gateway.fact("function.started", () => gateway.facts("function.started").length === 20);
  expect(gateway.facts("function.started").every(({ cold }) => cold)).toBe(true);
});

test("each message has a new messageId and requestId, and the exact text as its body", async () => {
  const gateway = await gatewayFor(apiOf(["$default"]));
  const ann = await gateway.connect();
  const text = '{ "b" : 1,  "a":"\\u00fc ü" }';

  ann.send(text);
  ann.send(text);
  await gateway.settled();
  const events = gateway.invocations("default").map(({ event }) => event as MessageEvent);

  expect(events.map(({ body }) => body)).toEqual([text, text]);
  expect(new Set(events.map(({ requestContext }) => requestContext.messageId)).size).toBe(2);
  expect(new Set(events.map(({ requestContext }) => requestContext.requestId)).size).toBe(2);
  expect(Object.keys(events[0] ?? {})).toEqual(["requestContext", "body", "isBase64Encoded"]);
});

test("the client's pings are answered and reach no function", async () => {
  const gateway = await gatewayFor(apiOf(["$default"]), { handlers: { default: ok } });
  const ann = await gateway.connect();

  expect(await ann.ping()).toBeGreaterThanOrEqual(0);
  expect(gateway.facts("message.received")).toEqual([]);
});

test("a connection stays open after every kind of error, each told by a frame of its own", async () => {
  const gateway = await gatewayFor(
    apiOf(["throws", "odd", "late", "slow"], {
      functions: {
        throws: { handler: "x.throws" },
        odd: { handler: "x.odd" },
        late: { handler: "x.late" },
        slow: { handler: "x.slow", timeout: 60 },
      },
    }),
    {
      handlers: {
        throws: () => Promise.reject(new Error("boom")),
        odd: async () => ({ statusCode: 200, body: { not: "a text" } }),
        late: () => new Promise(() => {}),
        slow: () => new Promise(() => {}),
      },
    },
  );
  const ann = await gateway.connect();
  const begun = (count: number) =>
    gateway.fact("function.started", () => gateway.facts("function.started").length === count);

  ann.send("no JSON");
  expect(await ann.nextJson()).toMatchObject({ message: "Forbidden" });
  ann.sendJson({ action: "throws" });
  expect(await ann.nextJson()).toMatchObject({ message: "Internal server error" });
  ann.sendJson({ action: "odd" });
  expect(await ann.nextJson()).toMatchObject({ message: "Internal server error" });
  ann.sendJson({ action: "late" });
  await begun(3);
  await gateway.clock.advance("3s");
  expect(await ann.nextJson()).toMatchObject({ message: "Internal server error" });
  ann.sendJson({ action: "slow" });
  await begun(4);
  await gateway.clock.advance("29s");
  expect(await ann.nextJson()).toMatchObject({ message: "Endpoint request timed out" });

  expect(await ann.ping()).toBeGreaterThanOrEqual(0);
  expect(gateway.facts("connection.closed")).toEqual([]);
});

test("what a handler has posted before it throws arrives all the same, before the error", async () => {
  const gateway: TestGateway = await gatewayFor(apiOf(["join"]), {
    handlers: {
      join: async ({ requestContext: { connectionId: ConnectionId } }: WebSocketEvent) => {
        const { managementUrl: endpoint, credentials } = gateway;
        const api = new ApiGatewayManagementApiClient({
          endpoint,
          credentials,
          region: "us-east-1",
        });
        await api.send(new PostToConnectionCommand({ ConnectionId, Data: "welcome" }));
        throw new Error("boom");
      },
    },
  });
  const ann = await gateway.connect();

  ann.sendJson({ action: "join" });

  expect(await ann.next()).toBe("welcome");
  expect(await ann.nextJson()).toMatchObject({ message: "Internal server error" });
});

test("a $disconnect that posts to its own connection finds it gone", async () => {
  const seen: string[] = [];
  const gateway: TestGateway = await gatewayFor(apiOf(["$disconnect"]), {
    handlers: {
      disconnect: async ({ requestContext: { connectionId: ConnectionId } }: WebSocketEvent) => {
        const { managementUrl: endpoint, credentials } = gateway;
        const api = new ApiGatewayManagementApiClient({
          endpoint,
          credentials,
          region: "us-east-1",
        });
        const posted = api.send(new PostToConnectionCommand({ ConnectionId, Data: "bye" }));
        seen.push(await posted.then(String, (error: Error) => error.name));
        return { statusCode: 200 };
      },
    },
  });
  const ann = await gateway.connect();

  await ann.close();
  await gateway.settled();

  expect(seen).toEqual(["GoneException"]);
});
