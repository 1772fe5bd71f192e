import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { isInstalled } from "../../../../deploy/judges/judge.ts";
import { byWsgw, RECORDED } from "../velocity-templates.ts";

const program = fileURLToPath(new URL("Render.java", import.meta.url));
const CLASS_PATH = ["velocity", "commons-collections3", "commons-lang"]
  .map((name) => `/usr/share/java/${name}.jar`)
  .join(":");

/** Where wsgw is to differ, with what Velocity gives there. */
const DIFFERENCES: readonly {
  readonly why: string;
  readonly templates: Readonly<Record<string, string | RegExp>>;
}[] = [
  {
    why: 'API Gateway has `== ""` true where nothing is found',
    templates: { "#if($context.nope == '')t#{else}f#end": "f" },
  },
  {
    why: "arrays of Java print as lists, for their address means nothing",
    templates: {
      "$context.s.split(',')": /^\[Ljava\.lang\.String;@/,
      "$context.list.toArray()": /^\[Ljava\.lang\.Object;@/,
    },
  },
  {
    why: "no template reaches a class of Java",
    templates: {
      "$context.map.class": "class java.util.LinkedHashMap",
      "$context.s.class.name": "java.lang.String",
      "$context.n.class.name": "java.lang.Integer",
      "#define($d)x#end$d.class": /^class org\.apache\.velocity\./,
      "$context.s.getClass()": "class java.lang.String",
      "$context.s.class.forName('java.lang.Runtime')": "class java.lang.Runtime",
    },
  },
  {
    why: "`#foreach` without `in` is a fault; Velocity gives nothing, without a word",
    templates: { "#foreach($i [1])x#end": "" },
  },
  {
    why: "a list may be changed while it is looped over; Java throws ConcurrentModificationException",
    templates: { "#foreach($i in $context.list)#set($ok = $context.list.remove('a'))$i#end": "✗" },
  },
  {
    why: "blanks between the brackets of a call without arguments are no fault",
    templates: { "$context.s.length( )": "✗" },
  },
  {
    why: "`$!` before anything but a name is text",
    templates: { "$!": "✗", "$!5": "$5" },
  },
  {
    why: "`$` and `#` that belong to nothing are text; Velocity drops them before blanks and `#set`",
    templates: { "$ #set($x=1)|": "|", "# #set($x=1)|": "|", "#  #set($x=1)|": "|" },
  },
];

const EXPLAINED = new Map(DIFFERENCES.flatMap(({ templates }) => Object.entries(templates)));

/** What Velocity gives for each template, `✗` where it refuses one. */
function byVelocity(templates: readonly string[]): readonly string[] {
  const input = templates.map((each) => `${Buffer.from(each).toString("base64")}\n`).join("");
  const { stdout, stderr } = spawnSync("java", ["-cp", CLASS_PATH, program], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.length, stderr).toBeGreaterThan(0);
  return stdout
    .split("\n")
    .slice(0, templates.length)
    .map((line) => (line.startsWith("!") ? "✗" : Buffer.from(line, "base64").toString()));
}

/** The same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Templates put together of what templates are made of, blanks and ends of lines between. */
function composed(count: number): readonly string[] {
  const next = random(20260901);
  const one = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? "";
  const blank = (): string =>
    one(["", "", " ", "  ", "\n", " \n", "\t", "\r\n", "\n\n", "x", ".", ","]);
  const operand = (): string =>
    one([
      ...["1", "2", "-3", "2.5", "'a'", '"b$context.n"', "true", "$nope"],
      ...[
        "$context.n",
        "$context.d",
        "$context.s",
        "$context.zero",
        "$context.yes",
        "$context.no",
        "$x",
      ],
    ]);
  const expression = (depth: number): string => {
    if (depth === 0 || next() < 0.4) return operand();
    const operator = one([
      "+",
      "-",
      "*",
      "/",
      "%",
      "==",
      "!=",
      "<",
      ">=",
      "&&",
      "||",
      "and",
      "or",
      "eq",
      "lt",
    ]);
    const inner = `${expression(depth - 1)} ${operator} ${expression(depth - 1)}`;
    return one([inner, `(${inner})`, `!(${inner})`]);
  };
  const reference = (): string =>
    one([
      ...[
        "$context.s",
        "$!nope",
        "$nope",
        "${context.n}",
        "$!{nope}y",
        "$x",
        "$i",
        "$context.map.y",
      ],
      ...[
        "$context.list[1]",
        "$context.list.size()",
        "\\$context.n",
        "\\\\$context.n",
        "\\$nope",
        "$context.s.substring(1,4)",
        "$context.map.get('x')",
        "$foreach.count",
        "$velocityCount",
        "$context.d.",
        "$context.map.keySet()",
      ],
    ]);
  const block = (depth: number): string => {
    const parts = Array.from(
      { length: 1 + Math.floor(next() * 3) },
      () => blank() + node(depth) + blank(),
    );
    return parts.join("");
  };
  const node = (depth: number): string => {
    const kind = next();
    if (depth === 0 || kind < 0.35) return reference();
    if (kind < 0.5) return `#set(${one(["", " "])}$x = ${expression(2)})`;
    if (kind < 0.68)
      return `#if(${expression(2)})${block(depth - 1)}${one(["", `#else${blank()}${block(depth - 1)}`, `#{else}${block(depth - 1)}`, `#elseif(${expression(1)})${block(depth - 1)}`])}#end`;
    if (kind < 0.82)
      return `#foreach($i in ${one(["$context.list", "$context.numbers", "$context.none", "[1..3]", "$context.map", "$nope", "[$context.n, 'b']"])})${block(depth - 1)}#end`;
    return one([
      "## a comment\n",
      "#* another *#",
      "#[[ $raw #if ]]#",
      "#define($def)d$x#end$def",
      "#macro(mac $a)<$a>#end#mac($context.n)",
      "#unknown",
      "\\#if",
      "#evaluate('$context.n')",
    ]);
  };
  return Array.from({ length: count }, () => block(3));
}

describe.skipIf(!isInstalled("java", "-cp", CLASS_PATH, program))("Velocity 1.7", () => {
  test("gives what wsgw gives for each template, or the difference is explained", () => {
    const templates = [...EXPLAINED.keys(), ...composed(600)];
    const given = byVelocity(templates);

    const differing = templates.flatMap((template, at) => {
      const [velocity, wsgw] = [given[at] ?? "", byWsgw(template)];
      const expected = EXPLAINED.get(template);
      if (expected === undefined) return velocity === wsgw ? [] : [{ template, velocity, wsgw }];
      const isExpected =
        typeof expected === "string" ? velocity === expected : expected.test(velocity);
      return isExpected && velocity !== wsgw ? [] : [{ template, velocity, wsgw, expected }];
    });
    expect(differing).toEqual([]);
  });

  test("gives what is recorded of it", () => {
    const given = byVelocity(RECORDED.map(([template]) => template));

    expect(RECORDED.map(([template], at) => [template, given[at]])).toEqual(RECORDED);
  });
});
