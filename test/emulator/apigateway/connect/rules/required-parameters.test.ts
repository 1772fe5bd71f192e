import { expect, test } from "vitest";
import { rejectIncomplete } from "../../../../../src/emulator/apigateway/connect/rules/required-parameters.ts";
import type { ConnectEvent } from "../../../../../src/emulator/apigateway/rules/event-types.ts";

const EVENT = {
  headers: { "X-A": "2" },
  multiValueHeaders: { "X-A": ["1", "2"] },
  queryStringParameters: { q: "2" },
  multiValueQueryStringParameters: { q: ["1", "2"] },
} as unknown as ConnectEvent;
const IDS = { connectionId: "c", requestId: "r" };
const ALL = {
  "route.request.querystring.z": { required: true },
  "route.request.querystring.q": { required: true },
  "route.request.querystring.optional": { required: false },
  "route.request.header.unset": {},
  "route.request.header.Authorization": { required: true },
};

test("required parameters that a handshake lacks are a 400 that names them in their order", () => {
  expect(rejectIncomplete(ALL, EVENT, IDS)).toEqual({
    kind: "reject",
    statusCode: 400,
    headers: { "Content-Type": "application/json; charset=UTF-8", "x-amz-apigw-id": "r" },
    body: '{"message": "Missing required request parameters: [z, Authorization]", "connectionId":"c", "requestId":"r"}',
    because: "the handshake lacks z and Authorization",
  });
});

test("a handshake with all required parameters is not rejected", () => {
  expect(rejectIncomplete({ "route.request.querystring.q": { required: true } }, EVENT, IDS)).toBe(
    undefined,
  );
});
