import { expect, test } from "vitest";
import { Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { findings } from "./findings.ts";

function parse(text: string) {
  const { report, sentences } = findings();
  const origins = new Origins();
  return { template: parseTemplate(text, "/p/template.yaml", origins, report), sentences, origins };
}

const TABLE: readonly (readonly [what: string, text: string, expected: unknown])[] = [
  ["!Ref as Ref", "A: !Ref B", { Ref: "B" }],
  ["!Condition as Condition", "A: !Condition B", { Condition: "B" }],
  ["!GetAtt A.B as a list", "A: !GetAtt B.C", { "Fn::GetAtt": ["B", "C"] }],
  [
    "!GetAtt of an output of a nested stack",
    "A: !GetAtt B.Outputs.C",
    { "Fn::GetAtt": ["B", "Outputs.C"] },
  ],
  ["!GetAtt of a list", "A: !GetAtt [B, C]", { "Fn::GetAtt": ["B", "C"] }],
  ["!Sub of a block", "A: !Sub |\n  a ${B}\n", { "Fn::Sub": "a ${B}\n" }],
  ["!Sub of a list", "A: !Sub\n- a\n- B: !Ref C", { "Fn::Sub": ["a", { B: { Ref: "C" } }] }],
  ["!If over tags", "A: !If [B, !Ref C, !Ref D]", { "Fn::If": ["B", { Ref: "C" }, { Ref: "D" }] }],
  [
    "a short tag below a long form",
    "A:\n  Fn::Base64: !Sub b",
    { "Fn::Base64": { "Fn::Sub": "b" } },
  ],
  ["!Transform", "A: !Transform {Name: B}", { "Fn::Transform": { Name: "B" } }],
  ["!GetAZs of nothing", "A: !GetAZs ''", { "Fn::GetAZs": "" }],
  ["a tagged scalar that looks like a number as a string", "A: !Ref 1", { Ref: "1" }],
  ["an unquoted date as a string", "A: 2010-09-09", "2010-09-09"],
  ["yes and off as booleans", "A: [yes, Off, true]", [true, false, true]],
  ["N and y as strings, which DynamoDB has as types", "A: [N, y, S]", ["N", "y", "S"]],
  ["quoted words as strings", "A: ['yes', \"1\", 'null']", ["yes", "1", "null"]],
  ["numbers of YAML 1.1", "A: [1, -2, 1.5, 0x1f, 010, 1_000, 1:30]", [1, -2, 1.5, 31, 8, 1000, 90]],
  ["an account with 0 before it as a string", "A: 012345678901", "012345678901"],
  [
    "digits that a number would lose as a string",
    "A: [1.0, 12345678901234567890]",
    ["1.0", "12345678901234567890"],
  ],
  ["!!str of a number as a string", "A: !!str 1", "1"],
  ["numbers as keys as they are written", "A: {1.10: a, 010: b}", { "1.10": "a", "010": "b" }],
  ["an anchor and its alias", "B: &b {C: 1}\nA: *b", { C: 1 }],
  [
    "merge keys, with what is written beside them first",
    "B: &b {C: 1, D: 2}\nA: {<<: *b, C: 3}",
    { C: 3, D: 2 },
  ],
  [
    "merge keys of a list, the first before the others",
    "B: &b {C: 1}\nD: &d {C: 2, E: 3}\nA: {<<: [*b, *d]}",
    { C: 1, E: 3 },
  ],
  ["__proto__ as any other key", "A: {__proto__: 1}", Object.fromEntries([["__proto__", 1]])],
  ["lines that end in CRLF", "A:\r\n  B: |\r\n    x\r\n    y\r\n", { B: "x\ny\n" }],
  ["a byte order mark", "\uFEFFA: 1", 1],
  ["JSON with tabs", '{\n\t"A": {\n\t\t"B": "\\ud83d\\ude00\\/"\n\t}\n}', { B: "😀/" }],
  ["a document between --- and ...", "---\nA: 1\n...\n", 1],
  ["a --- at the end", "A: 1\n---\n", 1],
  ["a list at the indentation of its key", "A:\n- b\n- c: d\n", ["b", { c: "d" }]],
];

test.each(TABLE)("reads %s", (_, text, expected) => {
  const { template, sentences } = parse(text);

  expect(sentences).toEqual([]);
  expect(template?.A).toEqual(expected);
});

test.each([
  ["nothing", "", "1:1 The template is empty. Add a Resources section."],
  ["only comments", "# a\n", "1:1 The template is empty. Add a Resources section."],
  ["a list", "- a", "1:1 The template is not an object. Add sections such as Resources."],
  ["binary data", "A: 1\nB: \0", "2:4 The file is not UTF-8. Save the template as UTF-8."],
  [
    "a tab as indentation",
    "A:\n\tB: 1",
    "2:1 YAML does not allow tabs as indentation. Use spaces.",
  ],
  [
    "an unknown tag",
    "A:\n  B: !Reff C",
    "2:6 The tag !Reff is not a CloudFormation tag. Did you mean !Ref?",
  ],
  [
    "binary scalars",
    "A: !!binary eA==",
    "1:4 The tag !!binary is not a CloudFormation tag. Remove it or quote the value.",
  ],
  [
    "two tags",
    "A: !Base64 !Sub x",
    "1:12 A value has two short tags. Write the outer function in its long form, such as Fn::Base64: !Sub text.",
  ],
  [
    "a key that stands twice",
    "A: 1\nB: 2\nA: 3",
    "3:1 A appears twice. The first is on line 1. Remove one.",
  ],
  ["an alias without an anchor", "A: *b", "1:4 The alias *b has no anchor &b before it."],
  [
    "an alias of what it stands in",
    "A: &a [*a]",
    "1:8 The alias *a is inside the value that it repeats.",
  ],
  [
    "two documents",
    "A: 1\n---\nB: 2",
    "2:1 A second document begins here. Remove it: a template is one document.",
  ],
  [
    "a list as a key",
    "? [a]\n: b",
    "1:3 A key is not a string. Write the key as a plain word or in quotes.",
  ],
  [
    "a merge of a string",
    "A: {<<: b}",
    "1:5 << needs an object or a list of objects, usually as an alias.",
  ],
  [
    "a colon in a value",
    "A: b: c",
    '1:4 A value contains ": " without quotes, or its indentation is wrong. Quote the value or indent it.',
  ],
  [
    "JSON without a colon",
    '{"A" 1}',
    "1:6 The file is not valid YAML: Missing , or : between flow map items.",
  ],
  [
    "more than 1 MB",
    `A: "${"x".repeat(1024 * 1024)}"`,
    "1:1 The template exceeds CloudFormation's limit of 1 MB. Split it.",
  ],
])("rejects %s with its line and column", (_, text, expected) => {
  const { template, sentences } = parse(text);

  expect(sentences).toEqual([`error ${expected}`]);
  expect(template).toBeUndefined();
});

test("reports all faults of a template at once", () => {
  const { sentences } = parse("A: !Foo b\nC: *d\nA: !Bar x\n");

  expect(sentences.map((sentence) => sentence.split(" ")[1])).toEqual(["1:4", "2:4", "3:4", "3:1"]);
});

test("warns about a key without a value, which CloudFormation rejects", () => {
  const { template, sentences } = parse("A:\n  B:\n  C: 1");

  expect(template).toEqual({ A: { B: null, C: 1 } });
  expect(sentences).toEqual([
    "warning 2:5 B has no value. CloudFormation rejects null: add a value or remove the key.",
  ]);
});

const NINE = Array.from({ length: 9 }, () => "*z").join(",");
test.each([
  ["brackets", "[".repeat(1_000_000)],
  ["braces", "{a: ".repeat(200_000)],
  ["dashes", "- ".repeat(500_000)],
  ["question marks", "? ".repeat(300_000)],
  ["anchors", "&a ".repeat(300_000)],
  ["tags", "!a ".repeat(300_000)],
  ["indentation", Array.from({ length: 1400 }, (_, at) => `${" ".repeat(at)}a:\n`).join("")],
  ["balanced brackets", `${"[".repeat(300)}${"]".repeat(300)}`],
])("rejects bottomless %s at once", (_, text) => {
  const start = process.cpuUsage();
  const { template, sentences } = parse(text);

  expect(template).toBeUndefined();
  expect(sentences).toEqual([expect.stringMatching(/more than 100 levels deep/)]);
  expect(process.cpuUsage(start).user).toBeLessThan(3_000_000); // µs
});

test("rejects aliases that repeat aliases until nothing could hold them", () => {
  const levels = Array.from({ length: 12 }, (_, at) =>
    at === 0 ? "a0: &a0 [x]" : `a${at}: &a${at} [${NINE.replaceAll("*z", `*a${at - 1}`)}]`,
  );
  const { template, sentences } = parse(levels.join("\n"));

  expect(template).toBeUndefined();
  expect(sentences).toEqual([
    "error 1:1 Aliases make the template too large. Repeat fewer values with aliases.",
  ]);
});

test("knows where every object, list, key and item was written", () => {
  const { template, origins } = parse("Resources:\n  A:\n    B: !Sub\n      - x\n      - C: 1\n");
  const a = (template as { Resources: { A: { B: { "Fn::Sub": unknown[] } } } }).Resources.A;

  expect(origins.of(a)).toMatchObject({ line: 3, column: 5, path: ["Resources", "A"] });
  expect(origins.of(a, "B")).toMatchObject({ line: 3, column: 5, path: ["Resources", "A", "B"] });
  expect(origins.of(a.B)).toMatchObject({ line: 3, column: 8, path: ["Resources", "A", "B"] });
  expect(origins.of(a.B["Fn::Sub"], 1)).toMatchObject({ line: 5, column: 9 });
  expect(origins.of(a.B["Fn::Sub"][1], "C")).toMatchObject({
    file: "/p/template.yaml",
    line: 5,
    path: ["Resources", "A", "B", "Fn::Sub", 1, "C"],
  });
});

test("a value that a merge key took over has the place where it was written", () => {
  const { template, origins } = parse("B: &b\n  C: 1\nA:\n  <<: *b\n  D: 1\n");

  expect(origins.of(template?.A, "C")).toMatchObject({ line: 2, path: ["A", "C"] });
  expect(origins.of(template?.A, "D")).toMatchObject({ line: 5 });
});
