import { expect, test } from "vitest";
import {
  attributeValue,
  evaluate,
  type Scope,
} from "../../../../src/readers/terraform/rules/evaluate-hcl.ts";
import { HclFault } from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import { parseExpression } from "../../../../src/readers/terraform/rules/parse-hcl.ts";
import { Attributed, type Value } from "../../../../src/readers/terraform/rules/values.ts";
import { contextOf } from "../evaluated.ts";

/** A resource with one attribute. */
class Queue extends Attributed {
  readonly label = "aws_sqs_queue.jobs";

  attribute(name: string): Value | undefined {
    return name === "name" ? "jobs" : undefined;
  }

  names(): readonly string[] {
    return ["name"];
  }
}

const NAMES: Readonly<Record<string, Value>> = {
  a: "x",
  elsewhere: "{{resolve:terraform:state}}",
  long: "a".repeat(1024 * 1024),
  many: Array.from({ length: 50_000 }, () => 0),
  queue: new Queue(),
};

function scope(count: () => void = () => {}): Scope {
  const context = { ...contextOf({ "a.tftpl": "${b} ${can(a)}" }), count };
  return { file: "/project/main.tf", named: (name) => NAMES[name], context };
}

const evaluated = (text: string) => evaluate(parseExpression(text), scope());

test.each<[string, Value]>([
  ["true && true", true],
  ["true && false", false],
  ["false && nothing", false],
  ["false || true", true],
  ["false || false", false],
  ["true || nothing", true],
  ["1 == 1", true],
  ["1 == 2", false],
  ["2 == 1", false],
  ["1 != 2", true],
  ["[1] != [1]", false],
  ["3 + 2", 5],
  ["3 - 2", 1],
  ["3 * 2", 6],
  ["3 / 2", 1.5],
  ["3 % 2", 1],
  ["1 < 2", true],
  ["2 < 2", false],
  ["2 > 1", true],
  ["2 > 2", false],
  ["2 <= 2", true],
  ["3 <= 2", false],
  ["2 >= 2", true],
  ["1 >= 2", false],
  ["!true", false],
  ["-(1)", -1],
  ["true ? 1 : nothing", 1],
  ["false ? nothing : 2", 2],
  ["{ (a) = 1, b = [a] }", { x: 1, b: ["x"] }],
  ['"${a}"', "x"],
  ['"${1}"', 1],
  ['"${1}2"', "12"],
  ['"%{ for b in [1, 2] }${b}%{ endfor }"', "12"],
  ["[1, 2][1]", 2],
  ["queue.name", "jobs"],
  ["elsewhere.a[0]", "{{resolve:terraform:state.a.0}}"],
  ["[{ b = 1 }, { b = 2 }][*].b", [1, 2]],
  ["null[*]", []],
  ["1[*]", [1]],
  ["[for b in [1, 2, 3] : b * 2 if b != 2]", [2, 6]],
  [
    "[for k, v in { d = 1, c = 2 } : [k, v]]",
    [
      ["c", 2],
      ["d", 1],
    ],
  ],
  ["[for k, v in [5] : [k, v]]", [[0, 5]]],
  ["[for k, v in queue : [k, v]]", [["name", "jobs"]]],
  ["[for a in [1] : a]", [1]],
  ["{ for k, v in [5, 6] : k => v }", { 0: 5, 1: 6 }],
  ["{ for v in [1, 2, 3] : v % 2 => v... }", { 1: [1, 3], 0: [2] }],
  ["max(1, [2, 3]...)", 3],
  ['join("-", ["a"], [["b"]]...)', "a-b"],
  ['templatefile("a.tftpl", { b = "c" })', "c false"],
  ["try(nothing, a, 1)", "x"],
  ["can(a)", true],
  ["can(nothing)", false],
])("%s is %j", (text, value) => {
  expect(evaluated(text)).toEqual(value);
});

test.each([
  ["nothing", 'wsgw does not know what "nothing" is here.', 1],
  ["1 / 0", "this divides by zero.", 1],
  ["!1", "1 is not a boolean.", 1],
  ["1 + [2][1]", 'a list has no element "1".', 5],
  ["{}.b", 'an object has no attribute "b".', 1],
  ["[][null]", 'a list has no element "null".', 1],
  ["[][[]]", 'a list has no element "a list".', 1],
  ["a[[]]", "a list is not a string.", 1],
  ["queue.url", 'aws_sqs_queue.jobs has no "url".', 1],
  ["upper([])", "upper(): a list is not a string.", 1],
  ["try(nothing, neither)", "none of the arguments of try() can be evaluated.", 1],
  ['join("", [long, "b"])', "this is longer than 1 MB.", 1],
  ["concat(many, [1])", "this list is too long.", 1],
])("%s is rejected at its place", (text, problem, column) => {
  expect(() => evaluated(text)).toThrow(
    new HclFault(problem, { line: 1, column }, "/project/main.tf"),
  );
  const place = { place: { line: 1, column }, file: "/project/main.tf" };
  expect(() => evaluated(text)).toThrow(expect.objectContaining(place));
});

test("strings of 1 MB and lists of 50000 elements are values", () => {
  expect(evaluated("long")).toHaveLength(1024 * 1024);
  expect(evaluated("many")).toHaveLength(50_000);
});

test("every expression is counted", () => {
  let steps = 0;
  const count = () => {
    steps += 1;
  };
  evaluate(parseExpression("[1 + 2, a]"), scope(count));

  expect(steps).toBe(5);
});

test("an attribute of another file is rejected in that file", () => {
  const attribute = { name: "b", value: parseExpression("nothing"), line: 1, column: 1 };
  const fileOf = (file?: string) => {
    try {
      return attributeValue({ ...attribute, ...(file !== undefined && { file }) }, scope());
    } catch (error) {
      return error instanceof HclFault ? error.file : error;
    }
  };

  expect(fileOf()).toBe("/project/main.tf");
  expect(fileOf("/project/override.tf")).toBe("/project/override.tf");
});

test("errors that are not of values are thrown by try() too", () => {
  const broken = scope(() => {
    throw new TypeError("no step");
  });

  expect(() => evaluate(parseExpression("try(1)"), broken)).toThrow(new TypeError("no step"));
});
