import { expect, test } from "vitest";
import { parseExpression } from "../../../../src/readers/terraform/rules/parse-hcl.ts";
import type { Value } from "../../../../src/readers/terraform/rules/values.ts";
import { convertTo, takesText } from "../../../../src/readers/terraform/rules/variable-types.ts";

const fallbackOf = ({ kind }: { readonly kind: string }) => `a ${kind}`;

test.each<[string, Value, Value]>([
  ["string", 1, "1"],
  ["number", "1", 1],
  ["bool", "true", true],
  ["any", "1", "1"],
  ["string", null, null],
  ["number", "a", "a"],
  ["bool", 1, 1],
  ["optional(string)", 1, "1"],
  ["list(string)", [1, 2], ["1", "2"]],
  ["list(string)", 1, 1],
  ["set(string)", [2, 1, "2"], ["1", "2"]],
  ["set(string)", 1, 1],
  ["map(number)", { a: "1" }, { a: 1 }],
  ["map(number)", ["1"], ["1"]],
  ["tuple([string, number])", [1, "2", "3"], ["1", 2, "3"]],
  ["tuple([string])", 1, 1],
  ["tuple(string)", [1], [1]],
  ["object({ a = string, b = number })", { a: 1, c: 2 }, { a: "1", b: null }],
  ["object({ a = optional(string, x) })", {}, { a: "a name" }],
  ["object({ a = optional(string, x) })", { a: null }, { a: "a name" }],
  ["object({ a = optional(string, x) })", { a: 1 }, { a: "1" }],
  ["object({ a = optional(string) })", {}, { a: null }],
  ["object({ a = list(string, x) })", {}, { a: null }],
  ["object({ (a) = string })", { a: 1 }, { "": null }],
  ["object({ toString = string })", {}, { toString: null }],
  ["object({ a = string })", [1], [1]],
  ["object(string)", { a: 1 }, { a: 1 }],
  ["unknown(string)", 1, 1],
  ["list()", [1], [1]],
  ["[string]", [1], [1]],
])("as %s, %j is %j", (type, value, converted) => {
  expect(convertTo(parseExpression(type), value, fallbackOf)).toEqual(converted);
});

test("without a type a value stays as it is, and strings are taken as they are", () => {
  expect(convertTo(undefined, 1, fallbackOf)).toBe(1);
  expect(takesText(undefined)).toBe(true);
  expect(takesText(parseExpression("string"))).toBe(true);
  expect(takesText(parseExpression("list(string)"))).toBe(false);
});
