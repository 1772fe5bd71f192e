import { expect, test } from "vitest";
import {
  Evaluator,
  type Scope,
} from "../../../src/readers/cloudformation/rules/intrinsic-functions.ts";
import type { Json, JsonObject } from "../../../src/readers/cloudformation/rules/origins.ts";
import { Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { findings } from "./findings.ts";

const PSEUDO = {
  accountId: "123456789012",
  partition: "aws",
  region: "eu-west-1",
  stackId: "arn:aws:cloudformation:eu-west-1:123456789012:stack/chat/1",
  stackName: "chat",
  urlSuffix: "amazonaws.com",
};

const COMMON = `
Parameters:
  Stage: { Type: String }
  Size: { Type: Number }
  Zones: { Type: CommaDelimitedList }
  Given: { Type: String }
Mappings:
  Sizes:
    prod: { memory: 512, zones: [a, b], "1": one }
    dev: { memory: 128 }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Equals [!Ref Stage, prod]
  Both: !And [!Condition IsDev, !Not [!Condition IsProd]]
  Either: !Or [!Condition IsProd, !Condition IsDev]
  IsTrue: !Equals [true, "true"]
  Sized: !Equals [!Ref Size, "256"]
  Circle: !Not [!Condition Circle2]
  Circle2: !Not [!Condition Circle]
  OfResource: !Equals [!Ref Table, a]
  NoBoolean: !Ref Stage
  OneOnly: !And [!Condition IsDev]
Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Nested: { Type: AWS::CloudFormation::Stack }
  Absent: { Type: AWS::SQS::Queue, Condition: IsProd }
`;

const ATTRIBUTES: Readonly<Record<string, Json>> = {
  Table: "chat-table",
  "Table.Arn": "arn:table",
  "Nested.Outputs.Url": "https://nested",
};

/** Evaluates `Subject` of a template with the sections above. */
function evaluate(text: string, scope: Partial<Scope> = {}) {
  const { report, sentences } = findings();
  const origins = new Origins();
  const template = parseTemplate(
    `Subject:\n  ${text}${COMMON}`,
    "t.yaml",
    origins,
    report,
  ) as JsonObject;
  const evaluator = new Evaluator(
    {
      template,
      pseudo: PSEUDO,
      parameters: { Stage: "dev", Size: 256, Zones: ["x", "y"] },
      resource: (id, attribute) => ATTRIBUTES[attribute === undefined ? id : `${id}.${attribute}`],
      importValue: (name) => (name === "chat:url" ? "https://other" : undefined),
      secret: (reference) => (reference === "ssm:/chat/key:1" ? "s3cret" : undefined),
      ...scope,
    },
    origins,
    report,
  );
  return {
    value: evaluator.value(template.Subject ?? null),
    sentences,
    evaluator,
    origins,
    template,
  };
}

test.each<[what: string, text: string, expected: unknown]>([
  ["Ref of a parameter", "!Ref Stage", "dev"],
  ["Ref of a list parameter", "!Ref Zones", ["x", "y"]],
  ["Ref of a resource", "!Ref Table", "chat-table"],
  ["Ref of a pseudo parameter", "!Ref AWS::StackName", "chat"],
  [
    "Ref of all other pseudo parameters",
    "!Join [' ', [!Ref AWS::AccountId, !Ref AWS::Partition, !Ref AWS::Region, !Ref AWS::URLSuffix, !Ref AWS::StackId]]",
    `123456789012 aws eu-west-1 amazonaws.com ${PSEUDO.stackId}`,
  ],
  [
    "AWS::NoValue out of its parent",
    "{ A: !Ref AWS::NoValue, B: [1, !Ref AWS::NoValue, 2] }",
    { B: [1, 2] },
  ],
  ["a declared parameter whose value is missing, quietly", "{ A: !Ref Given }", {}],
  ["an object with Ref among other keys as data", "{ Ref: a, Name: b }", { Ref: "a", Name: "b" }],
  [
    "an object of conditions of IAM as data",
    "{ Condition: { StringEquals: { a: b } } }",
    { Condition: { StringEquals: { a: "b" } } },
  ],
  ["GetAtt in its short form", "!GetAtt Table.Arn", "arn:table"],
  ["GetAtt in its long form", "{ Fn::GetAtt: [Table, Arn] }", "arn:table"],
  ["GetAtt in its long form as a string", "{ Fn::GetAtt: Table.Arn }", "arn:table"],
  ["GetAtt of an output of a nested stack", "!GetAtt Nested.Outputs.Url", "https://nested"],
  ["GetAtt of an attribute in parts", "{ Fn::GetAtt: [Nested, Outputs, Url] }", "https://nested"],
  [
    "Sub of parameters, resources and attributes",
    "!Sub '${Stage}-${Table}-${Table.Arn}-${AWS::Region}-${Size}'",
    "dev-chat-table-arn:table-eu-west-1-256",
  ],
  ["Sub with ${!literal}", "!Sub '${!Stage}-${Stage}'", "${Stage}-dev"],
  [
    "Sub with $ and braces that are no variable",
    "!Sub '$Stage {Stage} ${Stage'",
    "$Stage {Stage} ${Stage",
  ],
  [
    "Sub with own variables before others",
    "!Sub ['${Stage}/${Own}', { Stage: !Ref Table, Own: !Ref Size }]",
    "chat-table/256",
  ],
  ["Sub without replacing what a value holds", "!Sub ['${A}', { A: '${Stage}' }]", "${Stage}"],
  ["Sub of AWS::NoValue as nothing", "!Sub 'a${AWS::NoValue}b'", "ab"],
  ["Join with numbers and booleans", "!Join ['-', [a, 1, true, !Ref Size]]", "a-1-true-256"],
  ["Join of a list parameter", "!Join [',', !Ref Zones]", "x,y"],
  ["Join without AWS::NoValue", "!Join ['-', [a, !Ref AWS::NoValue, b]]", "a-b"],
  [
    "Join with nothing between",
    "!Join ['', [integrations/, !Ref Table]]",
    "integrations/chat-table",
  ],
  ["Split", "!Split ['/', a/b/c]", ["a", "b", "c"]],
  ["Select from Split", "!Select [1, !Split ['/', a/b/c]]", "b"],
  ["Select with a string as index", "!Select ['0', !Ref Zones]", "x"],
  ["If, the true side only", "!If [IsDev, a, !Ref Unknown]", "a"],
  ["If, the false side only", "!If [IsProd, !Ref Unknown, { A: !Ref Stage }]", { A: "dev" }],
  ["If with AWS::NoValue", "{ A: !If [IsProd, 1, !Ref AWS::NoValue] }", {}],
  ["FindInMap", "!FindInMap [Sizes, prod, memory]", 512],
  ["FindInMap with references", "!FindInMap [Sizes, !Ref Stage, memory]", 128],
  ["FindInMap of a list", "!FindInMap [Sizes, prod, zones]", ["a", "b"]],
  ["FindInMap of a key that is a number", "!FindInMap [Sizes, prod, 1]", "one"],
  [
    "FindInMap with a default",
    "!FindInMap [Sizes, test, memory, { DefaultValue: !Ref Size }]",
    256,
  ],
  ["ImportValue", "!ImportValue { Fn::Sub: '${AWS::StackName}:url' }", "https://other"],
  ["Base64", "{ Fn::Base64: !Sub 'ä ${Stage}' }", "w6QgZGV2"],
  [
    "Cidr",
    "!Cidr [192.168.0.0/24, 6, 5]",
    [
      "192.168.0.0/27",
      "192.168.0.32/27",
      "192.168.0.64/27",
      "192.168.0.96/27",
      "192.168.0.128/27",
      "192.168.0.160/27",
    ],
  ],
  ["Cidr of IPv6", "!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]],
  ["GetAZs of this region", "!GetAZs ''", ["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
  ["GetAZs of another region", "!GetAZs us-east-1", ["us-east-1a", "us-east-1b", "us-east-1c"]],
  [
    "ToJsonString",
    "!ToJsonString { A: !Ref Stage, B: [1, true], C: !Ref AWS::NoValue }",
    '{"A":"dev","B":[1,true]}',
  ],
  ["Length", "!Length [1, 2, !Ref AWS::NoValue]", 2],
  ["Length of a list parameter", "!Length { Ref: Zones }", 2],
  ["a dynamic reference", "'a {{resolve:ssm:/chat/key:1}}'", "a s3cret"],
  [
    "a dynamic reference that Sub puts together",
    "!Sub '{{resolve:ssm:/${AWS::StackName}/key:1}}'",
    "s3cret",
  ],
  ["null as null", "{ A: ~ }", { A: null }],
])("evaluates %s", (_, text, expected) => {
  const { value, sentences } = evaluate(text);

  expect(sentences.filter((sentence) => sentence.startsWith("error"))).toEqual([]);
  expect(value).toEqual(expected);
});

test.each([
  [
    "a name that does not exist",
    "!Ref Tabel",
    'The resource or parameter "Tabel" does not exist. Did you mean "Table"?',
  ],
  [
    "a pseudo parameter with a slip",
    "!Ref AWS::Regoin",
    'The resource or parameter "AWS::Regoin" does not exist. Did you mean "AWS::Region"?',
  ],
  [
    "an unknown variable of Sub",
    "!Sub '${Stagee}'",
    'The resource or parameter "Stagee" does not exist. Did you mean "Stage"?',
  ],
  [
    "an attribute that nothing knows",
    "!GetAtt Table.Arm",
    'wsgw does not know the attribute "Arm" of "Table".',
  ],
  ["a resource without Ref", "!Ref Nested", 'wsgw does not know Ref of "Nested".'],
  [
    "GetAtt without an attribute",
    "!GetAtt Table",
    "Fn::GetAtt needs a list of a logical id and an attribute.",
  ],
  [
    "a resource whose condition is false",
    "!Ref Absent",
    '"Absent" does not exist, because its condition "IsProd" is false. Refer to it inside Fn::If.',
  ],
  [
    "an unknown function",
    "{ Fn::Jion: [] }",
    'Fn::Jion is not a function of CloudFormation. Did you mean "Fn::Join"?',
  ],
  [
    "a macro",
    "{ Fn::Transform: { Name: Own } }",
    "Fn::Transform calls a macro, which runs only on AWS. wsgw runs only AWS::Include.",
  ],
  [
    "ForEach without its transform",
    "{ Fn::ForEach::All: [] }",
    "Fn::ForEach needs the transform. Add Transform: AWS::LanguageExtensions.",
  ],
  [
    "keys beside a function",
    "{ Fn::Sub: a, B: c }",
    "Fn::Sub has other keys next to it. Remove them: a function is the only key of its object.",
  ],
  [
    "a name with blanks in Sub",
    "!Sub 'a ${ b }'",
    'Fn::Sub cannot replace ${ b }: names have letters, digits, "_", "." and ":". Write ${! b } for the literal string.',
  ],
  ["a list in Sub", "!Sub '${Zones}'", "${Zones} in Fn::Sub needs a string and gets a list."],
  [
    "an object in Join",
    "!Join ['', [{ A: 1 }]]",
    "An item of Fn::Join needs a string and gets an object.",
  ],
  [
    "Join without a list",
    "!Join ['', a]",
    "Fn::Join needs a list of a delimiter and a list of values.",
  ],
  [
    "Sub of an object",
    "!Sub { A: b }",
    "Fn::Sub needs a string, or a list of a string and an object of variables.",
  ],
  ["Split by nothing", "!Split ['', a]", "Fn::Split has an empty delimiter. Set one."],
  [
    "Select outside its list",
    "!Select [2, [a, b]]",
    'Fn::Select finds nothing at index "2". Indexes go from 0 to 1.',
  ],
  [
    "Select from nothing",
    "!Select [0, []]",
    'Fn::Select finds nothing at index "0". The list is empty.',
  ],
  [
    "an unknown condition",
    "!If [IsDevv, a, b]",
    'The condition "IsDevv" does not exist. Did you mean "IsDev"?',
  ],
  [
    "If without the other side",
    "!If [IsDev, a]",
    "Fn::If needs a list of a condition's name, the value if it is true and the value if it is false.",
  ],
  [
    "an unknown mapping",
    "!FindInMap [Size, prod, memory]",
    'Fn::FindInMap finds no mapping "Size". Did you mean "Sizes"?',
  ],
  [
    "an unknown key",
    "!FindInMap [Sizes, pord, memory]",
    'Fn::FindInMap finds no top-level key "pord". Did you mean "prod"?',
  ],
  [
    "an unknown key below",
    "!FindInMap [Sizes, prod, memry]",
    'Fn::FindInMap finds no second-level key "memry". Did you mean "memory"?',
  ],
  [
    "an unknown export",
    "!ImportValue other:url",
    'No stack on this machine exports "other:url". Set its value with --parameter-overrides "other:url=VALUE".',
  ],
  [
    "subnets without room",
    "!Cidr [10.0.0.0/24, 9, 5]",
    'Fn::Cidr cannot cut 9 subnets with 5 bits from "10.0.0.0/24".',
  ],
  [
    "too many subnets",
    "!Cidr [10.0.0.0/8, 257, 8]",
    "Fn::Cidr needs a list of a CIDR block, a count from 1 to 256 and the bits of a subnet.",
  ],
])("reports %s with its place", (_, text, problem) => {
  const { sentences } = evaluate(text);

  expect(sentences).toEqual([expect.stringMatching(/^error \d+:\d+ /)]);
  expect(sentences[0]?.replace(/^error \S+ /, "")).toBe(problem);
});

test.each([
  ["IsDev", true],
  ["IsProd", false],
  ["Both", true],
  ["Either", true],
  ["IsTrue", true],
  ["Sized", true],
])("the condition %s is %s", (name, expected) => {
  const { evaluator, sentences } = evaluate("a");

  expect(evaluator.holds(name)).toBe(expected);
  expect(sentences).toEqual([]);
});

test.each([
  ["Circle", 'The condition "Circle" depends on itself. Remove the circular reference.'],
  ["OfResource", '"Table" is not a parameter. Conditions can refer only to parameters.'],
  ["NoBoolean", "A condition is neither true nor false. Compare with Fn::Equals."],
  ["OneOnly", "Fn::And needs a list of 2 to 10 conditions."],
])("reports the condition %s", (name, problem) => {
  const { evaluator, sentences } = evaluate("a");
  evaluator.holds(name);
  evaluator.holds(name);

  expect(sentences).toEqual([expect.stringContaining(problem)]);
});

test("keeps a dynamic reference without a value, warns once and says how to give it", () => {
  const { value, sentences } = evaluate(
    "['{{resolve:secretsmanager:key:SecretString:a}}', '{{resolve:secretsmanager:key:SecretString:a}}']",
  );

  expect(value).toEqual(Array(2).fill("{{resolve:secretsmanager:key:SecretString:a}}"));
  expect(sentences).toEqual([
    'warning 2:4 {{resolve:secretsmanager:key:SecretString:a}} has no value on this machine and is not replaced. Set one with --parameter-overrides "key=VALUE".',
  ]);
});

test("reports an error once however often it is read, and none in unused values", () => {
  const { evaluator, template, sentences } = evaluate("{ A: !Ref Tabel }");
  evaluator.value(template.Subject ?? null);

  expect(sentences).toHaveLength(1);
});

test("reports a resource whose name depends on itself", () => {
  let evaluateAgain = (): Json | undefined => undefined;
  const { evaluator, template, sentences } = evaluate("a", { resource: () => evaluateAgain() });
  const subject = { Ref: "Table" };
  evaluateAgain = () => evaluator.value(subject);
  evaluator.value(subject);

  expect(template).toBeDefined();
  expect(sentences).toContain("error A value depends on itself. Remove the circular reference.");
});

test("what is evaluated has the place of what it was evaluated from", () => {
  const { value, origins } = evaluate("{ A: !If [IsDev, { B: !Ref Stage }, c] }");

  expect(origins.of(value, "A")).toMatchObject({ line: 2, path: ["Subject", "A"] });
  expect(origins.of((value as { A: Json }).A, "B")).toMatchObject({ line: 2, column: 22 });
});

test.each([
  [
    "Sub",
    Array.from({ length: 40 }).reduce<Json>(
      (inner) => ({ "Fn::Sub": ["${a}${a}", { a: inner }] }),
      "xxxxxxxx",
    ),
  ],
  [
    "ToJsonString",
    Array.from({ length: 60 }).reduce<Json>((inner) => ({ "Fn::ToJsonString": inner }), '"'),
  ],
  [
    "Base64",
    Array.from({ length: 90 }).reduce<Json>((inner) => ({ "Fn::Base64": inner }), "xxxxxxxx"),
  ],
])("bounds %s that doubles at every level", (_, subject) => {
  const { evaluator, sentences } = evaluate("a");
  const start = performance.now();
  evaluator.value(subject);

  expect(sentences).toEqual(["error A string is longer than 1 MB after evaluation."]);
  expect(performance.now() - start).toBeLessThan(2000);
});

test("bounds all results together", () => {
  const { evaluator, sentences } = evaluate("a", { parameters: { Stage: "x".repeat(4096) } });
  const joins = Array.from({ length: 10_000 }, () => ({ "Fn::Sub": "${Stage}${Stage}" }));
  evaluator.value(joins);

  expect(sentences).toEqual(["error The template is too large after evaluation."]);
});

test("says what was meant for the first 20 names alone, for comparing names is work", () => {
  const names = Array.from({ length: 21 }, (_, at) => `Table${at}`);

  const { sentences } = evaluate(`[${names.map((name) => `!Ref ${name}`).join(", ")}]`);

  const hinted = sentences.map((sentence) => sentence.endsWith('. Did you mean "Table"?'));
  expect(hinted).toEqual([...Array(20).fill(true), false]);
  expect(sentences[20]).toMatch(/ The resource or parameter "Table20" does not exist\.$/);
});

test("bounds how deep values refer to values", () => {
  const { evaluator, sentences } = evaluate("a");
  evaluator.value(Array.from({ length: 5000 }).reduce<Json>((inner) => [inner], 1));

  expect(sentences).toEqual(["error References are nested too deeply. Flatten them."]);
});
