import { expect, test } from "vitest";
import {
  failed as failedEnd,
  type IntegrationEnd,
  proxyEnd,
} from "../../../../../src/emulator/apigateway/integrations/rules/integration-end.ts";
import type { IntegrationOutcome } from "../../../../../src/emulator/apigateway/integrations/rules/proxy-results.ts";
import { messageAnswer } from "../../../../../src/emulator/apigateway/message/rules/route-response.ts";

const oneWay = { twoWay: false, nullIsSuccess: false, messageBytes: 131_072 };
const twoWay = { ...oneWay, twoWay: true };
const returned = (value: unknown) =>
  ({ kind: "returned", payload: JSON.stringify(value) ?? "null" }) as const;
const failed = (errorType: string) =>
  ({ kind: "failed", errorType, errorMessage: "boom", trace: [] }) as const;
const proxyAnswer = (outcome: IntegrationOutcome, route: typeof oneWay) =>
  messageAnswer(proxyEnd(outcome, route.nullIsSuccess), route);

test.each([[200], [201], [301], [401], [501], ["200"]])(
  "a one-way route says nothing for status %s, with or without a body",
  (statusCode) => {
    expect(proxyAnswer(returned({ statusCode }), oneWay).kind).toBe("silence");
    expect(proxyAnswer(returned({ statusCode, body: "x" }), oneWay).kind).toBe("silence");
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
    expect(proxyAnswer(outcome, route)).toMatchObject({
      kind: "error",
      message: "Internal server error",
    });
  }
});

test.each([oneWay, twoWay])(
  "an integration that takes too long is an endpoint timeout (%o)",
  (route) => {
    expect(proxyAnswer({ kind: "timed-out" }, route)).toEqual({
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
  expect(proxyAnswer(returned(value), twoWay)).toMatchObject({ kind: "reply", text });
});

test("a reply over the message limit is an internal server error; one of exactly that size is sent", () => {
  const reply = (bytes: number) => returned({ statusCode: 200, body: "ä".repeat(bytes / 2) });

  expect(proxyAnswer(reply(131_072), twoWay).kind).toBe("reply");
  expect(proxyAnswer(reply(131_074), twoWay)).toEqual({
    kind: "error",
    message: "Internal server error",
    because: "the reply is larger than 131072 bytes",
  });
});

test("a setting lets a handler that returned nothing succeed", () => {
  expect(proxyAnswer(returned(null), { ...oneWay, nullIsSuccess: true })).toEqual({
    kind: "silence",
    because: "one-way",
  });
  expect(proxyAnswer(returned({ statusCode: 200 }), twoWay)).toEqual({
    kind: "reply",
    text: "",
    because: "route-response",
  });
});

test("the reason for a function that failed is its error", () => {
  expect(proxyAnswer(failed("Error"), oneWay)).toMatchObject({ because: "Error: boom" });
});

const answered = (text: string): IntegrationEnd => ({ kind: "answered", statusCode: 500, text });

test.each([
  [
    failedEnd(502, "broken"),
    true,
    { kind: "error", message: "Internal server error", because: "broken" },
  ],
  [
    failedEnd(500, "broken"),
    false,
    { kind: "error", message: "Internal server error", because: "broken" },
  ],
  [answered("é"), false, { kind: "silence", because: "one-way" }],
  [answered("é"), true, { kind: "reply", text: "é", because: "route-response" }],
  [
    answered("éa"),
    true,
    {
      kind: "error",
      message: "Internal server error",
      because: "the reply is larger than 2 bytes",
    },
  ],
] as const)("%o on a route that is two-way: %s", (end, twoWay, expected) => {
  expect(messageAnswer(end, { twoWay, messageBytes: 2 })).toEqual(expected);
});
