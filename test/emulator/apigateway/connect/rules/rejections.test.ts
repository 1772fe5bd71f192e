import { expect, test } from "vitest";
import {
  apiRejection,
  causeOfRejection,
  frontDoorRejection,
  iamRejection,
} from "../../../../../src/emulator/apigateway/connect/rules/rejections.ts";

const IDS = { requestId: "uuid", apigwId: "apigw" };

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
  expect(iamRejection("AccessDeniedException", '{"Message":"no"}', IDS)).toEqual({
    statusCode: 403,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": "uuid",
      "x-amzn-ErrorType": "AccessDeniedException",
      "x-amz-apigw-id": "apigw",
    },
    body: '{"Message":"no"}',
  });
});

test("a rejection after the connection id has two headers, with the id of its event", () => {
  expect(apiRejection(418, "short", { connectionId: "c", requestId: "r" })).toEqual({
    statusCode: 418,
    headers: { "Content-Type": "application/json; charset=UTF-8", "x-amz-apigw-id": "r" },
    body: "short",
  });
});

test.each([
  ["GET", "/v1", "upgrade-required"],
  ["GET", "/v1/", "upgrade-required"],
  ["GET", "/v1/anything?a=b", "upgrade-required"],
  ["POST", "/v1", "unknown-path"],
  ["GET", "/v2", "unknown-stage"],
  ["GET", "/v12", "unknown-stage"],
  ["GET", "/", "unknown-stage"],
  ["GET", "/?v1", "unknown-stage"],
])("rejects a plain %s %s for %s", (method, url, cause) => {
  expect(causeOfRejection(["v1"], method, url)).toBe(cause);
});

test("on a custom domain without a mapping key every path is below it", () => {
  expect(causeOfRejection([""], "GET", "/anything")).toBe("upgrade-required");
  expect(causeOfRejection([""], "GET", "/")).toBe("upgrade-required");
});
