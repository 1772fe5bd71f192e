import { expect, test } from "vitest";
import {
  Entry,
  fromJson,
  HostObject,
  JavaMap,
  JsonNumber,
  jsonText,
  List,
  parseJsonText,
  printed,
  type Value,
  withinMemory,
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

test("lists and strings have a million items or characters at most", () => {
  const most = "a".repeat(1_000_000);

  expect(withinMemory(most)).toBe(most);
  expect(() => withinMemory(`${most}a`)).toThrow("OutOfMemoryError");
});

test.each([
  ["12", 12n],
  ["-12", -12n],
  ["0", 0n],
  ["-0", new JsonNumber("-0")],
  ["1.50", new JsonNumber("1.50")],
  ["1E+2", new JsonNumber("1E+2")],
  ['"1"', "1"],
  ['"a\\"1"', 'a"1'],
  ["true", true],
  ["null", null],
  [
    '[1, "2", {"n" : 3, "k": [] }]',
    new List(
      [
        1n,
        "2",
        new JavaMap([
          ["n", 3n],
          ["k", new List([], true)],
        ]),
      ],
      true,
    ),
  ],
  ["{}", new JavaMap()],
])("the JSON %s is read as %o", (text, value) => {
  expect(parseJsonText(text)).toEqual(value);
});

test("what is not JSON is not read", () => {
  expect(() => parseJsonText("{")).toThrow(SyntaxError);
  expect(() => parseJsonText("01")).toThrow(SyntaxError);
});

test("values of JavaScript become those of templates", () => {
  expect(fromJson({ a: [1, 1.5, "x", true, null, undefined] })).toEqual(
    new JavaMap([["a", new List([1n, 1.5, "x", true, null, null], true)]]),
  );
});
