import { expect, test } from "vitest";
import { describeExpected, matchesMessage } from "../../src/testing/expected.ts";
import { matchesValue } from "../../src/values/match.ts";

test.each<[string, unknown, string, boolean]>([
  ["equal text", "hello", "hello", true],
  ["other text", "hello", "hello!", false],
  ["text that is JSON, compared as text", '"a"', '"a"', true],
  ["an expression that is found", /ell/, "hello", true],
  ["an expression that is not found", /^ell/, "hello", false],
  ["an expression that remembers its place", /l/g, "hello", true],
  ["a part of the JSON", { a: 1 }, '{"a":1,"b":2}', true],
  ["a deep part of the JSON", { a: { b: [1, { c: 2 }] } }, '{"a":{"b":[1,{"c":2,"d":3}]}}', true],
  ["a part that is not there", { c: 1 }, '{"a":1}', false],
  ["an array of another length", [1], "[1,2]", false],
  ["null", null, "null", true],
  ["a number", 5, "5", true],
  ["an object and text that is no JSON", { a: 1 }, "hello", false],
  ["a function that takes it", (text: string) => text.length === 5, "hello", true],
  ["a function that does not", (text: string) => text.length === 4, "hello", false],
  ["the runner's matcher of text", expect.stringContaining("ell"), "hello", true],
  ["the runner's matcher of JSON", expect.objectContaining({ a: 1 }), '{"a":1,"b":2}', true],
  ["the runner's matcher within JSON", { a: expect.any(Number) }, '{"a":1}', true],
  ["the runner's matcher within JSON that differs", { a: expect.any(String) }, '{"a":1}', false],
  ["an expression within JSON", { a: /^x/ }, '{"a":"xyz"}', true],
])("%s", (_, expected, text, isMatch) => {
  expect(matchesMessage(expected, text)).toBe(isMatch);
});

test("a value that is undefined is expected to be missing", () => {
  expect(matchesValue({ a: undefined }, { b: 1 })).toBe(true);
  expect(matchesValue({ a: undefined }, { a: 1 })).toBe(false);
});

test.each<[unknown, string]>([
  ["a", '"a"'],
  [/a/g, "/a/g"],
  [{ a: [1] }, "{ a: [ 1 ] }"],
  [function isLong() {}, "what isLong takes"],
  [expect.stringContaining("x"), "StringContaining"],
])("%s is described as %s", (expected, text) => {
  expect(describeExpected(expected)).toContain(text);
});
