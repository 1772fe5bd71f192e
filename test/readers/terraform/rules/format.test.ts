import { expect, test } from "vitest";
import { format } from "../../../../src/readers/terraform/rules/format.ts";
import { type Value, ValueFault } from "../../../../src/readers/terraform/rules/values.ts";

test.each<[string, readonly Value[], string]>([
  ["100%% of %s", ["a"], "100% of a"],
  ["%s|%5s|%-5s|%.2s", ["ab", "ab", "ab", "abc"], "ab|   ab|ab   |ab"],
  ["%q", ['a"b'], '"a\\"b"'],
  ["%v %v %v", [1.5, ["a"], { a: null }], '1.5 ["a"] {"a":null}'],
  ["%t", [true], "true"],
  ["[%s]", [""], "[]"],
  ["%d %05d %+d %+d %3d", [1.9, 42, 1, -1, 7], "1 00042 +1 -1   7"],
  ["%f %.1f", [1.5, "2.25"], "1.500000 2.3"],
  ["%b %o %x %X", [5, 9, 255, 255], "101 11 ff FF"],
  ["%x %X", ["hé", "k"], "68c3a9 6B"],
])("%s with %j is %s", (pattern, values, text) => {
  expect(format(pattern, values)).toBe(text);
});

test("a width is at most 1000", () => {
  expect(format("%2000s", ["a"])).toBe("a".padStart(1000));
});

test.each<[string, readonly Value[], string]>([
  ["%s %s", ["a"], "there are not enough values."],
  ["%s", ["a", "b"], "there are too many values."],
  ["%y", ["a"], '%y does not write "a".'],
])("%s with %j is rejected", (pattern, values, problem) => {
  expect(() => format(pattern, values)).toThrow(new ValueFault(problem));
});
