import { expect, test } from "vitest";
import {
  interpretConnectEnd,
  interpretConnectResult,
} from "../../../../../src/emulator/apigateway/connect/rules/connect-result.ts";

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

test("the body of a $connect that lets the client in is dropped", () => {
  expect(returned({ statusCode: 200, body: "welcome" })).toEqual({
    kind: "accept",
    subprotocol: undefined,
  });
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
