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

const MESSAGE = {
  body: '{"a":1.50,"b":1.5,"list":[1,null]}',
  params: { path: {}, querystring: {}, header: {} },
};

/** What an expression prints: one number, string, list or map of Java, or what it throws. */
function printedBy(expression: string): string {
  const result = compileTemplate(`#set($v = ${expression})$v`).render({
    ...MESSAGE,
    context: { n: 7, big: 1790299471061, small: -7, s: "ab" },
    stageVariables: {},
  });
  return result.kind === "rendered" ? result.text : `✗ ${result.problem}`;
}

/** The same by a variable, whose methods a literal does not have. */
function calledOn(value: string, call: string): string {
  const result = compileTemplate(`#set($x = ${value})$x.${call}`).render({
    ...MESSAGE,
    context: {},
    stageVariables: {},
  });
  return result.kind === "rendered" ? result.text : `✗ ${result.problem}`;
}

test.each([
  ["''", "isBlank()", "true"],
  ["' '", "isBlank()", "true"],
  ["' a'", "isBlank()", "false"],
  ["'ab'", "startsWith('b', 1)", "true"],
  ["'ab'", "startsWith('a', 1)", "false"],
  ["'Ab'", "equalsIgnoreCase('aB')", "true"],
  ["'Ab'", "equalsIgnoreCase('a')", "false"],
  ["'Ab'", "compareToIgnoreCase('aC')", "-1"],
  ["'aB'", "compareToIgnoreCase('Ab')", "0"],
  ["'b'", "compareTo('a')", "1"],
  ["'ab'", "compareTo('cb')", "-2"],
  ["'ab'", "compareTo('ad')", "-2"],
  ["'ab'", "compareTo('abcd')", "-2"],
  ["'aba'", "lastIndexOf('a')", "2"],
  ["'aba'", "lastIndexOf('a', 1)", "0"],
  ["'aba'", "lastIndexOf('a', 0)", "0"],
  ["'aba'", "lastIndexOf('a', -1)", "-1"],
  ["' a b '", "trim().length()", "3"],
  ["' a b '", "trim()", "a b"],
  ["' a b '", "strip()", "a b"],
  ["'ab'", "repeat(2)", "abab"],
  ["'ab'", "repeat(0)", ""],
  ["'ab'", "repeat(-1)", "✗ repeat() throws IllegalArgumentException: count is negative: -1"],
  ["'ab'", "repeat(500000).length()", "1000000"],
  ["'ab'", "repeat(500001)", "✗ repeat() throws OutOfMemoryError"],
  ["'ab'", "toCharArray()", "[a, b]"],
  ["'ab'", "intern()", "ab"],
  ["'ab'", "valueOf(5)", "5"],
  ["'ab'", "valueOf($nope)", "null"],
  ["'ab'", "join('-', [1, 'b'])", "1-b"],
  ["'ab'", "concat($nope)", "✗ concat() throws NullPointerException"],
  ["'ab'", "substring(2)", ""],
  ["'ab'", "substring(1, 1)", ""],
  [
    "'ab'",
    "replaceAll('b', '$')",
    "✗ replaceAll() throws IllegalArgumentException: $ at the end, or before no group",
  ],
  ["'ab'", "replaceAll('(c)?b', '[$1]')", "a[]"],
  ["'ab'", "replaceAll('b', '\\$1')", "a$1"],
  ["'a-b-'", "split('-', 1).size()", "1"],
  ["'a-b-'", "split('-', 2)", "[a, b-]"],
  ["'a-b-'", "split('-', -1)", "[a, b, ]"],
  ["'a-b-'", "split('-')", "[a, b]"],
  ["'-'", "split('-').size()", "1"],
  ["'ab'", "format('%s%s%s%s%s%s%s%s', 1, 2, 3, 4, 5, 6, 7, 8)", "12345678"],
  ["'ab'", "hashCode()", "3105"],
  ["7", "hashCode()", "7"],
  ["-7", "hashCode()", "-7"],
  ["4294967297", "hashCode()", "0"],
  ["8589934593", "hashCode()", "3"],
  ["7", "floatValue()", "7.0"],
  ["7", "doubleValue()", "7.0"],
  ["7.9", "intValue()", "7"],
  ["7", "compareTo(9)", "-1"],
  ["7", "compareTo(7)", "0"],
  ["9", "compareTo(7)", "1"],
  ["7", "equals(7)", "true"],
  ["7", "equals(7.0)", "false"],
  ["7", "equals(8)", "false"],
  ["7", "parseInt('+5')", "5"],
  ["7", "parseInt('2147483647')", "2147483647"],
  ["7", "parseInt('-2147483648')", "-2147483648"],
  [
    "7",
    "parseInt('2147483648')",
    '✗ parseInt() throws NumberFormatException: For input string: "2147483648"',
  ],
  ["7", "parseInt('a5')", '✗ parseInt() throws NumberFormatException: For input string: "a5"'],
  ["7", "parseInt('5a')", '✗ parseInt() throws NumberFormatException: For input string: "5a"'],
  ["7", "parseInt('')", '✗ parseInt() throws NumberFormatException: For input string: ""'],
  ["7", "parseLong('9223372036854775807')", "9223372036854775807"],
  ["7", "parseLong('-9223372036854775808')", "-9223372036854775808"],
  ["7", "parseDouble('2.5')", "2.5"],
  ["7", "parseDouble(' ')", '✗ parseDouble() throws NumberFormatException: For input string: " "'],
  ["7", "parseDouble('x')", '✗ parseDouble() throws NumberFormatException: For input string: "x"'],
  ["7", "valueOf('8')", "8"],
  ["7", "valueOf(8)", "8"],
  ["7.5", "valueOf('8')", "8.0"],
  ["7", "toHexString(255)", "ff"],
  ["7", "toHexString(-1)", "ffffffff"],
  ["7", "max(1, 2)", "2"],
  ["7", "max(2, 1)", "2"],
  ["7", "max(2, 2.0)", "2"],
  ["7", "min(1, 2)", "1"],
  ["7", "min(2, 1)", "1"],
  ["7", "min(2, 2.0)", "2"],
  ["true", "booleanValue()", "true"],
  ["true", "parseBoolean('TRUE')", "true"],
  ["true", "parseBoolean('no')", "false"],
])("%s has the method %s, which gives %s", (value, call, expected) => {
  expect(calledOn(value, call)).toBe(expected);
});

