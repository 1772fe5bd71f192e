import { expect, test } from "vitest";
import { checkProject } from "../../src/definition/checks.ts";
import { parseRouteExpression } from "../../src/emulator/apigateway/message/rules/route-expression.ts";

const check = (accessLog: unknown) =>
  checkProject(
    {
      name: "chat",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "v1", accessLog },
      functions: { send: { handler: "src/send.handler" } },
      routes: { send: { function: "send" } },
    },
    "wsgw.config.ts",
    { parseExpression: parseRouteExpression },
  );

test("an access log without a format has JSON lines with the usual fields", () => {
  const log = check({}).project.apis.chat?.stages.v1?.accessLog;

  expect(log?.file).toBeUndefined();
  expect(JSON.parse(log?.format ?? "")).toMatchObject({ requestId: "$context.requestId" });
});

test.each<[string, unknown, string]>([
  [
    "a format without a request id",
    { format: "literal-only" },
    "stage.accessLog.format: The following errors are found in Access Log Format: Access Log format must include either $context.requestId or $context.extendedRequestId : 'literal-only'",
  ],
  [
    "a format of two lines",
    { format: "$context.requestId\n" },
    "stage.accessLog.format: The following errors are found in Access Log Format: Access Log format must be single line: '$context.requestId\n'",
  ],
  [
    "a format of more than 3 KB",
    { format: `$context.requestId ${"x".repeat(3054)}` },
    "stage.accessLog.format: 3073 bytes exceed API Gateway's limit of 3072. Shorten the format.",
  ],
  [
    "a format that is not a string",
    { format: 7 },
    "stage.accessLog.format: 7 is not a format. Write one line with  $context.requestId in it.",
  ],
  [
    "a misspelt field",
    { fromat: "$context.requestId" },
    'stage.accessLog.fromat: "fromat" is not a field of an access log. Did you mean "format"?',
  ],
])("%s is a fault", (_, accessLog, fault) => {
  expect(() => check(accessLog)).toThrow(`wsgw.config.ts: ${fault}`);
});

test("a format with $context.extendedRequestId alone is sound", () => {
  expect(check({ format: "$context.extendedRequestId" }).warnings).toEqual([]);
});
