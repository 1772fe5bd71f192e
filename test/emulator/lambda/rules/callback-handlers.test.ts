import { expect, test } from "vitest";
import {
  adviceOnCallback,
  waitsForEmptyLoop,
} from "../../../../src/emulator/lambda/rules/callback-handlers.ts";

test("reports three parameters with nodejs24.x and later, with an alternative", () => {
  expect(adviceOnCallback(3, "AWS_Lambda_nodejs24.x")).toBe(
    'nodejs24.x does not support callback handlers. On AWS this function fails with Runtime.CallbackHandlerDeprecated, because its handler declares three parameters. Make it async and remove the third parameter, or set its runtime to "nodejs22.x".',
  );
  expect(adviceOnCallback(4, "AWS_Lambda_nodejs26.x")).toContain("nodejs26.x");
});

test.each([
  ["two parameters", 2, "AWS_Lambda_nodejs24.x"],
  ["an earlier runtime", 3, "AWS_Lambda_nodejs22.x"],
  ["another language", 3, "AWS_Lambda_python3.12"],
  ["a name that only ends like one of Lambda's", 3, "my-AWS_Lambda_nodejs24.x"],
  ["no runtime at all", 3, undefined],
])("%s gets no advice", (_, parameters, executionEnvironment) => {
  expect(adviceOnCallback(parameters, executionEnvironment)).toBeUndefined();
});

test("a callback's result waits for an empty event loop, unless it is an error or callbackWaitsForEmptyEventLoop is false", () => {
  const context = { callbackWaitsForEmptyEventLoop: true };
  expect(waitsForEmptyLoop(false, context)).toBe(true);
  expect(waitsForEmptyLoop(true, context)).toBe(false);
  expect(waitsForEmptyLoop(false, { callbackWaitsForEmptyEventLoop: false })).toBe(false);
});
