import { expect, test } from "vitest";
import { evaluated } from "../evaluated.ts";

test.each([
  ["0, 0", []],
  ["0, 1", ["a"]],
  ["1, 3", ["b", "c"]],
  ["3, 3", []],
])("slice() takes the elements from %s", (range, value) => {
  expect(evaluated(`slice(["a", "b", "c"], ${range})`)).toEqual(value);
});

test.each(["-1, 1", "0, 4", "2, 1"])("slice() rejects the range %s", (range) => {
  expect(() => evaluated(`slice(["a", "b", "c"], ${range})`)).toThrow();
});
