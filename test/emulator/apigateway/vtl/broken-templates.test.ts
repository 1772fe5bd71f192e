import { expect, test } from "vitest";
import { compileTemplate } from "../../../../src/emulator/apigateway/vtl/render-template.ts";
import { rounds } from "../../../rounds.ts";

const PIECES = [
  ..."$ # ! { } ( ) [ ] . , : ' \" \\ \n = + - * / % < > && || .. @ 0 1.5 x $x $! #end".split(" "),
  ...["$input.path('$.a')", "$input.json('$..b[?(@.c>1)]')", "$context.x", "$util.parseJson(", " "],
  ...[
    "#set($x = ",
    "#if(",
    "#else",
    "#elseif(",
    "#foreach($i in ",
    "#macro(m $a)",
    "#m(",
    "#define($d)",
  ],
  ...["#evaluate(", "#[[", "]]#", "##", "#*", "*#", "#stop", "#break", "#@m()", "[1..9]", "true"],
  ...[
    ".replaceAll('(a+)+', '$1')",
    ".substring(",
    ".get(0)",
    ".put('a', $x)",
    ".split('')",
    "['a']",
  ],
];
const scope = {
  body: '{"a":[1,{"b":"aaa","c":2}],"b":[{"c":3}]}',
  context: { x: { y: [1] } },
  stageVariables: {},
  params: { path: {}, querystring: {}, header: {} },
};

test("whatever a template is made of, it gives text or a fault with its place", () => {
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < rounds(20_000); round += 1) {
    const pieces = Array.from({ length: 1 + next(12) }, () => PIECES[next(PIECES.length)] ?? "");
    const template = pieces.join("");
    const result = compileTemplate(template).render(scope);
    if (result.kind === "rendered") continue;
    const { line, column, problem } = result;
    expect(line, template).toBeGreaterThan(0);
    expect(column, template).toBeGreaterThan(0);
    expect(problem, template).not.toBe("");
  }
});
