import { expect, test } from "vitest";
import {
  entriesOf,
  isSame,
  kindOf,
  listOf,
  memberOf,
  numberOf,
  setOf,
  textOf,
  truthOf,
  type Value,
  ValueFault,
} from "../../../../src/readers/terraform/rules/values.ts";

test.each<[string, (value: Value) => unknown, Value, string]>([
  ["a list", listOf, "a", '"a" is not a list.'],
  ["an object", entriesOf, ["a"], "a list is not an object."],
  ["a number", numberOf, "a", '"a" is not a number.'],
  ["a number", numberOf, " ", '" " is not a number.'],
  ["a boolean", truthOf, 1, "1 is not a boolean."],
  ["a string", textOf, null, "null is not a string."],
  ["a string", textOf, { a: 1 }, "an object is not a string."],
])("does not read %s from another value", (_, convert, value, problem) => {
  expect(() => convert(value)).toThrow(new ValueFault(problem));
});

test("reads numbers, booleans and strings from each other", () => {
  expect([numberOf("1.5"), numberOf(2)]).toEqual([1.5, 2]);
  expect([truthOf("true"), truthOf("false"), truthOf(true)]).toEqual([true, false, true]);
  expect([textOf(1e21), textOf(0.5), textOf(false)]).toEqual([
    "1000000000000000000000",
    "0.5",
    "false",
  ]);
});

test("a member of a list is found by its number, also as a string", () => {
  expect([memberOf(["a", "b"], 1), memberOf(["a", "b"], "1")]).toEqual(["b", "b"]);
  expect(memberOf(["a"], null)).toBeUndefined();
});

test("a string is shown with at most 40 characters", () => {
  expect(kindOf("a".repeat(41))).toBe(`"${"a".repeat(40)}"`);
});

test.each<[Value, Value, boolean]>([
  [{ a: 1, b: [1] }, { b: [1], a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, { a: 1, b: 1 }, false],
  [{ a: 1, b: 1 }, { a: 1 }, false],
  [{ a: null }, { b: null }, false],
  [{}, {}, true],
  [{}, null, false],
  [[1], [1, 2], false],
  [[1], [2], false],
  [[1], "1", false],
])("whether %j and %j are the same: %s", (one, other, same) => {
  expect(isSame(one, other)).toBe(same);
});

test("sets are sorted: numbers by size, others by their text", () => {
  expect(setOf([10, 9, 10, 1])).toEqual([1, 9, 10]);
  expect(setOf(["b", "B", "a", "b"])).toEqual(["B", "a", "b"]);
});
