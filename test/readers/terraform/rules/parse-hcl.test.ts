import { expect, test } from "vitest";
import {
  type Body,
  type Expression,
  HclFault,
} from "../../../../src/readers/terraform/rules/hcl-syntax.ts";
import {
  parseExpression,
  parseHcl,
  parseJsonExpression,
  parseTemplateText,
} from "../../../../src/readers/terraform/rules/parse-hcl.ts";

/** An expression with all brackets, without its places. */
function shown(of: Expression): string {
  switch (of.kind) {
    case "literal":
      return JSON.stringify(of.value);
    case "template":
      return `<${of.parts.map((each) => (typeof each === "string" ? JSON.stringify(each) : shown(each))).join(" ")}>`;
    case "name":
      return of.name;
    case "attribute":
      return `${shown(of.of)}.${of.name}`;
    case "index":
      return `${shown(of.of)}[${shown(of.key)}]`;
    case "splat":
      return `splat(${shown(of.of)}, ${shown(of.each)})`;
    case "not":
      return `!${shown(of.of)}`;
    case "minus":
      return `-${shown(of.of)}`;
    case "binary":
      return `(${shown(of.left)} ${of.operator} ${shown(of.right)})`;
    case "conditional":
      return `(${shown(of.condition)} ? ${shown(of.yes)} : ${shown(of.no)})`;
    case "call":
      return `${of.name}(${of.args.map(shown).join(", ")}${of.isSpread ? "..." : ""})`;
    case "list":
      return `[${of.items.map(shown).join(", ")}]`;
    case "object":
      return `{${of.items.map(([key, value]) => `${shown(key)} = ${shown(value)}`).join(", ")}}`;
    case "for": {
      const names = of.key === undefined ? of.value : `${of.key}, ${of.value}`;
      const item = of.itemKey === undefined ? "" : `${shown(of.itemKey)} => `;
      const when = of.when === undefined ? "" : ` if ${shown(of.when)}`;
      const kind = of.isText ? "text" : "for";
      return `${kind}(${names} in ${shown(of.of)} : ${item}${shown(of.item)}${of.isGrouped ? "..." : ""}${when})`;
    }
  }
}

/** What a parser rejects, as `LINE:COLUMN: PROBLEM`. */
function rejected(parse: (text: string) => unknown, text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof HclFault)) throw error;
    return `${error.place.line}:${error.place.column}: ${error.message}`;
  }
  return "nothing";
}

test.each([
  ["1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"],
  ["1.5e2 % 2 / 3", "((150 % 2) / 3)"],
  ["a || b && c == d != e", "(a || (b && ((c == d) != e)))"],
  ["a <= 1 == b >= 2", "((a <= 1) == (b >= 2))"],
  ["a < 1 && b > 2", "((a < 1) && (b > 2))"],
  ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
  ["(a || b) && c", "((a || b) && c)"],
  ["( a\n+\nb\n)", "(a + b)"],
  ["!a && -b.c + 1", "(!a && (-b.c + 1))"],
  ["- ! a", "-!a"],
  ["a - -1", "(a - -1)"],
  ["a / b // c", "(a / b)"],
  ["a // b", "a"],
  ["a == b // c", "(a == b)"],
  ["a # b", "a"],
  ["/* a */ b /* c\n */ + /**/ d", "(b + d)"],
  [" \t\r\n\uFEFF a \n ", "a"],
  ["true", "true"],
  ["false", "false"],
  ["null", "null"],
  ["a-b_c1", "a-b_c1"],
  ["f()", "f()"],
  ["f(a, b,)", "f(a, b)"],
  ["f(\na\n,\nb...\n)", "f(a, b...)"],
  ["f(a...)", "f(a...)"],
  ["provider::aws::arn_parse(a)", "provider::aws::arn_parse(a)"],
  ["[]", "[]"],
  ["[\na\n,\nb,\n]", "[a, b]"],
  ["[for x in y : z]", "for(x in y : z)"],
  ["[\nfor k\n, x in\ny : z\nif w\n]", "for(k, x in y : z if w)"],
  ["{ for x in y : a => b... if c }", "for(x in y : a => b... if c)"],
  ["{\nfor x in y :\na => b\n}", "for(x in y : a => b)"],
  ["{ for = 1 }", '{"for" = 1}'],
  ["{ for : 1 }", '{"for" = 1}'],
  ["{}", "{}"],
  ["{ a = 1, b : 2 }", '{"a" = 1, "b" = 2}'],
  ["{\na = 1\n\n# c\nb = 2\n}", '{"a" = 1, "b" = 2}'],
  ['{ "a" = 1, (b) = 2, c.d = 3, f(x) : 4 }', '{"a" = 1, b = 2, c.d = 3, f(x) = 4}'],
  ["{ a = 1 // b\n}", '{"a" = 1}'],
  ["a.b.c", "a.b.c"],
  ["a.0.b", "a[0].b"],
  ['a["b"][ c ]\n[d]', 'a["b"][c][d]'],
  ["a[\nb\n]", "a[b]"],
  ["a.*.b.c[0]", "splat(a, *.b.c)[0]"],
  ["a.*", "splat(a, *)"],
  ["a[*].b[0].c", "splat(a, *.b[0].c)"],
  ["a[\n*\n]", "splat(a, *)"],
  ["a[ * ].b", "splat(a, *.b)"],
  ["a .b", "a.b"],
  ["a.*. b", "splat(a, *.b)"],
])("%j is parsed as %s", (text, tree) => {
  expect(shown(parseExpression(text))).toBe(tree);
});

