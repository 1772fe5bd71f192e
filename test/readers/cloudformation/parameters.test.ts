import { expect, test } from "vitest";
import { type JsonObject, Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parameterValues } from "../../../src/readers/cloudformation/rules/parameters.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { findings } from "./findings.ts";

function read(parameters: string, given: Readonly<Record<string, string>> = {}) {
  const { report, sentences } = findings();
  const origins = new Origins();
  const text = `Parameters:\n  ${parameters.replaceAll("\n", "\n  ")}\n`;
  const template = parseTemplate(text, "t.yaml", origins, report) as JsonObject;
  return { values: parameterValues(template, given, origins, report), sentences };
}

test.each<[what: string, parameter: string, given: string | undefined, expected: unknown]>([
  ["the default of a String", "{ Type: String, Default: dev }", undefined, "dev"],
  ["what is given before the default", "{ Type: String, Default: dev }", "prod", "prod"],
  ["an empty string", "{ Type: String, Default: '' }", undefined, ""],
  ["a boolean as the default of a String", "{ Type: String, Default: true }", undefined, "true"],
  ["a Number", "{ Type: Number, Default: 128 }", undefined, 128],
  ["a Number that is given", "{ Type: Number, MinValue: 1, MaxValue: 512 }", "256", 256],
  ["a Number as it is written", "{ Type: Number }", "007", "007"],
  [
    "a CommaDelimitedList",
    "{ Type: CommaDelimitedList, Default: 'a, b ,c' }",
    undefined,
    ["a", "b", "c"],
  ],
  ["a List<Number>", "{ Type: List<Number> }", "1,2", ["1", "2"]],
  ["an AWS type", "{ Type: AWS::EC2::VPC::Id, Default: vpc-1 }", undefined, "vpc-1"],
  ["a list of an AWS type", "{ Type: 'List<AWS::EC2::Subnet::Id>' }", "a,b", ["a", "b"]],
  ["a value that is allowed", "{ Type: String, AllowedValues: [dev, prod] }", "prod", "prod"],
  ["a number that is allowed", "{ Type: Number, AllowedValues: [1, '2'] }", "2", 2],
  ["a value that matches", "{ Type: String, AllowedPattern: '[a-z]+' }", "abc", "abc"],
  [
    "a pattern that only Java understands",
    "{ Type: String, AllowedPattern: '[a-z]++' }",
    "abc",
    "abc",
  ],
  [
    "an SSM parameter's value",
    "{ Type: AWS::SSM::Parameter::Value<String>, Default: /a }",
    "value",
    "value",
  ],
  ["an SSM parameter's name", "{ Type: AWS::SSM::Parameter::Name, Default: /a }", undefined, "/a"],
  [
    "an SSM parameter of AWS",
    "{ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/x }",
    undefined,
    "/aws/x",
  ],
  [
    "a list of an SSM parameter",
    "{ Type: AWS::SSM::Parameter::Value<CommaDelimitedList>, Default: /a }",
    "b,c",
    ["b", "c"],
  ],
])("takes %s", (_, parameter, given, expected) => {
  const { values, sentences } = read(`P: ${parameter}`, given === undefined ? {} : { P: given });

  expect(sentences).toEqual([]);
  expect(values).toEqual({ P: expected });
});

test("finds the value of an SSM parameter by its name in SSM", () => {
  const text = "P: { Type: AWS::SSM::Parameter::Value<String>, Default: /chat/key }";

  expect(read(text, { "/chat/key": "value" })).toEqual({ values: { P: "value" }, sentences: [] });
  expect(read(text)).toEqual({
    values: { P: "/chat/key" },
    sentences: [
      'warning 2:3 The parameter "P" gets its value from SSM, which wsgw does not read. Set it with --parameter-overrides P=VALUE.',
    ],
  });
});

test.each([
  [
    "a value that is not allowed",
    "{ Type: String, AllowedValues: [dev, prod] }",
    "test",
    'is "test". Its AllowedValues are "dev", "prod".',
  ],
  [
    "an item that is not allowed",
    "{ Type: CommaDelimitedList, AllowedValues: [a, b] }",
    "a,c",
    'is "c". Its AllowedValues are "a", "b".',
  ],
  [
    "a part that matches",
    "{ Type: String, AllowedPattern: '[a-z]+' }",
    "abc1",
    'is "abc1". It does not match the AllowedPattern [a-z]+.',
  ],
  [
    "a constraint with a description",
    "{ Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: Only letters. }",
    "1",
    'is "1". It does not match the AllowedPattern [a-z]+. Only letters.',
  ],
  [
    "a pattern that would go back for years",
    "{ Type: String, AllowedPattern: '(a+)+' }",
    `${"a".repeat(60)}!`,
    `is "${"a".repeat(60)}!". Matching it with the AllowedPattern (a+)+ takes too long. Write the pattern without nested repetitions.`,
  ],
  [
    "a text that is too short",
    "{ Type: String, MinLength: 3 }",
    "ab",
    'is "ab". Its MinLength is 3.',
  ],
  [
    "a text that is too long",
    "{ Type: String, MaxLength: '3' }",
    "abcd",
    'is "abcd". Its MaxLength is 3.',
  ],
  [
    "a number that is too small",
    "{ Type: Number, MinValue: 3 }",
    "2",
    'is "2". Its MinValue is 3.',
  ],
  [
    "a number that is too large",
    "{ Type: Number, MaxValue: 3 }",
    "4",
    'is "4". Its MaxValue is 3.',
  ],
  ["no number", "{ Type: Number }", "four", 'is "four". Set a number.'],
  ["no number in a list", "{ Type: List<Number> }", "1,b", 'is "b". Set a number.'],
  [
    "a default that is not allowed",
    "{ Type: String, Default: test, AllowedValues: [dev] }",
    undefined,
    'is "test". Its AllowedValues are "dev".',
  ],
  [
    "a type with a slip",
    "{ Type: Sring }",
    "a",
    'has the Type "Sring", which CloudFormation does not have. Did you mean "String"?',
  ],
  ["no type", "{ Default: a }", undefined, "has no Type. Add one, such as String."],
  ["no object", "a", undefined, "is not an object. Write an object with a Type."],
])("rejects %s", (_, parameter, given, problem) => {
  const { values, sentences } = read(`P: ${parameter}`, given === undefined ? {} : { P: given });

  expect(sentences).toEqual([`error 2:3 The parameter "P" ${problem}`]);
  expect(values).toEqual({});
});

test("reports all parameters without a value together, with the way to give them", () => {
  const { values, sentences } = read(
    "A: { Type: String }\nB: { Type: String, Default: b }\nC: { Type: Number }",
  );

  expect(values).toEqual({ B: "b" });
  expect(sentences).toEqual([
    'error 2:3 The parameters "A", "C" have no value. Set them with --parameter-overrides A=VALUE C=VALUE, or as parameter_overrides in samconfig.toml.',
  ]);
});

test("warns about a value for a parameter that does not exist, but not about names of other things", () => {
  const { sentences } = read("Stage: { Type: String, Default: a }", {
    Stagee: "b",
    "/chat/key": "c",
    "chat:url": "d",
  });

  expect(sentences).toEqual([
    'warning 2:3 "Stagee" has a value, but is not a parameter of the template. Did you mean "Stage"?',
  ]);
});
