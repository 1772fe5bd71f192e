import { expect, test } from "vitest";
import { importCandidates } from "../../src/bundle/import-candidates.ts";

test.each([
  ["a path without extension", "/a/word", ["/a/word.ts", "/a/word.js", "/a/word/index.ts"]],
  ["TypeScript by its own name", "/a/word.ts", ["/a/word.ts"]],
  ["TypeScript by the name of JavaScript", "/a/word.js", ["/a/word.js", "/a/word.ts"]],
  ["a module by the name of JavaScript", "/a/word.mjs", ["/a/word.mjs", "/a/word.mts"]],
  ["a name with a dot in it", "/a/word.list", ["/a/word.list", "/a/word.list.ts"]],
  ["data", "/a/words.json", ["/a/words.json"]],
])("an import may mean %s", (_, path, files) => {
  expect(importCandidates(path)).toEqual(expect.arrayContaining(files));
});

test("a new directory does not resolve an import", () => {
  expect(importCandidates("/a/word")).not.toContain("/a/word");
});
