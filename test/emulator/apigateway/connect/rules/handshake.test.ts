import { expect, test } from "vitest";
import {
  acceptOf,
  describeHandshake,
  handshakeProblem,
  interpretConnectEnd,
  interpretConnectResult,
  rejectDenied,
  rejectIncomplete,
  screenHandshake,
  withHost,
} from "../../../../../src/emulator/apigateway/connect/rules/handshake.ts";
import { LIMITS } from "../../../../../src/emulator/apigateway/rules/limits.ts";

const frontDoor = {
  requestId: "8f0d2b3e-0000-4000-8000-000000000000",
  apigwId: "XDmGEE2RoE0FHxg=",
};
const ids = { connectionId: "gbgXqK-wFQAYKEjlGA==", requestId: "EOzNMFZkIAMEOzg=" };
const failure = (message: string) =>
  `{"message": "${message}", "connectionId":"gbgXqK-wFQAYKEjlGA==", "requestId":"EOzNMFZkIAMEOzg="}`;
const returned = (value: unknown) =>
  interpretConnectResult(
    { kind: "returned", payload: JSON.stringify(value) ?? "null" },
    false,
    ids,
  );

test.each([[200], [201], [204], [299], ["200"]])(
  "$connect that returns %s is accepted",
  (statusCode) => {
    expect(returned({ statusCode })).toEqual({ kind: "accept", subprotocol: undefined });
  },
);

test.each([[300], [301], [400], [401], [403], [501]])(
  "$connect that returns %i rejects the handshake with that status",
  (statusCode) => {
    expect(returned({ statusCode })).toEqual({
      kind: "reject",
      statusCode,
      headers: {
        "Content-Type": "application/json; charset=UTF-8",
        "x-amz-apigw-id": "EOzNMFZkIAMEOzg=",
      },
      body: "",
      because: `$connect answered ${statusCode}`,
    });
  },
);

/** The rejection of a handshake that has a connection id. */
const rejection = (statusCode: number, message: string, because: string) => ({
  kind: "reject",
  statusCode,
  headers: {
    "Content-Type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": "EOzNMFZkIAMEOzg=",
  },
  body: failure(message),
  because,
});

test.each([
  ["nothing", undefined, "the result is null, not an object"],
  ["null", null, "the result is null, not an object"],
  ["a string", "ok", "the result is a string, not an object"],
  ["no statusCode", {}, "the result has no statusCode"],
  ["a statusCode before the response", { statusCode: 100 }, "statusCode is 100"],
  ["the last statusCode before 200", { statusCode: 199 }, "statusCode is 199"],
  ["unknown keys", { statusCode: 200, extra: 1 }, 'the result has the unknown key "extra"'],
  ["an object as body", { statusCode: 200, body: {} }, "body is an object, not a string"],
])("$connect that returns %s is a 502", (_, value, because) => {
  expect(returned(value)).toEqual(rejection(502, "Internal server error", because));
});

test.each([
  ["throws", "Error"],
  ["takes longer than its function may", "Sandbox.Timedout"],
  ["ends its process", "Runtime.ExitError"],
  ["cannot be loaded", "Runtime.UserCodeSyntaxError"],
])("$connect that %s is a 502, and the reason names the error", (_, errorType) => {
  const outcome = { kind: "failed", errorType, errorMessage: "boom", trace: [] } as const;

  expect(interpretConnectResult(outcome, false, ids)).toEqual(
    rejection(502, "Internal server error", `${errorType}: boom`),
  );
});

test("$connect that passes the integration's limit is a 504", () => {
  expect(interpretConnectResult({ kind: "timed-out" }, false, ids)).toEqual(
    rejection(504, "Endpoint request timed out", "connect-timed-out"),
  );
});

test.each([
  [true, { kind: "accept", subprotocol: undefined }],
  [false, rejection(502, "Internal server error", "the result is null, not an object")],
])("null from $connect succeeds only by the setting: %s", (nullIsSuccess, answer) => {
  const outcome = { kind: "returned", payload: "null" } as const;

  expect(interpretConnectResult(outcome, nullIsSuccess, ids)).toEqual(answer);
});

test("$connect that API Gateway may not invoke is a 500", () => {
  expect(rejectDenied(ids, "it may not")).toEqual(
    rejection(500, "Internal server error", "it may not"),
  );
});

test("missing parameters are a 400 that names them", () => {
  expect(rejectIncomplete(["a", "b"], ids)).toEqual(
    rejection(400, "Missing required request parameters: [a, b]", "the handshake lacks a and b"),
  );
});

