import { expect, test } from "vitest";
import {
  type Body,
  type Expression,
  HclFault,
} from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import { parseHclJson } from "../../../../src/readers/terraform/rules/parse-hcl-json.ts";

function shown(value: Expression): unknown {
  if (value.kind === "literal") return value.value;
  return value.kind === "name" ? `the name ${value.name}` : value.kind;
}

/** A body: each attribute as `NAME at LINE:COLUMN` with its value, each block by its name and place. */
function outline({ attributes, blocks }: Body): unknown {
  return [
    ...[...attributes].map(([name, { value, line, column }]) => [
      `${name} at ${line}:${column}`,
      shown(value),
    ]),
    ...blocks.map(({ type, labels, body, line, column }) => [
      `${[type, ...labels].join(" ")} at ${line}:${column}`,
      outline(body),
    ]),
  ];
}

const read = (text: string) => outline(parseHclJson(text));

test.each([
  ["data", '{"a": {"b": {"c": 1}}}', "data a b at 1:22"],
  ["locals", '{"c": 1}', "locals at 1:12"],
  ["module", '{"a": {"c": 1}}', "module a at 1:18"],
  ["output", '{"a": {"c": 1}}', "output a at 1:18"],
  ["provider", '{"a": {"c": 1}}', "provider a at 1:20"],
  ["resource", '{"a": {"b": {"c": 1}}}', "resource a b at 1:26"],
  ["terraform", '{"c": 1}', "terraform at 1:15"],
  ["variable", '{"a": {"c": 1}}', "variable a at 1:20"],
])("a block %s has as many labels as in HCL", (type, value, name) => {
  const column = Number(name.split(":")[1]) + 6;

  expect(read(`{"${type}": ${value}}`)).toEqual([[name, [[`c at 1:${column}`, 1]]]]);
});

test("arrays have several blocks of one name, and other types none", () => {
  expect(read('{"toString": {"a": 1}, "check": {"a": 1}, "//": "a"}')).toEqual([]);
  expect(read('[{"module": [{"a": [{"//": "text"}, {}]}, {"b": {}}]}, {"locals": {}}]')).toEqual([
    ["module a at 1:21", []],
    ["module a at 1:37", []],
    ["module b at 1:49", []],
    ["locals at 1:67", []],
  ]);
});

test("types of variables are expressions, others are strings", () => {
  expect(read('{"variable": {"a": {"type": "string", "default": "b"}, "b": {"type": 1}}}')).toEqual(
    [
      [
        "variable a at 1:20",
        [
          ["type at 1:29", "the name string"],
          ["default at 1:50", "b"],
        ],
      ],
      ["variable b at 1:61", [["type at 1:70", 1]]],
    ],
  );
  expect(read('{"output": {"a": {"type": "string"}}}')).toEqual([
    ["output a at 1:18", [["type at 1:27", "string"]]],
  ]);
});

test("dynamic blocks have their content as a block, and a name as iterator", () => {
  const text = `{"resource": {"a": {"b": {"dynamic": {
"c": [{"for_each": 1, "iterator": "d", "content": {"e": 2}}],
"f": {"for_each": 3}
}}}}}`;

  expect(read(text)).toEqual([
    [
      "resource a b at 1:26",
      [
        [
          "dynamic c at 2:7",
          [
            ["for_each at 2:20", 1],
            ["iterator at 2:35", "the name d"],
            ["content at 2:51", [["e at 2:57", 2]]],
          ],
        ],
        ["dynamic f at 3:6", [["for_each at 3:19", 3]]],
      ],
    ],
  ]);
});

test.each(['{"locals": 1}', '{"locals": [1]}'])("%s is rejected", (text) => {
  const column = text.indexOf("1") + 1;

  expect(() => read(text)).toThrow(HclFault);
  expect(() => read(text)).toThrow("expected an object.");
  expect(() => read(text)).toThrow(expect.objectContaining({ place: { line: 1, column } }));
});
