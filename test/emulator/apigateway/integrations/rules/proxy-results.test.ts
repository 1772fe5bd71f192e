import { expect, test } from "vitest";
import {
  errorFrame,
  interpretMessageResult,
  parseProxyResult,
} from "../../../../../src/emulator/apigateway/integrations/rules/proxy-results.ts";

const oneWay = { twoWay: false, nullIsSuccess: false, messageBytes: 131_072 };
const twoWay = { ...oneWay, twoWay: true };
const returned = (value: unknown) =>
  ({ kind: "returned", payload: JSON.stringify(value) ?? "null" }) as const;
const failed = (errorType: string) =>
  ({ kind: "failed", errorType, errorMessage: "boom", trace: [] }) as const;

test.each([[200], [201], [301], [401], [501], ["200"]])(
  "a one-way route says nothing for status %s, with or without a body",
  (statusCode) => {
    expect(interpretMessageResult(returned({ statusCode }), oneWay).kind).toBe("silence");
    expect(interpretMessageResult(returned({ statusCode, body: "x" }), oneWay).kind).toBe(
      "silence",
    );
  },
);

test.each([
  ["a handler that throws", failed("Error")],
  ["a function's own timeout", failed("Sandbox.Timedout")],
  ["a crash", failed("Runtime.ExitError")],
  ["unknown keys", returned({ ConnectionId: "x", Data: "y", statusCode: 200 })],
  ["null", returned(null)],
  ["nothing", returned(undefined)],
  ["a text", returned("ok")],
  ["an array", returned([])],
  ["no statusCode", returned({ body: "x" })],
  ["an empty object", returned({})],
  ["a statusCode that is no status", returned({ statusCode: "ok" })],
  ["headers that are a text", returned({ statusCode: 200, headers: "x" })],
  ["headers that are a list", returned({ statusCode: 200, headers: [] })],
  ["multiValueHeaders that are a list", returned({ statusCode: 200, multiValueHeaders: ["x"] })],
  ["a statusCode of 600", returned({ statusCode: 600 })],
  ["a number", returned(1)],
  ["a boolean", returned(true)],
  ["a body that is a number", returned({ statusCode: 200, body: 5 })],
  ["a body that is an object", returned({ statusCode: 200, body: { a: 1 } })],
  ["a payload that is not JSON", { kind: "returned", payload: "{" } as const],
])("%s is an internal server error on both kinds of route", (_, outcome) => {
  for (const route of [oneWay, twoWay]) {
    expect(interpretMessageResult(outcome, route)).toMatchObject({
      kind: "error",
      message: "Internal server error",
    });
  }
});

test("drops headers whose values are not strings", () => {
  const headers = {
    "X-Number": 1,
    "X-Object": { toString: 1 },
    "X-List": [{ toString: 1 }],
    "X-Null": null,
  };

  expect(parseProxyResult(JSON.stringify({ statusCode: 200, headers }), false)).toEqual({
    kind: "ok",
    result: { statusCode: 200, headers: { "X-Number": "1" }, body: undefined },
  });
});

test.each([
  [99, undefined],
  [100, 100],
  [599, 599],
  [600, undefined],
  [200.5, undefined],
  ["200", 200],
  ["0200", undefined],
  [" 200", undefined],
])("a statusCode of %j is read as %s", (statusCode, status) => {
  const parsed = parseProxyResult(JSON.stringify({ statusCode }), false);

  expect(parsed.kind === "ok" ? parsed.result.statusCode : undefined).toBe(status);
});

test("of several values of a header the last counts, and headers before multiValueHeaders", () => {
  const multiValueHeaders = { "X-Many": ["first", "last"], "X-Both": ["many"] };
  const headers = { "X-Both": "one", "X-True": true };

  expect(
    parseProxyResult(JSON.stringify({ statusCode: 200, headers, multiValueHeaders }), false),
  ).toEqual({
    kind: "ok",
    result: {
      statusCode: 200,
      headers: { "X-Many": "last", "X-Both": "one", "X-True": "true" },
      body: undefined,
    },
  });
});

