import { expect, test } from "vitest";
import { areEqual, equals } from "../../../../../src/emulator/apigateway/vtl/rules/equality.ts";
import {
  Entry,
  JavaMap,
  JsonNumber,
  List,
  type Value,
} from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";

const map = (x: Value) => new JavaMap([["x", x]]);

test.each<[what: string, areSame: boolean, Value, Value]>([
  ["null and null", true, null, null],
  ["null and the empty string", true, null, ""],
  ["the empty string and null", true, "", null],
  ["null and a string", false, null, "a"],
  ["numbers of one value", true, 1n, new JsonNumber("1.0")],
  ["other numbers", false, 1n, 2n],
  ["a number and its string", true, 1n, "1"],
  ["a boolean and its string", true, true, "true"],
  ["a boolean and a number", false, true, 1n],
  ["strings", false, "a", "b"],
  ["lists of one content", true, new List([1n]), new List([1n])],
  ["lists of one beginning", false, new List([1n]), new List([1n, 2n])],
  ["a list of JSON and one of Java", true, new List(["a"], true), new List(["a"])],
  ["maps of one content", true, map(1n), map(1n)],
  ["maps with other values", false, map(1n), map(2n)],
  ["maps that print alike", false, map(1n), map("1")],
  ["maps with other keys", false, map(1n), new JavaMap([["y", 1n]])],
  ["a map and a larger one", false, map(1n), new JavaMap([...map(1n).entries, ["y", 2n]])],
  ["a map with null and one without the key", false, map(null), new JavaMap([["y", null]])],
  ["a list and the string that it prints", true, new List([1n]), "[1]"],
  ["a map and the string that it prints", true, map(1n), "{x=1}"],
  ["a list and a map", false, new List([]), map(1n)],
  ["entries of one content", true, new Entry("k", 1n), new Entry("k", 1n)],
  ["entries with other keys", false, new Entry("k", 1n), new Entry("l", 1n)],
  ["entries with other values", false, new Entry("k", 1n), new Entry("k", 2n)],
])("%s: == is %s", (_, areSame, left, right) => {
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
