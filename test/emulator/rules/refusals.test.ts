import { expect, test } from "vitest";
import { refusal, refusalOfRequest } from "../../../src/emulator/rules/refusals.ts";

const IDS = { requestId: "uuid", apigwId: "apigw" };

test.each([
  ["unknown-stage", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["unknown-path", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["endpoint-disabled", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["invalid-api-key", 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["unauthorized", 401, "UnauthorizedException", '{"message":"Unauthorized"}'],
  [
    "access-denied",
    403,
    "AccessDeniedException",
    '{"Message":"User is not authorized to access this resource"}',
  ],
  [
    "explicitly-denied",
    403,
    "AccessDeniedException",
    '{"Message":"User is not authorized to access this resource with an explicit deny"}',
  ],
  ["authorizer-failed", 500, "AuthorizerConfigurationException", '{"message":null}'],
  [
    "unsigned",
    403,
    "MissingAuthenticationTokenException",
    '{"message":"Missing Authentication Token"}',
  ],
  ["throttled", 429, "TooManyRequestsException", '{"message":"Too Many Requests"}'],
  [
    "connect-handler-failed",
    502,
    "InternalServerErrorException",
    '{"message": "Internal server error"}',
  ],
  [
    "connect-not-permitted",
    500,
    "InternalServerErrorException",
    '{"message": "Internal server error"}',
  ],
  [
    "connect-timed-out",
    504,
    "InternalServerErrorException",
    '{"message": "Endpoint request timed out"}',
  ],
  ["malformed", 400, "BadRequestException", '{"message":"Bad Request"}'],
  ["url-too-long", 414, "BadRequestException", '{"message":"Request-URI Too Long"}'],
  [
    "headers-too-large",
    431,
    "BadRequestException",
    '{"message":"Request Header Fields Too Large"}',
  ],
  ["upgrade-required", 426, "BadRequestException", '{"message":"Upgrade Required"}'],
] as const)("refuses for %s with %i", (cause, statusCode, errorType, body) => {
  expect(refusal(cause, IDS)).toEqual({
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

test.each([
  ["GET", "/v1", "upgrade-required"],
  ["GET", "/v1/", "upgrade-required"],
  ["GET", "/v1/anything?a=b", "upgrade-required"],
  ["POST", "/v1", "unknown-path"],
  ["GET", "/v2", "unknown-stage"],
  ["GET", "/v12", "unknown-stage"],
  ["GET", "/", "unknown-stage"],
  ["GET", "/?v1", "unknown-stage"],
])("refuses a plain %s %s for %s", (method, url, cause) => {
  expect(refusalOfRequest("v1", method, url)).toBe(cause);
});