test.each([
  ['""', '""'],
  ['"a"', '"a"'],
  ['"${a}"', "<a>"],
  ['"a${b}c"', '<"a" b "c">'],
  ['"a ${~ b ~} c"', '<"a" b "c">'],
  ['"${ "x${y}" }"', '<<"x" y>>'],
  ['"${\na\n+\nb\n}"', "<(a + b)>"],
  ['"$${a} %%{b} $a %b $$a {"', '"${a} %{b} $a %b $$a {"'],
  ['"a$$${b}"', '"a$${b}"'],
  ['"\\n\\r\\t\\"\\\\"', '"\\n\\r\\t\\"\\\\"'],
  ['"\\u00e9\\U0001F600"', '"é😀"'],
  ['"%{ if a }b%{ endif }"', '<(a ? "b" : "")>'],
  ['"%{ if a }b%{ else }c${d}%{ endif }e"', '<(a ? "b" : <"c" d>) "e">'],
  ['"%{ if a ~} b %{~ else ~} c %{~ endif ~} d"', '<(a ? "b" : "c") "d">'],
  ['"%{ for x in y }a${x}%{ endfor }"', '<text(x in y : <"a" x>)>'],
  [
    '"%{ for k, x in y }%{ if x }a%{ endif }%{ endfor }b"',
    '<text(k, x in y : <(x ? "a" : "")>) "b">',
  ],
  ["<<E\n a\n  b\nE", '" a\\n  b\\n"'],
  ["<<E\nE", '""'],
  ["<<-E\n   a\n\n  b\n  E", '" a\\n\\nb\\n"'],
  ["<<-E\n   ${a}\n    b ${c}\n E", '<a "\\n b " c "\\n">'],
  ["<<-E\n  a\n \n   b\n  E", '"a\\n\\n b\\n"'],
  ["<<-E\n  a ${b ~}\nc\n  d\n  E", '<"a " b "c\\nd\\n">'],
  ["<<-E\na ${b ~}\n c\n  E", '<"a " b " c\\n">'],
  ["<<-E\n  a ${b} c ~} d\n e\n E", '<" a " b " c ~} d\\ne\\n">'],
  ["<<E\na\rE\nE", '"a\\rE\\n"'],
  ["[<<A\nB\nA\n, <<B\nb\nB\n]", '["B\\n", "b\\n"]'],
  ['"${~b}${~ c}"', "<b c>"],
  ['"%{ if a\n}b%{ endif\n}"', '<(a ? "b" : "")>'],
  ["<<E\r\na\r\nE\r\n", '"a\\r\\n"'],
  ["<<E\nEE\n EX\n E \t\n", '"EE\\n EX\\n"'],
  ['<<E\n"a" \\n $${b}\nE', '"\\"a\\" \\\\n ${b}\\n"'],
  ["[<<A\na\nA\n, <<B\nb\nB\n]", '["a\\n", "b\\n"]'],
])("the template %j is %s", (text, tree) => {
  expect(shown(parseExpression(text))).toBe(tree);
});

test("heredocs may be indented by 1000 spaces", () => {
  const spaces = " ".repeat(1000);
  expect(shown(parseExpression(`<<-E\n${spaces}  a\nE`))).toBe('"  a\\n"');
});

test.each([
  ["a", '"a"'],
  ['"a" \\n', '"\\"a\\" \\\\n"'],
  ["a ${b}\n", '<"a " b "\\n">'],
  ["a  \n ${~ b ~} \n c", '<"a  \\n" b " c">'],
  ["a \n${~ b}", '<"a" b>'],
  ["a ${~ b}", '<"a" b>'],
  ["\n  ${~ b}", '<"\\n" b>'],
  ["${b ~}\n\nc", '<b "\\nc">'],
  ["${b ~}  c", '<b "c">'],
  ["${b ~} ", "<b>"],
  ["%{ if a ~}\nb\n%{ endif ~}\nc", '<(a ? "b\\n" : "") "c">'],
])("the text %j of a template file is %s", (text, tree) => {
  expect(shown(parseTemplateText(text))).toBe(tree);
});

