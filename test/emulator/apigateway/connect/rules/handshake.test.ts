import { expect, test } from "vitest";
import {
  acceptOf,
  describeHandshake,
  handshakeProblem,
  interpretConnectResult,
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

test.each([
  ["nothing", undefined],
  ["null", null],
  ["a text", "ok"],
  ["no statusCode", {}],
  ["a statusCode that is no answer yet", { statusCode: 100 }],
  ["another one of those", { statusCode: 199 }],
  ["unknown keys", { statusCode: 200, extra: 1 }],
  ["a body that is no text", { statusCode: 200, body: {} }],
])("$connect that returns %s is a 502", (_, value) => {
  expect(returned(value)).toMatchObject({
    kind: "reject",
    statusCode: 502,
    headers: {
      "Content-Type": "application/json; charset=UTF-8",
      "x-amz-apigw-id": "EOzNMFZkIAMEOzg=",
    },
    body: failure("Internal server error"),
  });
});

test.each([
  ["throws", "Error"],
  ["takes longer than its function may", "Sandbox.Timedout"],
  ["ends its process", "Runtime.ExitError"],
  ["cannot be loaded", "Runtime.UserCodeSyntaxError"],
])("$connect that %s is a 502, and the reason names the error", (_, errorType) => {
  const outcome = { kind: "failed", errorType, errorMessage: "boom", trace: [] } as const;

  expect(interpretConnectResult(outcome, false, ids)).toMatchObject({
    statusCode: 502,
    because: `${errorType}: boom`,
  });
});

test("$connect that passes the integration's limit is a 504", () => {
  expect(interpretConnectResult({ kind: "timed-out" }, false, ids)).toMatchObject({
    statusCode: 504,
    body: failure("Endpoint request timed out"),
    because: "connect-timed-out",
  });
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

  expect(returned({ ...result, body: "no entry" })).toMatchObject({ headers, body: "no entry" });
  expect(returned(result)).toMatchObject({ headers, body: "" });
});

const screen = (url: string, rawHeaders: string[] = []) =>
  screenHandshake({ url, rawHeaders }, new Map([["dev", "dev"]]), LIMITS, frontDoor);

test.each(["/dev", "/dev/", "/dev?a=1", "/dev/?a=/x"])("%s is a path to the stage dev", (url) => {
  expect(screen(url)).toEqual({ kind: "sound", stage: "dev" });
});

test.each(["/", "/prod", "/Dev", "/dev/more", "/devx", "?dev", "//dev", "/dev//", "/d%65v"])(
  "rejects %s with 403",
  (url) => {
    expect(screen(url)).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
  },
);

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

  expect(screened("/dev")).toMatchObject({
    statusCode: 400,
    body: '{"message":"Bad Request"}',
    because: "it has no key",
  });
  expect(screened("/prod")).toMatchObject({ statusCode: 403, because: "unknown-stage" });
});

test("2.3 (18): a URL of 4,096 characters passes, a longer one does not", () => {
  expect(screen(`/dev?${"x".repeat(4091)}`)).toEqual({ kind: "sound", stage: "dev" });
  expect(screen(`/dev?${"x".repeat(4092)}`)).toMatchObject({ statusCode: 414 });
});

test("headers of 10,240 bytes pass, more do not", () => {
  expect(screen("/dev", ["a", "x".repeat(10_239)])).toEqual({ kind: "sound", stage: "dev" });
  expect(screen("/dev", ["a", "x".repeat(10_240)])).toMatchObject({ statusCode: 431 });
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
  expect(screen("/dev", [...once, "authorization", ""])).toMatchObject({
    statusCode: 400,
    headers: { Server: "awselb/2.0", "Content-Type": "text/html", Connection: "close" },
    body: "<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n",
    because: "two-authorization-headers",
  });
});
