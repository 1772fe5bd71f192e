import { join } from "node:path";
import { expect, test } from "vitest";
import { syntaxFailures } from "../../src/bundle/syntax-failures.ts";
import { makeProject } from "./project.ts";

const LONG = `// ${"long ".repeat(50_000)}\n`;

test.each([
  ["a return in a CommonJS file", "a.cjs", "if (!globalThis.b) return;"],
  ["an await in an ES module", "a.mjs", "await import('b', { with: { type: 'json' } });"],
  ["a script without an extension", "a", "#!/usr/bin/env node\nreturn;"],
  ["an ES module in a .js file", "a.js", "export default await 1;"],
  ["TypeScript, which is built", "a.ts", "const = 1;"],
])("%s is sound without esbuild's process", async (_, file, text) => {
  const { root } = makeProject({ [file]: text });
  const path = join(root, file);

  expect(await syntaxFailures(root, new Set([path]), expect.unreachable)).toEqual([]);
});

test("esbuild reads long files, and says what is sound although acorn does not accept it", async () => {
  const { root } = makeProject({
    "long.cjs": `${LONG}exports.a = 1;`,
    "a.mjs": "a: b: 1; <!-- no",
  });
  const asked: string[] = [];
  const ask = async (_: string, files: readonly string[]) => {
    asked.push(...files);
    return [];
  };

  for (const file of ["long.cjs", "a.mjs"]) {
    expect(await syntaxFailures(root, new Set([join(root, file)]), ask)).toEqual([]);
  }

  expect(asked).toEqual([join(root, "long.cjs"), join(root, "a.mjs")]);
});

test("an ES module by its package.json may not say what only scripts may", async () => {
  const { root } = makeProject({ "package.json": '{"type":"module"}', "a.js": "if (1) return;" });

  expect(await syntaxFailures(root, new Set([join(root, "a.js")]))).toMatchObject([{ line: 1 }]);
});

test.each([
  ["an ES module", "a.mjs", "const = 1;", 1],
  ["a CommonJS file", "a.cjs", "const = 1;", 1],
  ["a long file", "a.js", `${LONG}const = 1;`, 2],
])("reports the place of an error in %s", async (_, file, text, line) => {
  const { root } = makeProject({ [file]: text });
  const path = join(root, file);

  expect(await syntaxFailures(root, new Set([path]))).toEqual([
    { file: path, line, column: 7, text: 'Expected identifier but found "="' },
  ]);
});
