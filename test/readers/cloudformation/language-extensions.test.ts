import { expect, test } from "vitest";
import { Evaluator } from "../../../src/readers/cloudformation/rules/intrinsic-functions.ts";
import {
  expandLoops,
  hasTransform,
} from "../../../src/readers/cloudformation/rules/language-extensions.ts";
import type { Json, JsonObject } from "../../../src/readers/cloudformation/rules/origins.ts";
import { Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { findings } from "./findings.ts";

const PSEUDO = {
  accountId: "1",
  partition: "aws",
  region: "r",
  stackId: "i",
  stackName: "s",
  urlSuffix: "u",
};

function expand(text: string) {
  const { report, sentences } = findings();
  const origins = new Origins();
  const template = parseTemplate(text, "t.yaml", origins, report) as JsonObject;
  const scope = {
    template,
    pseudo: PSEUDO,
    parameters: { Names: ["a", "b"], Text: "a" },
    resource: () => undefined,
    importValue: () => undefined,
    secret: () => undefined,
  };
  const evaluator = new Evaluator(scope, origins, report);
  const expanded = expandLoops(template, (node) => evaluator.value(node), origins, report);
  return { expanded, sentences, origins };
}

test.each<[what: string, text: string, expected: unknown]>([
  [
    "resources",
    `Resources:
  Fn::ForEach::Topics:
  - Name
  - [Success, Failure]
  - Topic\${Name}: { Type: T, Properties: { Name: !Sub 'x-\${Name}-\${!Name}', Ref: !Ref Name, Tag: '\${Name}' } }
  Other: { Type: O }`,
    {
      Resources: {
        TopicSuccess: {
          Type: "T",
          Properties: { Name: { "Fn::Sub": "x-Success-${!Name}" }, Ref: "Success", Tag: "Success" },
        },
        TopicFailure: {
          Type: "T",
          Properties: { Name: { "Fn::Sub": "x-Failure-${!Name}" }, Ref: "Failure", Tag: "Failure" },
        },
        Other: { Type: "O" },
      },
    },
  ],
  [
    "properties beside others",
    "Resources: { A: { Properties: { B: 1, 'Fn::ForEach::P': [X, [c, d], { 'P${X}': !GetAtt [A, !Ref X] }] } } }",
    {
      Resources: {
        A: {
          Properties: { B: 1, Pc: { "Fn::GetAtt": ["A", "c"] }, Pd: { "Fn::GetAtt": ["A", "d"] } },
        },
      },
    },
  ],
  [
    "a collection of a parameter",
    "Outputs: { 'Fn::ForEach::O': [X, !Ref Names, { '${X}': { Value: 1 } }] }",
    { Outputs: { a: { Value: 1 }, b: { Value: 1 } } },
  ],
  [
    "a collection of a mapping",
    "Mappings: { M: { a: { l: [x] } } }\nOutputs: { 'Fn::ForEach::O': [X, !FindInMap [M, !Ref Text, l], { '${X}': 1 }] }",
    { Mappings: { M: { a: { l: ["x"] } } }, Outputs: { x: 1 } },
  ],
  [
    "&{X} as letters and digits",
    "Outputs: { 'Fn::ForEach::O': [X, [10.0.0.1], { 'O&{X}': '${X}' }] }",
    { Outputs: { O10001: "10.0.0.1" } },
  ],
  [
    "conditions",
    "Conditions: { 'Fn::ForEach::O': [X, [a], { 'Is${X}': !Equals [!Ref X, a] }] }",
    { Conditions: { Isa: { "Fn::Equals": ["a", "a"] } } },
  ],
  [
    "loops in loops",
    "Outputs: { 'Fn::ForEach::O': [X, [a, b], { 'Fn::ForEach::I': [Y, ['1${X}', 2], { '${X}${Y}': !Ref Y }] }] }",
    { Outputs: { a1a: "1a", a2: "2", b1b: "1b", b2: "2" } },
  ],
  [
    "only the sections that may have loops",
    "Metadata: { 'Fn::ForEach::O': [X, [a], {}] }",
    { Metadata: { "Fn::ForEach::O": ["X", ["a"], {}] } },
  ],
])("writes out %s", (_, text, expected) => {
  const { expanded, sentences } = expand(text);

  expect(sentences).toEqual([]);
  expect(expanded).toEqual(expected);
});

test.each([
  [
    "a loop without its object",
    "Outputs: { 'Fn::ForEach::O': [X, [a]] }",
    "1:12 Fn::ForEach::O needs a list of an identifier, a collection and an object.",
  ],
  [
    "a collection that is a string",
    "Outputs: { 'Fn::ForEach::O': [X, !Ref Text, {}] }",
    "1:12 The collection of Fn::ForEach::O is not a list of strings.",
  ],
  [
    "a collection that does not exist",
    "Outputs: { 'Fn::ForEach::O': [X, !Ref Nams, {}] }",
    '1:34 The resource or parameter "Nams" does not exist.',
  ],
  [
    "a key that does not change",
    "Outputs: { 'Fn::ForEach::O': [X, [a, b], { Y: 1 }] }",
    '1:44 "Y" appears twice after loops are expanded. Rename one.',
  ],
])("reports %s", (_, text, problem) => {
  expect(expand(text).sentences).toEqual([`error ${problem}`]);
});

test("what a loop makes has the place where it was written", () => {
  const { expanded, origins } = expand(
    "Resources:\n  Fn::ForEach::T:\n  - X\n  - [a]\n  - T${X}:\n      Name: !Ref X\n",
  );
  const resources = expanded.Resources as JsonObject;

  expect(origins.of(resources, "Ta")).toMatchObject({ line: 5, path: ["Resources", "Ta"] });
  expect(origins.of(resources.Ta, "Name")).toMatchObject({ line: 6 });
});

test("bounds loops in loops", () => {
  const many = JSON.stringify(Array.from({ length: 50 }, (_, at) => `${at}`));
  const loop = ["A", "B", "C", "D", "E"].reduce(
    (inner, name) => `{ 'Fn::ForEach::${name}': [${name}, ${many}, ${inner}] }`,
    "{ '${A}-${B}-${C}-${D}-${E}': 1 }",
  );
  const start = performance.now();
  const { sentences } = expand(`Outputs: ${loop}`);

  expect(sentences).toEqual([
    expect.stringMatching(
      /^error 1:\d+ Loops make the template too large. Use smaller collections.$/,
    ),
  ]);
  expect(performance.now() - start).toBeLessThan(5000);
});

test.each<[transform: Json, expected: boolean]>([
  ["AWS::LanguageExtensions", true],
  [["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"], true],
  [{ Name: "AWS::LanguageExtensions" }, true],
  ["AWS::Serverless-2016-10-31", false],
  [null, false],
])("knows whether %j names a transform", (transform, expected) => {
  expect(hasTransform({ Transform: transform }, "AWS::LanguageExtensions")).toBe(expected);
  expect(hasTransform({}, "AWS::LanguageExtensions")).toBe(false);
});
