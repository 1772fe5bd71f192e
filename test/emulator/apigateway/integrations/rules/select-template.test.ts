import { expect, test } from "vitest";
import {
  evaluateSelection,
  inBody,
  selectTemplate,
} from "../../../../../src/emulator/apigateway/integrations/rules/select-template.ts";

test.each([
  ["a", "a"],
  ["$x", "1"],
  ["${x}", "1"],
  ["${x}-$y.z", "1-2"],
  ["$none", ""],
  ["\\$x", "$x"],
  ["$x,$x", "1,1"],
  ["$", ""],
])("the expression %s selects %j", (expression, value) => {
  const values = new Map([
    ["x", "1"],
    ["y.z", "2"],
  ]);

  expect(evaluateSelection(expression, (name) => values.get(name))).toBe(value);
});

test.each([
  [{ a: "A", $default: "D" }, "a", "A"],
  [{ a: "A", $default: "D" }, "b", "D"],
  [{ a: "A", "\\$default": "D" }, "b", "D"],
  [{ a: "A" }, "b", undefined],
  [{ a: "A", $default: "D", "application/json": "J" }, undefined, "D"],
  [{ a: "A", "application/json": "J" }, undefined, "J"],
  [{ a: "A" }, undefined, "A"],
  [{ a: "A", b: "B" }, undefined, undefined],
  [{}, undefined, undefined],
  [undefined, undefined, undefined],
  [undefined, "a", undefined],
])("of the templates %o the expression %s selects %s", (templates, expression, template) => {
  expect(selectTemplate(templates, expression, () => undefined)).toBe(template);
});

test("variables of a message are paths of its body", () => {
  const of = inBody('{"a":{"b":"x"},"n":1}');

  expect(of("request.body.a.b")).toBe("x");
  expect(of("request.body.n")).toBe("1");
  expect(of("request.body.a.c")).toBeUndefined();
  expect(of("nope.a")).toBeUndefined();
  expect(of("}")).toBeUndefined();
  expect(inBody("x")("request.body.a")).toBeUndefined();
});
