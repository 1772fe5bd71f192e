import { expect, test } from "vitest";
import { invokedArn } from "../../../../src/emulator/lambda/rules/invoked-arn.ts";

test("the ARN of an invocation ends with the version or alias that the caller wanted", () => {
  expect(invokedArn("arn:probe", "blue")).toBe("arn:probe:blue");
  expect(invokedArn("arn:probe", undefined)).toBe("arn:probe");
});
