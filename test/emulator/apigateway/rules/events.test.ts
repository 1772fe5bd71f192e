import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { connectEvent } from "../../../../src/emulator/apigateway/rules/connect-event.ts";
import { disconnectEvent } from "../../../../src/emulator/apigateway/rules/disconnect-event.ts";
import type { ConnectionIdentity } from "../../../../src/emulator/apigateway/rules/event-types.ts";
import { messageEvent } from "../../../../src/emulator/apigateway/rules/message-event.ts";

const connection: ConnectionIdentity = {
  connectionId: "Xux7aeaAFiACHZQ=",
  connectedAt: 1661952892000,
  stage: "dev",
  stageVariables: {},
  domainName: "abcdef1234.execute-api.us-east-1.amazonaws.com",
  apiId: "abcdef1234",
  identity: { userAgent: "Mozilla/5.0", sourceIp: "203.0.113.7" },
};
const traceId = "Root=1-630f62cc-0123456789abcdef01234567";
const connectStamp = { requestId: "Xux7aF0aliAFTqw=", at: 1661952892002 };
const messageStamp = { requestId: "Xux7cExqliAFojw=", at: 1661952893123 };
const disconnectStamp = { requestId: "XuyAhGkHliAFcIg=", at: 1661952925001 };
const body = '{"action":"sendmessage","data":"hi"}';
const message = { routeKey: "sendmessage", messageId: "Xux7ceaBliACHZQ=", text: body };

const rawHeaders = [
  "Sec-WebSocket-Version",
  "13",
  "Sec-WebSocket-Key",
  "dGhlIHNhbXBsZSBub25jZQ==",
  "Connection",
  "Upgrade",
  "Upgrade",
  "websocket",
  "content-length",
  "0",
  "Sec-WebSocket-Extensions",
  "permessage-deflate; client_max_window_bits",
  "Host",
  "abcdef1234.execute-api.us-east-1.amazonaws.com",
];

function connect(url: string, headers: readonly string[] = rawHeaders) {
  return connectEvent(connection, { url, rawHeaders: headers, traceId }, connectStamp);
}

/** Compares text, so that the order of the keys counts too. */
function expectGolden(event: unknown, name: string): void {
  const golden = readFileSync(
    new URL(`../../../../fixtures/events/${name}`, import.meta.url),
    "utf8",
  );
  expect(JSON.stringify(event, null, 2)).toBe(JSON.stringify(JSON.parse(golden), null, 2));
}

test("a CONNECT event has exactly the fields of a captured one, in their order", () => {
  expectGolden(connect("/dev?myq=myval"), "connect.json");
});

test("the client's API key is in the identity of a CONNECT event, before userAgent", () => {
  const handshake = { url: "/dev", rawHeaders, traceId };
  const apiKey = { apiKey: "k", apiKeyId: "i" };

  const { identity } = connectEvent(connection, handshake, connectStamp, apiKey).requestContext;

  expect(JSON.stringify(identity)).toBe(JSON.stringify({ ...apiKey, ...connection.identity }));
});

test("a MESSAGE event has exactly the fields of a captured one, in their order", () => {
  expectGolden(messageEvent(connection, message, messageStamp), "message.json");
});

test("a DISCONNECT event has exactly the fields of a captured one, in their order", () => {
  const close = { code: 1001, reason: "Going away" };

  expectGolden(disconnectEvent(connection, close, disconnectStamp), "disconnect.json");
});

test.each(["/dev", "/dev/", "/dev?", "/dev?&"])("%s leaves the query maps out", (url) => {
  expect(Object.keys(connect(url))).toEqual([
    "headers",
    "multiValueHeaders",
    "requestContext",
    "isBase64Encoded",
  ]);
});

test.each([
  ["the last of repeated values, and all of them", "?a=1&a=2", { a: "2" }, { a: ["1", "2"] }],
  ["a key without a value as an empty text", "?a", { a: "" }, { a: [""] }],
  ["decoded values", "?a=%C3%A4%20b+c", { a: "ä b c" }, { a: ["ä b c"] }],
  ["a value that is no escape as it is", "?a=%zz", { a: "%zz" }, { a: ["%zz"] }],
  ["a name that is encoded, decoded", "?a%20b=c%26d", { "a b": "c&d" }, { "a b": ["c&d"] }],
  ["a value that holds a question mark", "?a=b?c", { a: "b?c" }, { a: ["b?c"] }],
])("query parameters give %s", (_, query, single, multi) => {
  const event = connect(`/dev${query}`);

  expect(event.queryStringParameters).toEqual(single);
  expect(event.multiValueQueryStringParameters).toEqual(multi);
});

test("stage variables are in every event, after the query, if the stage has any", () => {
  const staged = { ...connection, stageVariables: { color: "blue" } };
  const connected = connectEvent(staged, { url: "/dev?a=1", rawHeaders, traceId }, connectStamp);
  const messaged = messageEvent(staged, message, messageStamp);
  const disconnected = disconnectEvent(staged, { code: 1000, reason: "" }, disconnectStamp);

  expect(Object.keys(connected).slice(2, 6)).toEqual([
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "stageVariables",
    "requestContext",
  ]);
  expect([connected, messaged, disconnected].map((event) => event.stageVariables)).toEqual([
    { color: "blue" },
    { color: "blue" },
    { color: "blue" },
  ]);
});

