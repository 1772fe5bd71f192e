import { expect, test } from "vitest";
import {
  frontDoorRejection,
  rejectByApi,
  rejectByIam,
  rejectDenied,
} from "../../../../../src/emulator/apigateway/connect/rules/rejection-responses.ts";

const IDS = { requestId: "uuid", apigwId: "apigw" };
const API_IDS = { connectionId: "c", requestId: "r" };

test.each([
  ["unknown-stage", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["unknown-path", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["api-key", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["throttled", 429, "TooManyRequestsException", '{"message":"Too Many Requests"}'],
  ["quota-exceeded", 429, "LimitExceededException", '{"message":"Limit Exceeded"}'],
  ["stopping", 503, "ServiceUnavailableException", '{"message":"Service Unavailable"}'],
  ["malformed", 400, "BadRequestException", '{"message":"Bad Request"}'],
  ["url-too-long", 414, "BadRequestException", '{"message":"Request-URI Too Long"}'],
  [
    "headers-too-large",
    431,
    "BadRequestException",
    '{"message":"Request Header Fields Too Large"}',
  ],
  ["upgrade-required", 426, "BadRequestException", '{"message":"Upgrade Required"}'],
] as const)("rejects for %s with %i", (cause, statusCode, errorType, body) => {
  expect(frontDoorRejection(cause, IDS)).toEqual({
    statusCode,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "uuid",
      "x-amzn-ErrorType": errorType,
      "x-amz-apigw-id": "apigw",
    },
    body,
  });
});

test("IAM rejects with 403 and its own type and body", () => {
  expect(rejectByIam("AccessDeniedException", '{"Message":"no"}', IDS, "it may not")).toEqual({
    kind: "reject",
    statusCode: 403,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "uuid",
      "x-amzn-ErrorType": "AccessDeniedException",
      "x-amz-apigw-id": "apigw",
    },
    body: '{"Message":"no"}',
    because: "it may not",
  });
});

/** The rejection of a handshake that has a connection id. */
const rejection = (statusCode: number, body: string, because: string) => ({
  kind: "reject",
  statusCode,
  headers: { "Content-Type": "application/json; charset=UTF-8", "x-amz-apigw-id": "r" },
  body,
  because,
});
const failure = (message: string) =>
  `{"message": "${message}", "connectionId":"c", "requestId":"r"}`;

test("a rejection after the connection id has two headers, with the id of its event", () => {
  expect(rejectByApi(418, "short", API_IDS, "tea")).toEqual(rejection(418, "short", "tea"));
});

test("$connect that API Gateway may not invoke is a 500", () => {
  expect(rejectDenied(API_IDS, "it may not")).toEqual(
    rejection(500, failure("Internal server error"), "it may not"),
  );
});