test.each([
  ['{ "a": [1, "${b}"], "c": { "d": null } }', '{"a" = [1, <b>], "c" = {"d" = null}}'],
  ['{\n"a":\n"b",\n"c"\n:\n"$${d}"\n}', '{"a" = "b", "c" = "${d}"}'],
  ['"\\u0041\\/\\n\\""', '"A/\\n\\""'],
])("the JSON %j is %s", (text, tree) => {
  expect(shown(parseJsonExpression(text))).toBe(tree);
});

test.each([
  ["true", true],
  ["false", false],
  ["null", null],
])("%s is a value, not a name", (text, value) => {
  expect(parseExpression(text)).toEqual({ kind: "literal", value, line: 1, column: 1 });
});

test("expressions have the places where they begin", () => {
  const at = (line: number, column: number) => ({ line, column });

  expect(parseExpression('\n  a.b ?\n "c${d}" : -e[0]')).toEqual({
    kind: "conditional",
    condition: {
      kind: "attribute",
      of: { kind: "name", name: "a", ...at(2, 3) },
      name: "b",
      ...at(2, 3),
    },
    yes: {
      kind: "template",
      parts: ["c", { kind: "name", name: "d", ...at(3, 6) }],
      ...at(3, 3),
    },
    no: {
      kind: "minus",
      of: {
        kind: "index",
        of: { kind: "name", name: "e", ...at(3, 13) },
        key: { kind: "literal", value: 0, ...at(3, 15) },
        ...at(3, 13),
      },
      ...at(3, 12),
    },
    ...at(2, 3),
  });
  expect(parseJsonExpression('[1,\n  "${a}"]')).toEqual({
    kind: "list",
    items: [
      { kind: "literal", value: 1, ...at(1, 2) },
      { kind: "template", parts: [{ kind: "name", name: "a", ...at(2, 3) }], ...at(2, 3) },
    ],
    ...at(1, 1),
  });
});

/** A body with its expressions as `shown` and each place as `LINE:COLUMN`. */
function outline({ attributes, blocks }: Body): unknown {
  return {
    ...Object.fromEntries(
      [...attributes.values()].map(({ name, value, line, column }) => [
        name,
        `${shown(value)} at ${line}:${column}`,
      ]),
    ),
    ...Object.fromEntries(
      blocks.map(({ type, labels, body, line, column }) => [
        [type, ...labels, `${line}:${column}`].join(" "),
        outline(body),
      ]),
    ),
  };
}

test("files have attributes, and blocks with labels", () => {
  const text = `\uFEFF# chat
a = 1 // one
/* b */ b = <<E
text
E
resource "aws_x" "it" {
  name = a == b
  on   = true
  each { }
  one { c = [
    1,
  ] }
}
locals {}
module chat { d = "e"
}`;

  expect(outline(parseHcl(text))).toEqual({
    a: "1 at 2:1",
    b: '"text\\n" at 3:9',
    "resource aws_x it 6:1": {
      name: "(a == b) at 7:3",
      on: "true at 8:3",
      "each 9:3": {},
      "one 10:3": { c: "[1] at 10:9" },
    },
    "locals 14:1": {},
    "module chat 15:1": { d: '"e" at 15:15' },
  });
});

test.each([
  ["a = 1\nb = 2\na = 3", "3:1: a is set twice."],
  ["a = 1 b = 2", "1:7: expected the end of the line, found b."],
  ["a {} b {}", "1:6: expected the end of the line, found b."],
  ["a == 1", '1:3: expected "=", a label or "{", found ==.'],
  ["a 1", '1:3: expected "=", a label or "{", found 1.'],
  ["a\n{}", '1:2: expected "=", a label or "{", found the end of the line.'],
  ["a", '1:2: expected "=", a label or "{", found the end of the file.'],
  ['a "${b}" {}', "1:3: a label cannot be an expression."],
  ["1 = 2", "1:1: expected a block or an attribute, found 1."],
  ["}", "1:1: expected a block or an attribute, found }."],
  ["a {\n1", '2:1: expected an attribute, a block or "}", found 1.'],
  ["a {\n", '2:1: expected an attribute, a block or "}", found the end of the file.'],
  ["a =\nb = 1", "1:4: expected an expression, found the end of the line."],
  ["a = 1 +\n2", "1:8: expected an expression, found the end of the line."],
  ["a = (1 + 2\n) b", "2:3: expected the end of the line, found b."],
  ["a = [1] [\n0] c", "2:4: expected the end of the line, found c."],
])("the file %j is rejected with %s", (text, problem) => {
  expect(rejected(parseHcl, text)).toBe(problem);
});