type Custom = Parameters<typeof interpretConnectEnd>[1];
const HTTP: Custom = { type: "http", uri: "http://h" };
const PROXY: Custom = { type: "http-proxy", uri: "http://h" };
const one: Custom = { ...HTTP, responses: { $default: {} } };
const two: Custom = { ...HTTP, responses: { $default: {}, "/404/": {} } };
const answered = (statusCode: number) => ({ kind: "answered", statusCode, text: "said" }) as const;
const ACCEPTED = { kind: "accept", subprotocol: undefined };
const BARE = rejection(
  500,
  "Internal server error",
  "$connect needs an integration response for 200",
);

test.each<[string, number, Custom, object]>([
  ["a proxy", 200, PROXY, ACCEPTED],
  ["an integration response", 200, one, ACCEPTED],
  ["two integration responses", 200, two, ACCEPTED],
  ["an integration response", 299, one, ACCEPTED],
  ["an integration response", 300, one, rejection(300, "Multiple", "$connect answered 300")],
  ["an integration response", 199, one, rejection(199, "Early", "$connect answered 199")],
  ["an unknown status", 499, one, rejection(499, "Internal server error", "$connect answered 499")],
  ["no integration responses", 200, HTTP, BARE],
  ["empty integration responses", 200, { ...HTTP, responses: {} }, BARE],
])("an integration of $connect with %s answers %i", (_, status, integration, answer) => {
  const texts = { 199: "Early", 300: "Multiple" };

  expect(interpretConnectEnd(answered(status), integration, ids, texts)).toEqual(answer);
});

test("an integration of $connect that failed has its own status, message and reason", () => {
  const end = {
    kind: "failed",
    statusCode: 504,
    message: "Endpoint request timed out",
    because: "integration-timeout",
  } as const;

  expect(interpretConnectEnd(end, HTTP, ids, {})).toEqual(
    rejection(504, "Endpoint request timed out", "integration-timeout"),
  );
});

test.each(["Sec-WebSocket-Protocol", "sec-websocket-protocol", "Sec-Websocket-Protocol"])(
  "the subprotocol that $connect chose is found in the header %s",
  (name) => {
    expect(returned({ statusCode: 200, headers: { [name]: "b", "Set-Cookie": "x" } })).toEqual({
      kind: "accept",
      subprotocol: "b",
    });
  },
);

test.each([
  ["null", { headers: { "Sec-WebSocket-Protocol": null } }],
  ["an empty list", { multiValueHeaders: { "Sec-WebSocket-Protocol": [] } }],
  ["no headers at all", { headers: null, multiValueHeaders: null }],
])("%s names no subprotocol", (_, result) => {
  expect(returned({ statusCode: 200, ...result })).toEqual({
    kind: "accept",
    subprotocol: undefined,
  });
});

test("the body of a $connect that lets the client in is dropped", () => {
  expect(returned({ statusCode: 200, body: "welcome" })).toEqual({
    kind: "accept",
    subprotocol: undefined,
  });
});

test("a subprotocol in multiValueHeaders counts too", () => {
  expect(
    returned({ statusCode: 200, multiValueHeaders: { "Sec-WebSocket-Protocol": ["b"] } }),
  ).toMatchObject({ subprotocol: "b" });
});

test("a refusal carries the handler's body or none, and no header of the handler", () => {
  const headers = {
    "Content-Type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": "EOzNMFZkIAMEOzg=",
  };
  const result = { statusCode: 403, headers: { "Content-Type": "text/plain", "X-Own": "x" } };

  const answer = { kind: "reject", statusCode: 403, headers, because: "$connect answered 403" };
  expect(returned({ ...result, body: "no entry" })).toEqual({ ...answer, body: "no entry" });
  expect(returned(result)).toEqual({ ...answer, body: "" });
});

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

test("the identity contains the user agent only if there is one", () => {
  const sourceIp = "192.0.2.1";

  expect(describeHandshake({ rawHeaders: ["user-agent", "wscat"], sourceIp })).toEqual({
    userAgent: "wscat",
    sourceIp,
  });
  expect(Object.keys(describeHandshake({ rawHeaders: [], sourceIp }))).toEqual(["sourceIp"]);
});

test("the Host that AWS would have got takes the place of that header only", () => {
  const sent = ["HOST", "localhost:3001", "X-Own", "host", "host", "again"];

  expect(withHost(sent, undefined)).toBe(sent);
  expect(withHost(sent, "h")).toEqual(["HOST", "h", "X-Own", "host", "host", "h"]);
});

// The example of RFC 6455, 1.3.
test("an answer's Sec-WebSocket-Accept is made from the key", () => {
  expect(acceptOf(["sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="])).toBe(
    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
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
