import { expect, test } from "vitest";
import { evaluateTemplate } from "../../../../../src/emulator/apigateway/vtl/rules/evaluate-template.ts";
import { List, type Value } from "../../../../../src/emulator/apigateway/vtl/rules/java-values.ts";
import { parseTemplate } from "../../../../../src/emulator/apigateway/vtl/rules/parse-template.ts";
import { TemplateFault } from "../../../../../src/emulator/apigateway/vtl/rules/syntax.ts";

/** What a template renders with these variables; for a fault its problem, its offset and its value. */
function rendered(template: string, variables: Record<string, Value> = {}): unknown {
  try {
    return evaluateTemplate(parseTemplate(template), new Map(Object.entries(variables)));
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    const { message, offset, value } = error;
    return { message, at: template.slice(offset, offset + 12), value };
  }
}

function fault(message: string, at: string, value?: string) {
  return { message, at, value };
}

test("a template may take 300,000 steps: loops, references, texts and assignments are one each", () => {
  // a round of the inner loop takes 5 steps
  const loops = "#foreach($a in [1..60])#foreach($b in [1..999])x$b#set($c = 1)#end#end";
  const more = (count: number) => `${loops}#foreach($d in [1..${count}])#end`;

  expect(typeof rendered(more(240))).toBe("string");
  expect(rendered(more(241))).toEqual(
    fault("the template takes more than 300000 steps", "#foreach($d "),
  );
});

test("the output may have a million characters", () => {
  const variables = { text: "x".repeat(1000) };
  const template = "#foreach($i in [1..1000])$text#end";

  expect(rendered(template, variables)).toHaveLength(1_000_000);
  expect(rendered(`${template}#set($a = 1)y`, variables)).toEqual(
    fault("the template's output exceeds 1000000 characters", "$a = 1)y"),
  );
});

test("a range has 100,000 numbers at most, up or down", () => {
  const size = (range: string) => rendered(`#set($x = ${range})$x.size()`);

  expect(size("[1..100000]")).toBe("100000");
  expect(size("[100000..1]")).toBe("100000");
  expect(size("[5..5]")).toBe("1");
  expect(rendered("a#set($x = [1..100001])")).toEqual(
    fault("a range has more than 100000 numbers", "$x = [1..100"),
  );
  expect(rendered("#foreach($i in [3..1])$i#end#foreach($i in [-1..1])$i#end")).toBe("321-101");
});

test("macros call each other 20 levels deep", () => {
  const macros = Array.from(
    { length: 21 },
    (_, at) => `#macro(m${at})${at === 0 ? "x" : `#m${at - 1}()`}#end`,
  ).join("");

  expect(rendered(`${macros}#m19()#m19()`)).toBe("xx");
  expect(rendered(`${macros}#m20()`)).toEqual(
    fault("#m0 calls itself more than 20 levels deep", "#m0()#end#ma"),
  );
});

test.each([
  ["#define($d)$d#end$d", "$d"],
  ["#define($d)#if($d == 1)#end#end#if($d == 1)#end", "$d"],
  ["#set($t = '#evaluate($t)')#evaluate($t)", "#evaluate"],
  [
    `#macro(w)${"#@m()".repeat(10)}x${"#end".repeat(10)}#end#macro(m)$bodyContent#end#w()`,
    "$bodyContent",
  ],
  [
    `${Array.from({ length: 11 }, (_, at) => `#macro(m${at} $a)${at === 0 ? "$a" : `#m${at - 1}($a)`}#end`).join("")}#m10(5)`,
    "$a",
  ],
])("%s calls itself too deep", (template, name) => {
  expect(rendered(template)).toMatchObject({
    message: `${name} calls itself more than 20 levels deep`,
  });
});

test.each([
  ["ab#set($x = ['a'])#set($ok = $x.add($x))$x", "StackOverflowError", "$x"],
  ["#set($x = ['a'])#foreach($i in [1..40])#set($x = [$x, $x])#end$x", "OutOfMemoryError", "$x"],
  [
    "#set($x = [])#set($y = [])#foreach($i in [1..20])#foreach($j in [1..1000])#set($x = [$x])#set($y = [$y])#end#end#if($x == $y)#end",
    "StackOverflowError",
    "$y)#end",
  ],
])("%s throws where it is printed or compared", (template, exception, at) => {
  expect(rendered(template)).toEqual(fault(`the template throws ${exception}`, at));
});

