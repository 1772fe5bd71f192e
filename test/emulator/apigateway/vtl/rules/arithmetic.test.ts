import { expect, test } from "vitest";
import {
  areEqual,
  calculate,
  compare,
  equals,
} from "../../../../../src/emulator/apigateway/vtl/rules/arithmetic.ts";
import {
  Entry,
  JavaMap,
  JsonNumber,
  List,
  type Value,
} from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";

test.each([
  ["+", 7n, 2n, 9n],
  ["-", 7n, 2n, 5n],
  ["*", 7n, 2n, 14n],
  ["/", 7n, 2n, 3n],
  ["%", 7n, 2n, 1n],
  ["/", -7n, 2n, -3n],
  ["+", 7n, 2.5, 9.5],
  ["-", 7n, 2.5, 4.5],
  ["*", 7n, 2.5, 17.5],
  ["/", 7n, 2.5, 2.8],
  ["%", 7n, 2.5, 2],
  ["+", 1n, new JsonNumber("1.50"), 2.5],
  ["/", 7n, 0n, null],
  ["%", 7n, 0n, null],
  ["/", 7n, 0, null],
  ["*", 7n, 0n, 0n],
  ["+", "7", 1n, null],
  ["+", 1n, null, null],
] as const)("%s of %s and %s is %s", (operator, left, right, result) => {
  expect(calculate(operator, left, right)).toBe(result);
});

test("a product of more than 4096 bits is null, whatever its sign", () => {
  const most = 2n ** 4096n - 1n;

  expect(calculate("*", most, 1n)).toBe(most);
  expect(calculate("*", -most, 1n)).toBe(-most);
  expect(calculate("*", most + 1n, 1n)).toBeNull();
  expect(calculate("*", -most - 2n, 1n)).toBeNull();
});

test.each([
  [1n, 2n, -1],
  [2n, 2n, 0],
  [2n, 1.5, 1],
  [new JsonNumber("1.50"), 1.5, 0],
  [1n, "1", Number.NaN],
  ["1", 1n, Number.NaN],
] as const)("%s compared with %s is %s", (left, right, order) => {
  expect(compare(left, right)).toBe(order);
});

const map = (x: Value) => new JavaMap([["x", x]]);

test.each<[what: string, Value, Value, boolean]>([
  ["null and null", null, null, true],
  ["null and the empty string", null, "", true],
  ["the empty string and null", "", null, true],
  ["null and a string", null, "a", false],
  ["numbers of one value", 1n, new JsonNumber("1.0"), true],
  ["other numbers", 1n, 2n, false],
  ["a number and its string", 1n, "1", true],
  ["a boolean and its string", true, "true", true],
  ["a boolean and a number", true, 1n, false],
  ["strings", "a", "b", false],
  ["lists of one content", new List([1n]), new List([1n]), true],
  ["lists of one beginning", new List([1n]), new List([1n, 2n]), false],
  ["a list of JSON and one of Java", new List(["a"], true), new List(["a"]), true],
  ["maps of one content", map(1n), map(1n), true],
  ["maps with other values", map(1n), map(2n), false],
  ["maps that print alike", map(1n), map("1"), false],
  ["maps with other keys", map(1n), new JavaMap([["y", 1n]]), false],
  ["a map and a larger one", map(1n), new JavaMap([...map(1n).entries, ["y", 2n]]), false],
  ["a map with null and one without the key", map(null), new JavaMap([["y", null]]), false],
  ["a list and the string that it prints", new List([1n]), "[1]", true],
  ["a map and the string that it prints", map(1n), "{x=1}", true],
  ["a list and a map", new List([]), map(1n), false],
  ["entries of one content", new Entry("k", 1n), new Entry("k", 1n), true],
  ["entries with other keys", new Entry("k", 1n), new Entry("l", 1n), false],
  ["entries with other values", new Entry("k", 1n), new Entry("k", 2n), false],
])("%s: == is %4$s", (_, left, right, areSame) => {
  expect(areEqual(left, right)).toBe(areSame);
});

test("equals() compares the spelling of JSON numbers, and no classes with others", () => {
  expect(equals(new JsonNumber("1.5"), new JsonNumber("1.5"))).toBe(true);
  expect(equals(new JsonNumber("1.5"), new JsonNumber("1.50"))).toBe(false);
  expect(equals(new JsonNumber("1.5"), 1.5)).toBe(false);
  expect(equals(new List([]), new JavaMap())).toBe(false);
  expect(equals(1n, "1")).toBe(false);
});

test("a comparison ends after a million steps", () => {
  const equalAfter = (done: number) => equals(new List([1.5]), new List([2.5]), { done });

  // the list is one step, its item another
  expect(equalAfter(999_998)).toBe(false);
  expect(() => equalAfter(999_999)).toThrow("StackOverflowError");
  expect(() => equals(map("a"), map("b"), { done: 999_999 })).toThrow("StackOverflowError");
  const entry = (value: Value) => new Entry("k", value);
  expect(() => equals(entry("a"), entry("b"), { done: 999_999 })).toThrow("StackOverflowError");
});
