import { expect, test } from "vitest";
import { cut } from "../../../cli/terminal/text.ts";

test.each([
  ["abc", 3, "abc"],
  ["x".repeat(40), 30, `${"x".repeat(18)}… (40 bytes)`],
  ["é".repeat(1000), 30, `${"é".repeat(15)}… (2,000 bytes)`],
  ["x".repeat(40), 1, `${"x".repeat(10)}… (40 bytes)`],
])("cuts a long text and tells its size (%#)", (text, limit, shown) => {
  expect(cut(text, limit)).toBe(shown);
});

test("does not cut a character in two", () => {
  expect(cut("🙂".repeat(100), 32)).toBe(`${"🙂".repeat(9)}… (400 bytes)`);
});
