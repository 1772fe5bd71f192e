import { expect, test } from "vitest";
import { nearest } from "../../src/values/nearest.ts";

test.each([
  ["sned", "send"],
  ["Dev", "dev"],
  ["deev", "dev"],
  ["endpoint", undefined],
  ["dynamodb-endpont", "dynamodb-endpoint"],
  ["x", undefined],
  ["", undefined],
])("for %j the nearest word is %s", (typed, word) => {
  expect(nearest(typed, ["dev", "send", "dynamodb-endpoint"])).toBe(word);
});
