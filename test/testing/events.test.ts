import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { WebSocketEvent } from "../../src/testing/index.ts";
import { connectEvent, disconnectEvent, messageEvent } from "../../src/testing/index.ts";
import { api, started } from "./gateways.ts";

const golden = (name: string): WebSocketEvent =>
  JSON.parse(readFileSync(new URL(`../../fixtures/events/${name}.json`, import.meta.url), "utf8"));

/** What the golden events say of their connection. */
function optionsOf({ requestContext, stageVariables }: WebSocketEvent) {
  const { connectionId, stage, domainName, apiId, connectedAt, requestId } = requestContext;
  return {
    ...{ connectionId, stage, domainName, apiId, connectedAt, requestId, stageVariables },
    ...requestContext.identity,
    at: requestContext.requestTimeEpoch,
  } as const;
}

test("messageEvent makes the captured event, its keys in their order", () => {
  const event = golden("message");
  if (!("body" in event)) throw new Error("not a message");
  const { routeKey, messageId } = event.requestContext;
  const options = { ...optionsOf(event), routeKey, messageId };

  expect(JSON.stringify(messageEvent(event.body, options as never))).toBe(JSON.stringify(event));
});

test("disconnectEvent makes the captured event, its keys in their order", () => {
  const event = golden("disconnect");
  const { disconnectStatusCode, disconnectReason } = event.requestContext as never;
  const options = { ...optionsOf(event), code: disconnectStatusCode, reason: disconnectReason };

  expect(JSON.stringify(disconnectEvent(options as never))).toBe(JSON.stringify(event));
});

test("connectEvent shows query, headers and address as API Gateway does", () => {
  const event = connectEvent({
    query: { token: "a b", tag: ["1", "2"] },
    headers: { Host: "chat.example.com", cookie: "c=1" },
    sourceIp: "203.0.113.7",
    stageVariables: { level: "5" },
  });

  expect(event).toMatchObject({
    queryStringParameters: { token: "a b", tag: "2" },
    multiValueQueryStringParameters: { token: ["a b"], tag: ["1", "2"] },
    headers: { Host: "chat.example.com", cookie: "c=1", "X-Forwarded-For": "203.0.113.7" },
    stageVariables: { level: "5" },
    requestContext: {
      routeKey: "$connect",
      eventType: "CONNECT",
      identity: { sourceIp: "203.0.113.7" },
    },
  });
});

test("each has the keys of an event that a gateway made", async () => {
  const gateway = await started(api(), { handlers: { all: async () => ({ statusCode: 200 }) } });
  const ann = await gateway.connect({ query: { a: "1" }, userAgent: "x" });
  ann.send("hello");
  await gateway.settled();
  ann.vanish();
  await gateway.settled();
  const made = [
    connectEvent({ query: { a: "1" }, userAgent: "x" }),
    messageEvent("hello", { userAgent: "x" }),
    disconnectEvent({ userAgent: "x" }),
  ];

  expect(gateway.invocations().map(({ event }) => keysOf(event))).toEqual(made.map(keysOf));
});

test("writes a body that is not a string as JSON", () => {
  expect(messageEvent({ action: "ask" }).body).toBe('{"action":"ask"}');
  expect(messageEvent("{not json").body).toBe("{not json");
});

test("a disconnect without a code has API Gateway's reason", () => {
  expect(disconnectEvent().requestContext).toMatchObject({
    disconnectStatusCode: 1005,
    disconnectReason: "Client-side close frame status not set",
  });
});

/** Names of all keys in their order, at every depth. */
function keysOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).map(([key, each]) => [key, keysOf(each)]);
}
