import { expect, test } from "vitest";
import { accessLine } from "../../../../../src/emulator/apigateway/requests/rules/access-log.ts";
import { ended } from "../ended.ts";

const line = (format: string, more: Parameters<typeof ended>[0] = {}) =>
  accessLine(format, { apiId: "abc" }, "dev", ended(more));

const NAMES = [
  ...["apiId", "stage", "connectionId", "connectedAt", "domainName", "eventType"],
  ...["extendedRequestId", "integrationLatency", "messageId", "requestId", "requestTime"],
  ...["requestTimeEpoch", "routeKey", "status", "error.message", "error.messageString"],
  ...["error.responseType", "error.validationErrorString", "identity.sourceIp"],
  ...["identity.userAgent", "authorizer.principalId", "authorizer.plan", "httpMethod"],
];
const FORMAT = NAMES.map((name) => `$context.${name}`).join("|");

test("a line has the values of its request", () => {
  const all = line(FORMAT, {
    status: 400,
    extendedRequestId: "extended",
    integrationLatency: 2.6,
    messageId: "m",
    connection: {
      connectionId: "c",
      connectedAt: 5,
      domainName: "h",
      identity: { sourceIp: "127.0.0.1", userAgent: "probe" },
      authorizer: { principalId: "ann", plan: "free" },
    },
    error: { message: "Invalid request body", validation: "[no room]" },
  });

  expect(all.split("|")).toEqual([
    ...["abc", "dev", "c", "5", "h", "MESSAGE"],
    ...["extended", "3", "m", "r", "01/Jan/1970:00:00:00 +0000"],
    ...["0", "say", "400", "Invalid request body", '"Invalid request body"'],
    ...["BAD_REQUEST_BODY", "[no room]", "127.0.0.1"],
    ...["probe", "ann", "free", "-"],
  ]);
});

test("a line has a dash for values that are not set, and 0 for a latency of 0", () => {
  const all = line(FORMAT, { routeKey: undefined, integrationLatency: 0 });

  expect(all.split("|")).toEqual([
    ...["abc", "dev", "-", "-", "-", "MESSAGE"],
    ...["r", "0", "-", "r", "01/Jan/1970:00:00:00 +0000"],
    ...["0", "-", "200", "-", "-"],
    ...["-", "-", "127.0.0.1"],
    ...["-", "-", "-", "-"],
  ]);
  expect(line("$context.integrationLatency")).toBe("-");
});

test.each([
  ["Internal server error", "INTEGRATION_FAILURE"],
  ["Endpoint request timed out", "INTEGRATION_TIMEOUT"],
  ["Invalid request body", "BAD_REQUEST_BODY"],
  ["Too Many Requests", "THROTTLED"],
  ["Unauthorized", "UNAUTHORIZED"],
  ["Forbidden", "-"],
])("the message %s has the response type %s", (message, type) => {
  expect(line("$context.error.responseType", { error: { message } })).toBe(type);
});

test("a value stays on its line, and an empty one is a dash", () => {
  const connection = { identity: { sourceIp: "", userAgent: "a\r\n\nb\rc" } };

  expect(line("<$context.identity.userAgent $context.identity.sourceIp>", { connection })).toBe(
    "<a b c ->",
  );
});

test("all else of a format stays as it is", () => {
  expect(line('{ "a": "$context.stage.", $context, $contextual, $$context.stage$ }')).toBe(
    '{ "a": "dev.", $context, $contextual, $dev$ }',
  );
});
