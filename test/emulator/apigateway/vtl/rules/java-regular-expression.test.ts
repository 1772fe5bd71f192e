import { expect, test } from "vitest";
import { javaExpression } from "../../../../../src/emulator/apigateway/vtl/rules/java-regular-expression.ts";

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** The ASCII characters that an expression matches whole. */
function matched(pattern: string): string {
  const expression = javaExpression(pattern, "", true);
  return ASCII.filter((character) => expression.test(character)).join("");
}

function between(...ranges: readonly [from: number, to: number][]): string {
  return ASCII.filter((_, code) => ranges.some(([from, to]) => code >= from && code <= to)).join(
    "",
  );
}

test.each([
  ["Alnum", between([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a])],
  ["Alpha", between([0x41, 0x5a], [0x61, 0x7a])],
  ["ASCII", between([0, 0x7f])],
  ["Blank", "\t "],
  ["Cntrl", between([0, 0x1f], [0x7f, 0x7f])],
  ["Digit", "0123456789"],
  ["Graph", between([0x21, 0x7e])],
  ["Lower", between([0x61, 0x7a])],
  ["Print", between([0x20, 0x7e])],
  ["Punct", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"],
  ["Space", "\t\n\v\f\r "],
  ["Upper", between([0x41, 0x5a])],
  ["XDigit", between([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
])("\\p{%s} matches the same ASCII characters as in Java", (name, characters) => {
  expect(matched(`\\p{${name}}`)).toBe(characters);
  expect(matched(`[\\p{${name}}]`)).toBe(characters);
  expect(matched(`\\P{${name}}`)).toBe(ASCII.filter((each) => !characters.includes(each)).join(""));
  expect(javaExpression(`\\p{${name}}`, "", true).test("é")).toBe(false);
});

test.each([
  ["\\s", "\t\n\v\f\r "],
  ["[\\s]", "\t\n\v\f\r "],
  ["\\S", ASCII.filter((each) => !"\t\n\v\f\r ".includes(each)).join("")],
  ["[\\Sx]", ASCII.filter((each) => !"\t\n\v\f\r ".includes(each)).join("")],
  ["\\h", "\t "],
  ["\\R", "\n\v\f\r"],
  ["\\a", "\x07"],
  ["\\e", "\x1B"],
  ["\\.", "."],
  ["\\-", "-"],
  ["\\p{IsDigit}", "0123456789"],
  ["\\p{L}", between([0x41, 0x5a], [0x61, 0x7a])],
  ["[^\\p{L}\\p{Cntrl}]", between([0x20, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ["\\QA\\E", "A"],
  ["(?i)a", "Aa"],
  ["(?iu)a", "Aa"],
  ["(?i)\\p{Lower}", between([0x41, 0x5a], [0x61, 0x7a])],
  ["[a*+]", "*+a"],
])("%s matches %j", (pattern, characters) => {
  expect(matched(pattern)).toBe(characters);
});

test.each([
  ["\\Q(.*)[a-b]{1}^$|\\E", "(.*)[a-b]{1}^$|", true],
  ["\\Q.", ".", true],
  ["\\Q.", "a", false],
  ["a&&b", "a&&b", true],
  ["a++b", "aab", true],
  ["a*+b", "b", true],
  ["a?+b", "ab", true],
  ["a{1,2}+b", "aab", true],
  ["(?s)a.b", "a\nb", true],
  ["a.b", "a\nb", false],
  ["(?s)a.b\nc", "a\nb\nc", true],
  ["\\R", "\r\n", true],
  ["a|b", "ab", false],
  ["a$", "a", true],
])("%j and the whole of %j: %s", (pattern, text, isMatch) => {
  expect(javaExpression(pattern, "", true).test(text)).toBe(isMatch);
});

test.each([
  ["a$", "ba", true],
  ["a$", "a\n", true],
  ["a$", "a\r\n", true],
  ["a$", "a\nb", false],
  ["(?m)a$", "a\nb", true],
  ["a\\Z", "a\n", true],
  ["a\\z", "a\n", false],
  ["a\\z", "a", true],
  ["\\Aa", "ab", true],
  ["\\Aa", "ba", false],
  ["[$]", "$", true],
  ["[$]", "", false],
])("%j finds something in %j: %s", (pattern, text, isFound) => {
  expect(javaExpression(pattern).test(text)).toBe(isFound);
});

test.each([
  ["(?x)a b", "wsgw does not support (?x): (?x)a b"],
  ["[a[b]]", "wsgw does not support nested character classes: [a[b]]"],
  ["[a&&b]", "wsgw does not support nested character classes: [a&&b]"],
  ["x(?i)", "wsgw supports only the flags (?i), (?m), (?s) and (?u), at the start: x(?i)"],
  ["(?U)x", "wsgw supports only the flags (?i), (?m), (?s) and (?u), at the start: (?U)x"],
  ["[a", "PatternSyntaxException: [a"],
  ["(a", "PatternSyntaxException: (a"],
])("%s is rejected: %s", (pattern, message) => {
  expect(() => javaExpression(pattern)).toThrow(new Error(message));
});
