import { expect, test } from "vitest";
import {
  bodyOf,
  requestParameters,
} from "../../../../../src/emulator/apigateway/integrations/rules/request-parameters.ts";
import type { WebSocketEvent } from "../../../../../src/emulator/apigateway/rules/event-types.ts";

const CONNECT = {
  headers: { "X-A": "2" },
  multiValueHeaders: { "X-A": ["1", "2"] },
  queryStringParameters: { q: "2" },
  multiValueQueryStringParameters: { q: ["1", "2"] },
  stageVariables: { color: "blue" },
  requestContext: { connectionId: "c=", connectedAt: 5, identity: { sourceIp: "192.0.2.1" } },
} as unknown as WebSocketEvent;
const MESSAGE = {
  body: '{"user":{"name":"Ann"},"n":1}',
  requestContext: { routeKey: "say" },
} as unknown as WebSocketEvent;

function sourced(source: string, event: WebSocketEvent): string | undefined {
  return requestParameters({ "integration.request.header.X": source }, event).header.X;
}

test.each([
  ["'static'", "static"],
  ["context.connectionId", "c="],
  ["context.connectedAt", "5"],
  ["context.identity.sourceIp", "192.0.2.1"],
  ["context.identity", undefined],
  ["context.nope.more", undefined],
  ["context.toString", undefined],
  ["stageVariables.color", "blue"],
  ["stageVariables.nope", undefined],
  ["stageVariables.toString", undefined],
  ["route.request.header.x-a", "2"],
  ["route.request.header.x-b", undefined],
  ["route.request.multivalueheader.x-A", "1,2"],
  ["route.request.querystring.q", "2"],
  ["route.request.querystring.Q", undefined],
  ["route.request.multivaluequerystring.q", "1,2"],
  ["route.request.body", ""],
  ["route.request.body.user", undefined],
  ["route.request.path.x", undefined],
  ["other.context.connectionId", undefined],
])("of a handshake %s is %s", (source, value) => {
  expect(sourced(source, CONNECT)).toBe(value);
});

test.each([
  ["route.request.body", '{"user":{"name":"Ann"},"n":1}'],
  ["route.request.body.user.name", "Ann"],
  ["route.request.body.n", "1"],
  ["route.request.body.nope", undefined],
  ["route.request.header.x-a", undefined],
  ["route.request.multivalueheader.x-a", undefined],
  ["route.request.querystring.q", undefined],
  ["route.request.multivaluequerystring.q", undefined],
  ["stageVariables.color", undefined],
  ["context.routeKey", "say"],
])("of a message %s is %s", (source, value) => {
  expect(sourced(source, MESSAGE)).toBe(value);
});

test("parameters go to headers, query and path", () => {
  expect(
    requestParameters(
      {
        "integration.request.header.A": "'1'",
        "integration.request.querystring.b.c": "'2'",
        "integration.request.path.d": "'3'",
        "integration.request.body.e": "'4'",
        "x.integration.request.path.f": "'5'",
        "integration.request.path.g": "context.nope",
      },
      CONNECT,
    ),
  ).toEqual({ header: { A: "1" }, querystring: { "b.c": "2" }, path: { d: "3" } });
});

test("only messages have a body", () => {
  expect(bodyOf(MESSAGE)).toBe('{"user":{"name":"Ann"},"n":1}');
  expect(bodyOf(CONNECT)).toBe("");
});
