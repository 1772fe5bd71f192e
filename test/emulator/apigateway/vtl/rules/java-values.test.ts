import { expect, test } from "vitest";
import {
  fromJson,
  JavaMap,
  JsonNumber,
  List,
  parseJsonText,
} from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";

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
