import { expect, test } from "vitest";
import { compileTemplate } from "../../../../src/emulator/apigateway/vtl/render-template.ts";

function rendered(template: string): string {
  const result = compileTemplate(template).render({
    body: "",
    context: { s: "a.b c+d 12", n: 7, list: ["a", "b"] },
    stageVariables: {},
    params: { path: {}, querystring: {}, header: {} },
  });
  return result.kind === "rendered" ? result.text : `✗ ${result.problem}`;
}

test.each([
  ["$context.s.replaceAll('\\s', '_')", "a.b_c+d_12"],
  ["$context.s.replaceAll('\\p{Punct}', '')", "ab cd 12"],
  ["$context.s.replaceAll('[\\p{Alpha}+]', 'x')", "x.x xxx 12"],
  ["$context.s.replaceAll('\\P{L}', '-')", "a-b-c-d---"],
  ["$context.s.replaceAll('\\p{ASCII}', '-')é", "----------é"],
  ["$context.s.replaceAll('[^\\p{ASCII}]', '-')", "a.b c+d 12"],
  ["$context.s.replaceAll('\\d++', 'n')", "a.b c+d n"],
  ["$context.s.replaceAll('\\Q.b\\E|c', '!')", "a! !+d 12"],
  ["$context.s.replaceAll('(?i)A', 'x')", "x.b c+d 12"],
  ["$context.s.replaceAll('(\\w)\\.(\\w)', '$2.$1')", "b.a c+d 12"],
  ["$context.s.replaceAll('[^a-z]', '')", "abcd"],
  ["$context.s.replaceAll('2$', '3')", "a.b c+d 13"],
  ["$context.s.replaceFirst('\\W', '')", "ab c+d 12"],
  ["$context.s.replace('.', '')", "ab c+d 12"],
  ["$context.s.matches('[a-z].*')", "true"],
  ["$context.s.matches('[a-z]')", "false"],
  ["$context.s.split(' ').size() $context.s.split('\\+')[1]", "3 d 12"],
  ["$context.s.split(' ', 2)[1]", "c+d 12"],
  [
    "$context.s.replaceAll('b', '$1')",
    "✗ replaceAll() throws IndexOutOfBoundsException: No group 1",
  ],
  ["$context.s.replaceAll('(', '')", "✗ replaceAll() throws PatternSyntaxException: ("],
  [
    "$context.s.replaceAll('[a&&b]', '')",
    "✗ replaceAll() throws wsgw does not support nested character classes: [a&&b]",
  ],
])("regular expressions are Java's: %s is %s", (template, expected) => {
  expect(rendered(template)).toBe(expected);
});

test.each([
  ["$context.s.format('%s-%05d', 'a', $context.n)", "a-00007"],
  ["$context.s.format('%2$s %1$S', 'a', 'b')", "b A"],
  ["$context.s.format('%5s|%-5s|', 'a', 'b')", "    a|b    |"],
  ["$context.s.format('%,d %+d %x', 1234567, 5, 255)", "1,234,567 +5 ff"],
  ["$context.s.format('%.2f%%', 12.345)", "12.35%"],
  ["$context.s.format('%s', [1])", "[1]"],
  ["$context.s.format('%d', 'a')", "✗ format() throws IllegalFormatConversionException: %d of a"],
  ["$context.s.format('%s')", "✗ format() throws MissingFormatArgumentException: %s"],
  ["$context.s.join(',', $context.list)", "a,b"],
])("strings are put together: %s is %s", (template, expected) => {
  expect(rendered(template)).toBe(expected);
});

test.each([
  ["$context.list.addAll($context.list)$context.list", 'true["a","b","a","b"]'],
  ["$context.list.add(1, 'x')$context.list", '["a","x","b"]'],
  ["$context.list.removeAll(['a'])$context.list", 'true["b"]'],
  ["$context.list.retainAll(['a'])$context.list", 'true["a"]'],
  ["$context.list.clear()$context.list", "[]"],
  ["$context.list.get(2)", "✗ get() throws IndexOutOfBoundsException: index 2, length 2"],
  ["#foreach($i in $context.list.iterator())$i#if($velocityHasNext),#end#end", "a,b"],
  ["#foreach($i in $context.list)$foreach.count#if($foreach.hasNext()),#end#end", "1,2"],
])("lists have the methods of Java's: %s is %s", (template, expected) => {
  expect(rendered(template)).toBe(expected);
});

test("what a macro sets of its arguments stays in it", () => {
  expect(rendered("#macro(m $x)$x#set($x = 5)$x#end#set($q = 1)#m($q)$q")).toBe("151");
});
