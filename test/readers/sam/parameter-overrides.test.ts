import { expect, test } from "vitest";
import { readOverrides } from "../../../src/readers/sam/rules/parameter-overrides.ts";

test.each([
  ["pairs", "Stage=dev Size=3", { Stage: "dev", Size: "3" }],
  [
    "values in double quotes, with escapes",
    String.raw`Name="a \"b\" c" Path="C:\\x"`,
    { Name: 'a "b" c', Path: "C:\\x" },
  ],
  [
    "values in single quotes, as they are",
    String.raw`Name='a \n "b"'`,
    { Name: String.raw`a \n "b"` },
  ],
  [
    "names in quotes, as sam deploy --guided writes them",
    '"Stage"="dev" "Empty"=""',
    { Stage: "dev", Empty: "" },
  ],
  [
    "CloudFormation's own form",
    "ParameterKey=A,ParameterValue=x,y ParameterKey=B,ParameterValue='p q'",
    { A: "x,y", B: "p q" },
  ],
  ["both forms in one string", "A=1 ParameterKey=B,ParameterValue=2", { A: "1", B: "2" }],
  [
    "values with equals signs and commas",
    "Query=a=b Subnets=s-1,s-2",
    { Query: "a=b", Subnets: "s-1,s-2" },
  ],
  ["lines and tabs between pairs", "\n  A=1\n\tB=2\n", { A: "1", B: "2" }],
  ["empty values", "A= B=2", { A: "", B: "2" }],
  ["lists, whose last value holds", ["A=1", "B=2 C=3", "A=4"], { A: "4", B: "2", C: "3" }],
  [
    "an argument whose quotes the shell has taken",
    ["Title=two words", 'Say=it "is"'],
    { Title: "two words", Say: 'it "is"' },
  ],
  [
    "tables with numbers, booleans and lists",
    { A: 1, B: true, C: ["x", "y"], D: "z" },
    { A: "1", B: "true", C: "x,y", D: "z" },
  ],
  ["tables in lists", [{ A: "1" }, "B=2"], { A: "1", B: "2" }],
  ["nothing", "", {}],
])("reads %s", (_, written, values) => {
  expect(readOverrides(written)).toEqual({ values, faults: [] });
});

test.each([
  ["a word without a value", "A=1 oops", ['"oops" is not a parameter override.']],
  [
    "a word after a value with a quote that does not end",
    'A="x B=2',
    ["is not a parameter override"],
  ],
  [
    "a file",
    "file://values.yaml",
    ['"file://values.yaml": wsgw does not read overrides from files.'],
  ],
  ["a number", 5, ["5 is not a parameter override."]],
  ["a nested table", { A: { B: 1 } }, ['The value of parameter "A" must be a string']],
  ["a null", { A: null }, ['The value of parameter "A" must be a string']],
])("reports %s", (_, written, problems) => {
  const { faults } = readOverrides(written);

  expect(faults).toEqual(problems.map((problem) => expect.stringContaining(problem)));
});
