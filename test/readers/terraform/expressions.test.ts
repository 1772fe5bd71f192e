import { expect, test } from "vitest";
import { HclFault } from "../../../src/readers/terraform/rules/hcl-syntax.ts";
import { parseHcl } from "../../../src/readers/terraform/rules/parse-hcl.ts";
import { evaluated } from "./evaluated.ts";

test.each([
  ["1 + 2 * 3", 7],
  ['"a ${"b"} $${c} \\u00e9"', "a b ${c} é"],
  ['"%{ for x in ["a", "b"] }${x};%{ endfor }"', "a;b;"],
  ["[for x in [1, 2, 3] : x * 2 if x != 2]", [2, 6]],
  ['{ for x in ["a", "b"] : x => upper(x) }', { a: "A", b: "B" }],
  ['{ for x in ["a", "b", "aa"] : substr(x, 0, 1) => x... }', { a: ["a", "aa"], b: ["b"] }],
  ["[{ a = [1] }, { a = [2] }][*].a[0]", [1, 2]],
  ["null[*]", []],
  ['try({ a = 1 }.b, "else")', "else"],
  ["can({ a = 1 }.b)", false],
  ['jsonencode({ b = "<", a = [1, null] })', '{"a":[1,null],"b":"\\u003c"}'],
  ['format("%s-%03d", "a", 7)', "a-007"],
  ['replace("a-b", "/(\\\\w)-(\\\\w)/", "$2-$1")', "b-a"],
  ['merge({ "$connect" = 1 }, { "$connect" = 2 })', { $connect: 2 }],
  ["min([4, 2, 9]...)", 2],
  ['lookup({}, "a", "none")', "none"],
  [
    "setproduct([1, 2], [3])",
    [
      [1, 3],
      [2, 3],
    ],
  ],
  ['yamldecode("a: [1, yes]")', { a: [1, true] }],
])("%s", (text, value) => {
  expect(evaluated(text)).toEqual(value);
});

test("heredocs lose the blanks that all their lines begin with, and keep what ${…} gives", () => {
  const text = '<<-EOT\n    one ${"x"}\n\n      two\n    EOT\n';

  expect(evaluated(text)).toBe("one x\n\n  two\n");
});

test("functions read files, and fill templates with names of their own", () => {
  const files = { "hello.tftpl": "%{ for n in names ~}\n${n}!\n%{ endfor ~}\n", "a.txt": "A" };

  expect(evaluated('templatefile("hello.tftpl", { names = ["x", "y"] })', { files })).toBe(
    "x!\ny!\n",
  );
  expect(
    evaluated('"${file("a.txt")} ${fileexists("b.txt")} ${filemd5("a.txt")}"', { files }),
  ).toBe("A false 7fc56270e7a70fa81a5935b72eacbe29");
  expect(evaluated('fileset(".", "*.{txt,md}")', { files })).toEqual(["a.txt"]);
});

test.each([
  ["nothing.here", 'wsgw does not know what "nothing" is here.', 1],
  ["1 + [2][1]", 'a list has no element "1".', 5],
  ['upper("a", made_up("b"))', "wsgw does not know the function made_up().", 12],
  ["1 / 0", "this divides by zero.", 1],
  ['file("away.txt")', "file(): the file away.txt does not exist.", 1],
  ["range(2000)", "range(): more than 1024 numbers are too many.", 1],
])("%s says what is wrong, and where", (text, problem, column) => {
  expect(() => evaluated(text)).toThrow(
    expect.objectContaining({ message: problem, place: { line: 1, column } }),
  );
});

test.each([
  ["locals {\n  a = \n}", "expected an expression, found the end of the line.", 2, 7],
  [
    'resource "a" "b" {',
    'expected an attribute, a block or "}", found the end of the file.',
    1,
    19,
  ],
  ['a = "one\n"', "a string in quotes must end on the same line.", 1, 9],
  ["a = 1 b = 2", "expected the end of the line, found b.", 1, 7],
  ["a = 1\na = 2", "a is set twice.", 2, 1],
  ["a = <<EOT\nx", "the heredoc EOT has no end.", 2, 1],
  ['a = "\\q"', "\\q is not an escape of HCL.", 1, 6],
  ['a = "%{ if true }x"', "%{ if } has no %{ endif }.", 1, 19],
])("what Terraform would not read is a fault with its place: %s", (text, problem, line, column) => {
  expect(() => parseHcl(text)).toThrow(
    expect.objectContaining({ message: problem, place: { line, column } }),
  );
});

test("rejects unlimited nesting, and does not crash", () => {
  for (const text of [
    `a = ${"(".repeat(50_000)}`,
    `a = ${"[".repeat(50_000)}`,
    `a = ${"!".repeat(50_000)}x`,
    "a {\n".repeat(50_000),
  ]) {
    expect(() => parseHcl(text)).toThrow(HclFault);
  }
});
