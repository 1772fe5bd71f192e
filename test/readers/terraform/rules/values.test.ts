import { expect, test } from "vitest";
import {
  entriesOf,
  listOf,
  numberOf,
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
