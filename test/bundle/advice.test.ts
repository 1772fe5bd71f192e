import { expect, test } from "vitest";
import { adviceOn, adviceOnAll } from "../../src/bundle/advice.ts";
import { bundlerFor, makeProject } from "./project.ts";

const SYNTAX = "Fix the code at that place.";

test.each([
  ["syntax", "const = 1;", SYNTAX],
  [
    "a missing package",
    "import 'left/part'; import '@acme/a/b';",
    "Run npm install left.\nRun npm install @acme/a.",
  ],
  ["a missing file", "import './gone';", "Create the file, or correct the import."],
  [
    "a missing name of the package",
    "import '#gone';",
    "Add #gone to imports in package.json, or correct the import.",
  ],
  [
    "a file without a loader",
    "import './a.svg';",
    'Set a loader for such files in the definition: esbuild: { loader: { ".svg": "text" } }.',
  ],
  [
    "a top-level await in CommonJS",
    "await 1; export {};",
    'Only ES modules can use await at their top level, as on Lambda. Rename the file to .mts or .mjs, or set "type": "module" in package.json.',
  ],
  [
    "a missing export",
    "import { a } from './part.js'; a();",
    "Export it there, or correct the import.",
  ],
])("the advice on %s fits it", async (_, text, advice) => {
  const { root } = makeProject({
    "app.cts": text,
    "app.ts": text,
    "a.svg": "",
    "part.js": "export const b = 1;",
  });

  const bundle = await bundlerFor(root, "deploy")("app.handler");

  const failures = bundle.kind === "failed" ? bundle.failures : [];
  expect(adviceOnAll(failures).join("\n")).toBe(advice);
});

test("advises to fix a plugin that fails; only errors with a place in the code need no advice", () => {
  expect(adviceOn({ text: "Plugin vue: no" })).toBe(
    "Fix the plugin under esbuild in the definition.",
  );
  expect(adviceOn({ text: 'Expected ";"' })).toBeUndefined();
});
