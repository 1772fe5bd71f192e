import { expect, test } from "vitest";
import { fits, fixedDirectory } from "../../../src/deploy/package/patterns.ts";

test.each([
  ["data/*.json", "data/a.json", true],
  ["data/*.json", "data/b/a.json", false],
  ["data/**/*.json", "data/b/c/a.json", true],
  ["data/**/*.json", "data/a.json", true],
  ["data", "data/b/a.json", true],
  ["data/", "data/a.json", true],
  ["./data/a.json", "data/a.json", true],
  ["data", "database/a.json", false],
  ["**", "anything/at/all", true],
  ["*.{txt,md}", "a.md", true],
  ["*.{txt,md}", "a.json", false],
  ["a?.txt", "ab.txt", true],
  ["a?.txt", "a/.txt", false],
  ["a.b", "axb", false],
  ["a+(b)", "a+(b)", true],
])("%s fits %s: %s", (pattern, path, expected) => {
  expect(fits(pattern, path)).toBe(expected);
});

test.each([
  ["data/*.json", "data"],
  ["data/a.json", "data"],
  ["./a/b/**/c", "a/b"],
  ["*.json", ""],
  ["a.json", ""],
])("what matches %s is in the directory “%s”", (pattern, directory) => {
  expect(fixedDirectory(pattern)).toBe(directory);
});