test.each([
  ["", "1:1: expected an expression, found the end of the file."],
  ["a b", "1:3: expected the end, found b."],
  ["a }", "1:3: expected the end, found }."],
  ["+", "1:1: expected an expression, found +."],
  [`a +++++${"b".repeat(30)}`, "1:4: expected an expression, found ++."],
  [`a :${"b".repeat(30)}`, `1:3: expected the end, found :${"b".repeat(20)}.`],
  [`a b${"b".repeat(30)}`, `1:3: expected the end, found b${"b".repeat(20)}.`],
  ["a ? b", '1:6: expected ":", found the end of the file.'],
  ["a ? b c", '1:7: expected ":", found c.'],
  ["(a", '1:3: expected ")", found the end of the file.'],
  ["(a b)", '1:4: expected ")", found b).'],
  ["a[b", '1:4: expected "]", found the end of the file.'],
  ["a[b c]", '1:5: expected "]", found c].'],
  ["f(a b)", '1:5: expected "," or ")", found b).'],
  ["f(a", '1:4: expected "," or ")", found the end of the file.'],
  ["[a b]", '1:4: expected "," or "]", found b].'],
  ["{ a 1 }", '1:5: expected "=" or ":", found 1.'],
  ["{ (a) 1 }", '1:7: expected "=" or ":", found 1.'],
  ["{ a = 1 b = 2 }", '1:9: expected ",", "}" or the end of the line, found b.'],
  ["{ a = 1", '1:8: expected ",", "}" or the end of the line, found the end of the file.'],
  ["a.", "1:3: expected a name, found the end of the file."],
  ["a.(b)", "1:3: expected a name, found (b."],
  ["a::1()", "1:4: expected the name of a function, found 1(."],
  ["[for 1 in a : b]", "1:6: expected the name of a variable, found 1."],
  ["[for a, 1 in a : b]", "1:9: expected the name of a variable, found 1."],
  ["[for a of b : c]", '1:8: expected "in", found of.'],
  ["[for a in b c]", '1:13: expected ":", found c].'],
  ["{ for a in b : c d }", '1:18: expected "=>", found d.'],
  ["[for a in b : c d]", '1:17: expected "]", found d].'],
  ["{ for a in b : c => d e }", '1:23: expected "}", found e.'],
  ['"a', '1:3: expected "\\"", found the end of the file.'],
  ['"a\nb"', "1:3: a string in quotes must end on the same line."],
  ['"a\\q"', "1:3: \\q is not an escape of HCL."],
  ['"\\u12"', "1:2: \\u is not an escape of HCL."],
  ['"x\\ u0041"', "1:3: \\  is not an escape of HCL."],
  ['"${a b}"', '1:6: expected "}", found b}.'],
  ['"${a', '1:5: expected "}", found the end of the file.'],
  ['"%{ endif }"', "1:12: %{ endif } has no beginning."],
  ['"%{ else }"', "1:11: %{ else } has no beginning."],
  ['"%{ endfor }"', "1:13: %{ endfor } has no beginning."],
  ['"%{ if a }b"', "1:12: %{ if } has no %{ endif }."],
  ['"%{ if a }b%{ else }c"', "1:22: %{ if } has no %{ endif }."],
  ['"%{ if a }b%{ endfor }"', "1:23: %{ if } has no %{ endif }."],
  ['"%{ for x in y }b%{ endif }"', "1:28: %{ for } has no %{ endfor }."],
  ['"%{ while a }"', "1:10: while is not a directive of a template."],
  ['"%{ 1 }"', "1:5: expected if, for, else, endif or endfor, found 1."],
  ["<<E\na\n", "2:1: the heredoc E has no end."],
  ["\n<<E\na\nEE", "3:1: the heredoc E has no end."],
])("the expression %j is rejected with %s", (text, problem) => {
  expect(rejected(parseExpression, text)).toBe(problem);
});

test.each([
  ['["\\q"]', "1:6: expected a string of JSON, found ]."],
  ['["a]', '1:2: expected a string of JSON, found "a.'],
  ['\n["${a b}"]', '2:2: expected "}", found b}.'],
])("the JSON %j is rejected with %s", (text, problem) => {
  expect(rejected(parseJsonExpression, text)).toBe(problem);
});

test("expressions are nested at most 150 deep", () => {
  const nested = (depth: number) => `${"!".repeat(depth)}a`;

  expect(rejected(parseExpression, nested(148))).toBe("nothing");
  expect(rejected(parseExpression, nested(149))).toBe("1:150: this is nested too deeply for wsgw.");
  expect(rejected(parseExpression, `[${"-a, ".repeat(200)}]`)).toBe("nothing");
  expect(rejected(parseExpression, `[${"-a, ".repeat(200)}${nested(149)}]`)).toBe(
    "1:949: this is nested too deeply for wsgw.",
  );
});