test("a client without a User-Agent leaves the key out of every event", () => {
  const silent = { ...connection, identity: { sourceIp: "203.0.113.7" } };

  expect(messageEvent(silent, message, messageStamp).requestContext.identity).toEqual({
    sourceIp: "203.0.113.7",
  });
});

test("no event holds null, or a field of REST and HTTP APIs", () => {
  const events = [
    connect("/dev"),
    messageEvent(connection, message, messageStamp),
    disconnectEvent(connection, { code: 1005, reason: "" }, disconnectStamp),
  ];

  for (const event of events) {
    expect(JSON.stringify(event)).not.toContain("null");
    for (const name of ["version", "resource", "path", "httpMethod", "rawPath", "cookies"]) {
      expect(event).not.toHaveProperty(name);
    }
    for (const name of ["accountId", "resourceId", "httpMethod", "protocol", "path", "http"]) {
      expect(event.requestContext).not.toHaveProperty(name);
    }
  }
});

test("header names keep the client's case and are in alphabetical order whatever the case", () => {
  const event = connect("/dev", ["x-b", "1", "Origin", "o", "COOKIE", "c", "a-first", "0"]);

  expect(Object.keys(event.headers)).toEqual([
    "a-first",
    "COOKIE",
    "Origin",
    "X-Amzn-Trace-Id",
    "x-b",
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
  ]);
});

test("repeated headers give the last value, and all values", () => {
  const event = connect("/dev", ["X-Tag", "one", "X-Tag", "two"]);

  expect(event.headers["X-Tag"]).toBe("two");
  expect(event.multiValueHeaders["X-Tag"]).toEqual(["one", "two"]);
});

test("a header that comes in two spellings is one header, by the first of them", () => {
  const event = connect("/dev", ["X-Tag", "one", "x-tag", "two"]);

  expect(event.headers).toMatchObject({ "X-Tag": "two" });
  expect(event.headers).not.toHaveProperty("x-tag");
  expect(event.multiValueHeaders["X-Tag"]).toEqual(["one", "two"]);
});

test("names that every object inherits are names like others", () => {
  const event = connect("/dev?__proto__=a&constructor=b", ["__proto__", "c", "toString", "d"]);

  expect(JSON.stringify(event.queryStringParameters)).toBe('{"__proto__":"a","constructor":"b"}');
  expect(JSON.stringify(event.headers)).toMatch(/^\{"__proto__":"c","toString":"d",/);
});

test("what clients name as trace, port and protocol is replaced", () => {
  const event = connect("/dev", ["x-amzn-trace-id", "t", "x-forwarded-port", "1"]);

  expect(Object.entries(event.headers)).toEqual([
    ["X-Amzn-Trace-Id", traceId],
    ["X-Forwarded-For", "203.0.113.7"],
    ["X-Forwarded-Port", "443"],
    ["X-Forwarded-Proto", "https"],
  ]);
});

test("the client's address is appended to all X-Forwarded-For that it sent", () => {
  const rawHeaders = ["X-Forwarded-For", "198.51.100.1", "X-Forwarded-For", "198.51.100.2"];

  expect(connect("/dev", rawHeaders).headers["X-Forwarded-For"]).toBe(
    "198.51.100.1, 198.51.100.2, 203.0.113.7",
  );
});

test("the client's address is appended to an X-Forwarded-For that it sent", () => {
  expect(connect("/dev", ["x-forwarded-for", "198.51.100.2"]).headers["X-Forwarded-For"]).toBe(
    "198.51.100.2, 203.0.113.7",
  );
});

test("subprotocols arrive as the client sent them", () => {
  expect(
    connect("/dev", ["Sec-WebSocket-Protocol", "a, b"]).headers["Sec-WebSocket-Protocol"],
  ).toBe("a, b");
});

test("an authorizer's context is in all three events; its latency only in CONNECT", () => {
  const authorized = {
    ...connection,
    authorizer: { tenant: "t1", principalId: "ann", integrationLatency: 111 },
  };
  const connected = connectEvent(authorized, { url: "/dev", rawHeaders, traceId }, connectStamp);
  const messaged = messageEvent(authorized, message, messageStamp);
  const disconnected = disconnectEvent(authorized, { code: 1000, reason: "" }, disconnectStamp);

  expect(connected.requestContext.authorizer).toEqual(authorized.authorizer);
  expect(Object.keys(connected.requestContext).slice(0, 3)).toEqual([
    "routeKey",
    "authorizer",
    "eventType",
  ]);
  expect(messaged.requestContext.authorizer).toEqual({ tenant: "t1", principalId: "ann" });
  expect(Object.keys(messaged.requestContext).slice(0, 4)).toEqual([
    "routeKey",
    "authorizer",
    "messageId",
    "eventType",
  ]);
  expect(disconnected.requestContext.authorizer).toEqual({ tenant: "t1", principalId: "ann" });
  expect(Object.keys(disconnected.requestContext).slice(0, 4)).toEqual([
    "routeKey",
    "disconnectStatusCode",
    "authorizer",
    "eventType",
  ]);
});

test("the body of a message is the exact text that came", () => {
  const text = '{ "b":1,\n\t"a" : "ü\\u00fc" }';

  expect(messageEvent(connection, { ...message, text }, messageStamp).body).toBe(text);
});