test.each([
  ["[]", "isEmpty()", "true"],
  ["[1]", "isEmpty()", "false"],
  ["[1, 2, 1]", "indexOf(1)", "0"],
  ["[1, 2, 1]", "lastIndexOf(1)", "2"],
  ["[1, 2]", "lastIndexOf(3)", "-1"],
  ["['a', 'b']", "remove('a')$x", "true[b]"],
  ["['a', 'b']", "remove('b')$x", "true[a]"],
  ["['a', 'b']", "remove('c')$x", "false[a, b]"],
  ["[1, 2]", "subList(0, 2)", "[1, 2]"],
  ["[1, 2]", "subList(2, 2)", "[]"],
  ["[1, 2]", "subList(3, 3)", "✗ subList() throws IndexOutOfBoundsException: index 3, length 3"],
  ["[1, 2]", "subList(0, 3)", "✗ subList() throws IndexOutOfBoundsException: index 3, length 3"],
  ["[1]", "add(1, 2)$x", "[1, 2]"],
  ["[1]", "add(2, 2)$x", "✗ add() throws IndexOutOfBoundsException: index 2, length 2"],
  ["[1]", "addAll([])", "false"],
  ["[1]", "addAll(0, [0])$x", "true[0, 1]"],
  ["[1]", "removeAll([2])", "false"],
  ["[1]", "iterator()", "java.util.Iterator"],
  ["{}", "isEmpty()", "true"],
  ["{'a': 1}", "isEmpty()", "false"],
  ["{'a': 1}", "putAll({'b': 2})$x", "{a=1, b=2}"],
  ["{'a': 1}", "clear()$x", "{}"],
  ["{'a': 1}", "replace('a', 2)$x", "1{a=2}"],
  ["{'a': 1}", "getOrDefault('b', 2)", "2"],
  ["{'a': 1}", "putIfAbsent('a', 2)$x", "1{a=1}"],
  ["{'a': 1}", "containsValue(1)", "true"],
  ["{'a': 1}", "entrySet()", "[a=1]"],
])("%s has the method %s, which gives %s", (value, call, expected) => {
  expect(calledOn(value, call)).toBe(expected);
});

test("an iterator gives each item once, also null, and then throws", () => {
  const next = "$i.next()";

  expect(
    calledOn("$input.path('$.list')", `size()#set($i = $x.iterator())${next}<$i.next()>`),
  ).toBe("21<$i.next()>");
  expect(calledOn("[1]", `size()#set($i = $x.iterator())${next}$i.hasNext()${next}`)).toBe(
    "✗ next() throws NoSuchElementException",
  );
});

test("numbers of the message that have one value are equal", () => {
  expect(printedBy("$input.path('$.a').equals($input.path('$.b'))")).toBe("true");
  expect(printedBy("$context.big.hashCode()")).toBe("-701891211");
  expect(printedBy("$context.s.join('-', $input.path('$.list'))")).toBe("1-null");
});

test.each([
  ["'%s%c', 'a'", "✗ format() throws MissingFormatArgumentException: %c"],
  ["'%'", "✗ format() throws UnknownFormatConversionException: %"],
  ["'%10000s', 'a').length(", "10000"],
  ["'%10001s', 'a'", "✗ format() throws OutOfMemoryError"],
  ["'%06d', -7", "-00007"],
  ["'%+06d', 7", "+00007"],
  ["'%06.1f', -2.5", "-002.5"],
  ["'[%s]', ''", "[]"],
  ["'%.2s', 'abc'", "ab"],
  ["'%f', 2.5", "2.500000"],
  ["'%b %b %b', true, 'x', $nope", "true true false"],
  ["'%x %x', -1, 4294967296", "ffffffff 100000000"],
  ["'%,d', -1234567", "-1,234,567"],
  ["'%,.4f', 1234.56789", "1,234.5679"],
  ["'%s', $nope", "null"],
  ["'%05d', $nope", " null"],
])("format(%s) gives %s", (args, expected) => {
  expect(calledOn("'a'", `format(${args})`)).toBe(expected);
});
