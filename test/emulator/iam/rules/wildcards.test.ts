import { expect, test } from "vitest";
import { matchesPattern } from "../../../../src/emulator/iam/rules/wildcards.ts";

test.each([
  ["", "", true],
  ["", "a", false],
  ["a", "", false],
  ["a", "ab", false],
  ["ab", "a", false],
  ["*", "", true],
  ["**", "a:b/c", true],
  ["?", "", false],
  ["?", "é", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["*ab", "aab", true],
  ["*ab", "acb", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*", "a\nb", true],
  ["*a", "ab", false],
  ["a.c", "abc", false],
])("the pattern %j and %j: %s", (pattern, value, expected) => {
  expect(matchesPattern(pattern, value)).toBe(expected);
});