test("a fault has the value at hand, up to 60 characters of it", () => {
  const index = (text: string) => rendered(`$x.charAt(99)`, { x: text });
  const problem = (length: number) =>
    `charAt() throws IndexOutOfBoundsException: index 99, length ${length}`;

  expect(index("a".repeat(60))).toEqual(fault(problem(60), ".charAt(99)", "a".repeat(60)));
  expect(index(`b${"a".repeat(60)}`)).toEqual(
    fault(problem(61), ".charAt(99)", `b${"a".repeat(58)}…`),
  );
  expect(rendered("#set($x = [1])$x[4]")).toEqual(
    fault("the index throws IndexOutOfBoundsException: index 4, length 1", "[4]", "[1]"),
  );
  expect(rendered("#set($x = [1])#set($x[4] = 2)")).toEqual(
    fault("the index throws IndexOutOfBoundsException: index 4, length 1", "[4] = 2)", "[1]"),
  );
  expect(rendered("#set($x = ['a'])#set($ok = $x.add($x))$x.get(9)")).toEqual(
    fault("get() throws IndexOutOfBoundsException: index 9, length 2", ".get(9)"),
  );
});

test("a fault in what #evaluate renders has the place of #evaluate", () => {
  expect(rendered("a#evaluate('#if(')")).toEqual(
    fault("in #evaluate: the template ends where a value is needed", "#evaluate('#", "#if("),
  );
});

test.each([
  ["#evaluate('#macro(m)x#end')#m()", "x"],
  ["#evaluate('a#stop b')c", "a"],
  ["#foreach($i in [1, 2])#evaluate('#break')$i#end", "12"],
  ["#macro(m $x)#set($x = 7)#foreach($x in [1, 2])$x#end$x#end#m(5)", "127"],
  ["#macro(m $x)#foreach($x in [1, 2])$x#end$x#end#m(5)", "125"],
  ["#macro(m $x)<$x>#end#m()", "<$x>"],
  ["#macro(m $x)<$x>#end#macro(n $y)#m($y)#end#n($nope)", "<$nope>"],
  ["#macro(m)#stop#end a#m()b", " a"],
  ["#define($d)a$!d.x#end$d", "a"],
  ["#define($d)[$i]#end#foreach($i in [1, 2])$d#end", "[1][2]"],
])("%s renders %s", (template, text) => {
  expect(rendered(template)).toBe(text);
});

test("a loop knows its place and the loops around it", () => {
  const list = new List([1n, 2n]);

  expect(
    rendered(
      "#foreach($i in $list)$foreach.index$foreach.count$foreach.first$foreach.last$foreach.hasNext|#end",
      { list },
    ),
  ).toBe("01truefalsetrue|12falsetruefalse|");
  expect(
    rendered(
      "#foreach($i in $list)$foreach.getIndex()$foreach.getCount()$foreach.isFirst()$foreach.isLast()$foreach.hasNext()$foreach.getHasNext()|#end",
      { list },
    ),
  ).toBe("01truefalsetruetrue|12falsetruefalsefalse|");
  expect(
    rendered(
      "#foreach($i in $list)#foreach($j in [1])#foreach($k in [1])$foreach.topmost.count$foreach.parent.count$foreach.parent.parent.count #end#end#end",
      { list },
    ),
  ).toBe("111 212 ");
  expect(rendered("#foreach($i in [1])<$!foreach.parent|$!foreach.topmost>#end")).toBe("<|>");
  expect(rendered("#foreach($i in [1])$foreach#end")).toBe("{}");
});

test("what a loop sets is again what it was after the loop", () => {
  expect(rendered("#foreach($i in [1])#end$i $foreach $velocityCount $velocityHasNext")).toBe(
    "$i $foreach $velocityCount $velocityHasNext",
  );
  expect(
    rendered(
      "#set($i = 9)#foreach($a in [1, 2])#foreach($i in [1..3])#end$foreach.count$velocityCount$velocityHasNext$i #end",
    ),
  ).toBe("11true9 22false9 ");
});

test("a loop over an iterator ends after 1000 items, and knows that there are more", () => {
  const items = (length: number) => new List(Array.from({ length }, (_, at) => BigInt(at + 1)));
  const template =
    "#foreach($i in $list.iterator())#set($last = $i)#set($more = $velocityHasNext)#end$last $more";

  expect(rendered(template, { list: items(1000) })).toBe("1000 false");
  expect(rendered(template, { list: items(1001) })).toBe("1000 true");
});
