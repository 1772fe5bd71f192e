import { expect, test } from "vitest";
import { harmless, outputLines, printable } from "../../../cli/terminal/control-characters.ts";

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