test.each([oneWay, twoWay])(
  "an integration that takes too long is an endpoint timeout (%o)",
  (route) => {
    expect(interpretMessageResult({ kind: "timed-out" }, route)).toEqual({
      kind: "error",
      message: "Endpoint request timed out",
      because: "integration-timeout",
    });
  },
);

test.each([
  ["body whatever the status", { statusCode: 500, body: "x" }, "x"],
  ["body as it is", { statusCode: 200, body: '{"a": 1}' }, '{"a": 1}'],
  ["an empty message for no body", { statusCode: 200 }, ""],
  ["an empty message for a null body", { statusCode: 200, body: null }, ""],
  ["base64 text as it is", { statusCode: 200, body: "aGk=", isBase64Encoded: true }, "aGk="],
])("a two-way route sends %s", (_, value, text) => {
  expect(interpretMessageResult(returned(value), twoWay)).toMatchObject({ kind: "reply", text });
});

test("a reply over the message limit is an internal server error; one of exactly that size is sent", () => {
  const reply = (bytes: number) => returned({ statusCode: 200, body: "ä".repeat(bytes / 2) });

  expect(interpretMessageResult(reply(131_072), twoWay).kind).toBe("reply");
  expect(interpretMessageResult(reply(131_074), twoWay)).toEqual({
    kind: "error",
    message: "Internal server error",
    because: "the reply is larger than 131072 bytes",
  });
});

test("a setting lets a handler that returned nothing succeed", () => {
  expect(parseProxyResult("null", true)).toEqual({
    kind: "ok",
    result: { statusCode: 200, headers: {}, body: undefined },
  });
  expect(interpretMessageResult(returned(null), { ...oneWay, nullIsSuccess: true })).toEqual({
    kind: "silence",
    because: "one-way",
  });
  expect(interpretMessageResult(returned({ statusCode: 200 }), twoWay)).toEqual({
    kind: "reply",
    text: "",
    because: "route-response",
  });
});

test("the reason names what is wrong with a result", () => {
  const problem = (value: unknown) => problemOf(JSON.stringify(value));
  const problemOf = (payload: string) => {
    const parsed = parseProxyResult(payload, false);
    return parsed.kind === "malformed" ? parsed.problem : undefined;
  };

  expect(problem({ statusCode: 200, data: 1 })).toBe('the result has the unknown key "data"');
  expect(problem({ body: "x" })).toBe("the result has no statusCode");
  expect(problem({ statusCode: 200, body: 5 })).toBe("body is a number, not a string");
  expect(problem({ statusCode: 200, headers: [] })).toBe("headers is an array, not an object");
  expect(problem([])).toBe("the result is an array, not an object");
  expect(problem({ a: 1, statusCode: 200, b: 2 })).toBe('the result has the unknown key "a", "b"');
  expect(problem({ statusCode: "ok" })).toBe('statusCode is "ok"');
  expect(problem({ statusCode: 200, body: {} })).toBe("body is an object, not a string");
  expect(problem({ statusCode: 200, multiValueHeaders: "x" })).toBe(
    "multiValueHeaders is a string, not an object",
  );
  expect(problem(null)).toBe("the result is null, not an object");
  expect(problem("ok")).toBe("the result is a string, not an object");
  expect(problemOf("{")).toBe("the result is not JSON, not an object");
  expect(interpretMessageResult(failed("Error"), oneWay)).toMatchObject({ because: "Error: boom" });
});

test("error frames have the exact spacing of captured ones", () => {
  expect(errorFrame("Forbidden", "XDmENcnwIE0CFEQ=", "XDmGEE2RoE0FRdQ=")).toBe(
    '{"message": "Forbidden", "connectionId":"XDmENcnwIE0CFEQ=", "requestId":"XDmGEE2RoE0FRdQ="}',
  );
});
