import { expect, test } from "vitest";
import { fitted, folded, widthOf } from "../../../cli/terminal/wrap.ts";

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
