import { expect, test } from "vitest";
import {
  jsonText,
  printed,
} from "../../../../../src/emulator/apigateway/vtl/rules/java-printing.ts";
import {
  Entry,
  HostObject,
  JavaMap,
  JsonNumber,
  List,
  type Value,
} from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";

test.each<[Value, java: string | undefined, json: string]>([
  [null, undefined, "null"],
  [true, "true", "true"],
  ['a"b', 'a"b', '"a\\"b"'],
  [12n, "12", "12"],
  [2.5, "2.5", "2.5"],
  [2, "2.0", "2.0"],
  [0, "0.0", "0.0"],
  [-0, "-0.0", "-0.0"],
  [1e-3, "0.001", "0.001"],
  [9.99e-4, "9.99E-4", "9.99E-4"],
  [1e-4, "1.0E-4", "1.0E-4"],
  [9_999_999, "9999999.0", "9999999.0"],
  [1e7, "1.0E7", "1.0E7"],
  [-1.25e7, "-1.25E7", "-1.25E7"],
  [Number.POSITIVE_INFINITY, "Infinity", "Infinity"],
  [new JsonNumber("1.50"), "1.50", "1.50"],
  [new List([1n, "a", null]), "[1, a, null]", '[1,"a",null]'],
  [new List([1n, "a", null], true), '[1,"a",null]', '[1,"a",null]'],
  [
    new JavaMap([
      ["a", "b"],
      ["c", null],
    ]),
    "{a=b, c=null}",
    '{"a":"b","c":null}',
  ],
  [new Entry("a", "b"), "a=b", "a=b"],
  [new HostObject("$input", {}, {}), "$input", "$input"],
])("%o prints as %s, and as JSON as %s", (value, java, json) => {
  expect(printed(value)).toBe(java);
  expect(jsonText(value)).toBe(json);
});

function nested(levels: number, isJson = false): Value {
  let value: Value = 1n;
  for (let level = 0; level < levels; level += 1) value = new List([value], isJson);
  return value;
}

test("values print up to 500 levels deep, one after the other", () => {
  expect(printed(new List([nested(499), nested(499)]))).toHaveLength(2 * 999 + 4);
  expect(() => printed(nested(501))).toThrow("StackOverflowError");
  expect(() => jsonText(nested(501, true))).toThrow("StackOverflowError");
});

test("values print up to a million characters, each with one for its separator", () => {
  expect(printed("a".repeat(999_999))).toHaveLength(999_999);
  expect(() => printed("a".repeat(1_000_000))).toThrow("OutOfMemoryError");
  // the list and its two items have a separator each
  expect(printed(new List(["a".repeat(999_990), "b".repeat(7)]))).toHaveLength(1_000_001);
  expect(() => printed(new List(["a".repeat(999_990), "b".repeat(8)]))).toThrow("OutOfMemoryError");
  expect(() => jsonText(new JavaMap([["a".repeat(999_995), "b"]]))).toThrow("OutOfMemoryError");
});
