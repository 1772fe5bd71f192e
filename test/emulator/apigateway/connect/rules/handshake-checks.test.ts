import { expect, test } from "vitest";
import {
  handshakeProblem,
  screenHandshake,
} from "../../../../../src/emulator/apigateway/connect/rules/handshake-checks.ts";
import { LIMITS } from "../../../../../src/emulator/apigateway/rules/limits.ts";

const frontDoor = {
  requestId: "8f0d2b3e-0000-4000-8000-000000000000",
  apigwId: "XDmGEE2RoE0FHxg=",
};

const screen = (url: string, rawHeaders: string[] = []) =>
  screenHandshake({ url, rawHeaders }, new Map([["dev", "dev"]]), LIMITS, frontDoor);

test.each(["/dev", "/dev/", "/dev?a=1", "/dev/?a=/x"])("%s is a path to the stage dev", (url) => {
  expect(screen(url)).toEqual({ kind: "sound", stage: "dev" });
});

const refused = (statusCode: number, errorType: string, message: string, because: string) => ({
  kind: "reject",
  statusCode,
  headers: {
    "Content-Type": "application/json",
    "x-amzn-RequestId": frontDoor.requestId,
    "x-amzn-ErrorType": errorType,
    "x-amz-apigw-id": frontDoor.apigwId,
  },
  body: `{"message":"${message}"}`,
  because,
});

test.each([
  "dev",
  "",
  "/",
  "/prod",
  "/Dev",
  "/dev/more",
  "/devx",
  "?dev",
  "//dev",
  "/dev//",
  "/d%65v",
])("rejects %s with 403", (url) => {
  expect(screen(url)).toEqual(refused(403, "ForbiddenException", "Forbidden", "unknown-stage"));
});

test.each([
  ["HTTP/1.0", "1.0", ["Host", "h", "Sec-WebSocket-Version", "13"], "HTTP/1.0 has no upgrades"],
  ["no Host", "1.1", ["Sec-WebSocket-Version", "13"], "Missing Host header"],
  [
    "the version of a draft",
    "1.1",
    ["Host", "h", "Sec-WebSocket-Version", "8"],
    "Missing or invalid Sec-WebSocket-Version header",
  ],
  ["nothing amiss", "1.1", ["host", "h", "sec-websocket-version", "13"], undefined],
])("reports the problem of a handshake with %s", (_, httpVersion, rawHeaders, problem) => {
  expect(handshakeProblem({ httpVersion, rawHeaders })).toBe(problem);
});

test("rejects an invalid WebSocket handshake with 400, at an unknown stage with 403", () => {
  const screened = (url: string) =>
    screenHandshake(
      { url, rawHeaders: [], problem: "it has no key" },
      new Map([["dev", "dev"]]),
      LIMITS,
      frontDoor,
    );

  expect(screened("/dev")).toEqual(
    refused(400, "BadRequestException", "Bad Request", "it has no key"),
  );
  expect(screened("/prod")).toEqual(
    refused(403, "ForbiddenException", "Forbidden", "unknown-stage"),
  );
});

test("2.3 (18): a URL of 4,096 characters passes, a longer one does not", () => {
  expect(screen(`/dev?${"x".repeat(4091)}`)).toEqual({ kind: "sound", stage: "dev" });
  expect(screen(`/dev?${"x".repeat(4092)}`)).toEqual(
    refused(414, "BadRequestException", "Request-URI Too Long", "url-too-long"),
  );
});

test("headers of 10,240 bytes pass, more do not", () => {
  expect(screen("/dev", ["a", "x".repeat(10_239)])).toEqual({ kind: "sound", stage: "dev" });
  expect(screen("/dev", ["a", "x".repeat(10_240)])).toEqual(
    refused(431, "BadRequestException", "Request Header Fields Too Large", "headers-too-large"),
  );
});

test("rejects two Authorization headers in front of the API", () => {
  const once = ["Authorization", "one"];

  expect(screen("/dev", once)).toEqual({ kind: "sound", stage: "dev" });
  expect(screen("/dev", [...once, "authorization", ""])).toEqual({
    kind: "reject",
    statusCode: 400,
    headers: { Server: "awselb/2.0", "Content-Type": "text/html", Connection: "close" },
    body: "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n",
    because: "two-authorization-headers",
  });
});
