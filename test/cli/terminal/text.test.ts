import { expect, test } from "vitest";
import {
  cut,
  fitted,
  folded,
  harmless,
  outputLines,
  printable,
  widthOf,
} from "../../../cli/terminal/text.ts";

test.each([
  ["leaves plain text, accents and emoji", "naïve 🙂 {}", "naïve 🙂 {}"],
  ["shows ends of lines and tabs", "a\r\n\tb", "a\\r\\n\\tb"],
  ["shows escape sequences", "\u001b[2J", "\\x1b[2J"],
  ["shows the 8-bit controls", "\u009b2J\u007f", "\\x9b2J\\x7f"],
  ["shows Unicode's own line ends", "a\u2028b", "a\\u2028b"],
  ["shows what turns a text around", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
])("%s", (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test.each([
  ["abc", 3, "abc"],
  ["x".repeat(40), 30, `${"x".repeat(18)}… (40 bytes)`],
  ["é".repeat(1000), 30, `${"é".repeat(15)}… (2,000 bytes)`],
  ["x".repeat(40), 1, `${"x".repeat(10)}… (40 bytes)`],
])("cuts a long text and tells its size (%#)", (text, limit, shown) => {
  expect(cut(text, limit)).toBe(shown);
});

test("does not cut a character in two", () => {
  expect(cut("🙂".repeat(100), 32)).toBe(`${"🙂".repeat(9)}… (400 bytes)`);
});

test("splits output into lines without the last line end", () => {
  expect(outputLines("a\nb\r\n\nc\n", false)).toEqual(["a", "b", "", "c"]);
});

test("keeps tabs, and colours only on request", () => {
  expect(outputLines("\u001b[1;32mok\u001b[0m\tx", false)).toEqual(["ok\tx"]);
  expect(outputLines("\u001b[1;32mok\u001b[0m\tx", true)).toEqual([
    "\u001b[1;32mok\u001b[0m\tx\u001b[0m",
  ]);
});

test("leaves lines, tabs and colours of what is printed, and nothing else that steers", () => {
  expect(harmless("\u001b[31mred\u001b[39m\ta\nb")).toBe("\u001b[31mred\u001b[39m\ta\nb");
  expect(harmless("\u001b[2J\u001bc\u0007\r\u009b2J\u202e")).toBe(
    "\\u001b[2J\\u001bc\\u0007\\u000d\\u009b2J\\u202e",
  );
});

test("leaves printed JSON the same JSON", () => {
  const value = { text: "\u001b[2J\u009b2J\u202e\u2028" };

  expect(JSON.parse(harmless(JSON.stringify(value)))).toEqual(value);
});

test("folds a line at its blanks, and keeps its indentation", () => {
  expect(folded("  ✓ one two three four", 12, "    ")).toEqual([
    "  ✓ one two",
    "    three",
    "    four",
  ]);
  expect(folded("  fits", 12, "    ")).toEqual(["  fits"]);
});

test("breaks a word that has no room in a row", () => {
  expect(folded(`a ${"x".repeat(14)}`, 10, "  ")).toEqual(["a", "  xxxxxxxx", "  xxxxxx"]);
});

test("counts columns, not characters: colours take none, some characters two", () => {
  expect(widthOf("\u001b[31mred\u001b[39m")).toBe(3);
  expect(widthOf("日本 e\u0301")).toBe(6);
  expect(folded("日本語日本語", 6, "")).toEqual(["日本語", "日本語"]);
  expect(folded("\u001b[31mred words\u001b[39m", 6, "")).toEqual([
    "\u001b[31mred",
    "words\u001b[39m",
  ]);
});

test("lets a sentence go on below its own beginning, also in a column of a table", () => {
  expect(fitted("\u001b[31m✗\u001b[39m one two three", 10)).toBe(
    "\u001b[31m✗\u001b[39m one two\n  three",
  );
  expect(fitted("  say    one two three four", 20)).toBe("  say    one two\n         three four");
  expect(fitted("a column of its own  one two", 24)).toBe("a column of its own  one\ntwo");
});

test("keeps paths and examples whole, so that one can copy them", () => {
  const path = `/${"x".repeat(20)}`;
  expect(fitted(`Written to ${path} in 1 s`, 16)).toBe(`Written to\n${path}\nin 1 s`);
  const example = `    wsgw invoke say --message '{"action":"say"}'`;
  expect(fitted(example, 16)).toBe(example);
});

test("leaves lines whole where no terminal shows them", () => {
  expect(fitted("one two three four", undefined)).toBe("one two three four");
});
