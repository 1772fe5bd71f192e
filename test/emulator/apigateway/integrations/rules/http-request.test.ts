import { expect, test } from "vitest";
import {
  below,
  customRequest,
  headersOf,
  merged,
  proxyRequest,
  withQuery,
} from "../../../../../src/emulator/apigateway/integrations/rules/http-request.ts";
import type { WebSocketEvent } from "../../../../../src/emulator/apigateway/rules/event-types.ts";

const SENDER = { apiId: "abcdef1234", traceId: "Root=1-2-3" };
const ADDED = {
  "User-Agent": "AmazonAPIGateway_abcdef1234",
  "X-Amzn-Apigateway-Api-Id": "abcdef1234",
  "X-Amzn-Trace-Id": "Root=1-2-3",
};
const TARGET = { method: "PUT", url: new URL("http://backend/a?x=1") };

test("paths go below the path of a base", () => {
  expect(below("http://h:1/base/", "/a?b=c").href).toBe("http://h:1/base/a?b=c");
  expect(below("http://h:1", "/a").href).toBe("http://h:1/a");
});

test("query parameters come after those of the URL, which itself stays", () => {
  const url = new URL("http://h/?a=1");

  expect(withQuery(url, { a: "2", b: "c d" }).href).toBe("http://h/?a=1&a=2&b=c+d");
  expect(url.href).toBe("http://h/?a=1");
});

test("an HTTP request has API Gateway's headers, which those of the integration replace", () => {
  expect(headersOf(SENDER)).toEqual(ADDED);
  expect(
    customRequest(
      TARGET,
      { header: { accept: "text/plain", X: "y" }, querystring: { q: "1" }, path: {} },
      Buffer.from("body"),
      SENDER,
    ),
  ).toEqual({
    method: "PUT",
    url: new URL("http://backend/a?x=1&q=1"),
    headers: { "Content-Type": "application/json", ...ADDED, accept: "text/plain", X: "y" },
    body: Buffer.from("body"),
  });
});

test("names of headers are case-insensitive", () => {
  expect(merged({ "x-a": "1" }, { "X-A": "2" })).toEqual({ "X-A": "2" });
  expect(merged({ "X-A": "1", "x-b": ["2"] }, { "x-a": "3", "X-C": "4" })).toEqual({
    "x-b": ["2"],
    "x-a": "3",
    "X-C": "4",
  });
});

test("a proxy gets the message as its body", () => {
  const event = { body: "hi", requestContext: {} } as unknown as WebSocketEvent;
  const parameters = { header: { X: "y" }, querystring: { q: "1" }, path: {} };

  expect(proxyRequest(TARGET, parameters, event, SENDER)).toEqual(
    customRequest(TARGET, parameters, Buffer.from("hi"), SENDER),
  );
});

test("a proxy gets headers and query of a handshake, without its host", () => {
  const event = {
    multiValueHeaders: { Host: ["h"], "X-A": ["1", "2"], "X-B": ["3"] },
    multiValueQueryStringParameters: { a: ["1", "2"] },
    requestContext: {},
  } as unknown as WebSocketEvent;
  const parameters = { header: { "x-b": "own" }, querystring: { q: "1" }, path: {} };

  expect(proxyRequest(TARGET, parameters, event, SENDER)).toEqual({
    method: "PUT",
    url: new URL("http://backend/a?x=1&a=1&a=2&q=1"),
    headers: {
      "X-A": ["1", "2"],
      "x-amzn-apigateway-api-id": "abcdef1234",
      "x-b": "own",
    },
    body: new Uint8Array(),
  });
  expect(TARGET.url.href).toBe("http://backend/a?x=1");
  const { multiValueQueryStringParameters: _, ...bare } = event as unknown as Record<
    string,
    unknown
  >;
  expect(proxyRequest(TARGET, parameters, bare as unknown as WebSocketEvent, SENDER).url.href).toBe(
    "http://backend/a?x=1&q=1",
  );
});

test("without headers of the integration a request has API Gateway's", () => {
  const { headers } = customRequest(
    TARGET,
    { header: {}, querystring: {}, path: {} },
    Buffer.from(""),
    SENDER,
  );

  expect(headers).toEqual({
    Accept: "application/json",
    "Content-Type": "application/json",
    ...ADDED,
  });
});
