import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundlerFor, makeProject, only } from "./project.ts";

/** A workspace: `node_modules` links to its packages, and holds an installed one. */
function makeWorkspace(files: Readonly<Record<string, string>>) {
  const project = makeProject({
    "packages/typed/package.json":
      '{ "name": "@acme/typed", "type": "module", "exports": { ".": "./src/index.ts", "./util": "./src/util.ts" } }',
    "packages/typed/src/index.ts":
      'export { util } from "./util.js"; export enum Kind { A = "a" } export const VERSION: string = "v1";',
    "packages/typed/src/util.ts": "export const util = (s: string): string => s.toUpperCase();",
    "packages/script/package.json": '{ "name": "@acme/script", "main": "dist/i.js" }',
    "packages/script/dist/i.js": 'exports.b = require("./more").more;',
    "packages/script/dist/more.js": 'exports.more = "b1";',
    "node_modules/left/index.js": 'module.exports = "left";',
    ...files,
  });
  for (const name of ["typed", "script"]) {
    const at = join(project.root, "node_modules/@acme", name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(project.root, "packages", name), at);
  }
  return project;
}

test.each(["child-process", "in-process"] as const)(
  "a handler of plain JavaScript has the files of a linked package among its own, and runs its new code (%s)",
  async (purpose) => {
    const { root, write } = makeWorkspace({
      "ws/j.js":
        'const { b } = require("@acme/script"); const left = require("left"); exports.handler = () => b + left;',
    });
    const build = bundlerFor(root, purpose);

    const first = only(await build("ws/j.handler"));
    write("packages/script/dist/more.js", 'exports.more = "b2";');
    const second = only(await build("ws/j.handler"));

    const own = ["packages/script/dist/i.js", "packages/script/dist/more.js", "ws/j.js"];
    expect([...first.inputs].sort()).toEqual(own.map((file) => join(root, file)));
    expect(readFileSync(second.file, "utf8")).toContain('"b2"');
    if (purpose === "in-process") return;
    expect(createRequire(second.file)(second.file).handler()).toBe("b2left");
    expect(readFileSync(second.file, "utf8")).toContain('require("left")');
  },
);

test("a handler of plain JavaScript may import a linked package whose entry is TypeScript", async () => {
  const { root } = makeWorkspace({
    "ws/m.mjs":
      'import { Kind, VERSION, util } from "@acme/typed"; import { util as again } from "@acme/typed/util"; export const handler = () => [Kind.A, VERSION, util("x"), again("y")].join();',
  });

  const code = only(await bundlerFor(root)("ws/m.handler"));

  const loaded = await import(/* @vite-ignore */ pathToFileURL(code.file).href);
  expect(loaded.handler()).toBe("a,v1,X,Y");
});

test.each([
  ["TypeScript", "import { a } from './part.js';", "part.ts", "export const a: string = 'hello';"],
  [
    "TypeScript without its extension",
    "import { a } from './part';",
    "part.ts",
    "export const a = 'hello';",
  ],
  ["#names of its package", "import { a } from '#part';", "part.js", "export const a = 'hello';"],
  ["its package by name", "import { a } from 'svc/part';", "part.js", "export const a = 'hello';"],
  ["text", "import a from './a.graphql';", "a.graphql", "hello"],
])("a handler of plain JavaScript that imports %s is built", async (_, imports, file, text) => {
  const { root } = makeProject({
    "package.json":
      '{ "name": "svc", "type": "module", "imports": { "#part": "./part.js" }, "exports": { "./part": "./part.js" } }',
    "app.js": `${imports} export const handler = () => a;`,
    [file]: text,
  });

  const code = only(await bundlerFor(root)("app.handler"));

  expect([...code.inputs].sort()).toEqual([join(root, file), join(root, "app.js")].sort());
  const loaded = await import(/* @vite-ignore */ pathToFileURL(code.file).href);
  expect(loaded.handler()).toBe("hello");
});

test("what installed packages import does not have a handler of plain JavaScript built", async () => {
  const { root } = makeProject({
    "node_modules/.pnpm/left@1/node_modules/left/package.json": '{ "name": "left" }',
    "node_modules/.pnpm/left@1/node_modules/left/index.js":
      "exports.handler = () => require('#x');",
    "app.js": "const left = require('left'); exports.handler = () => left;",
  });
  symlinkSync(".pnpm/left@1/node_modules/left", join(root, "node_modules/left"));

  expect(only(await bundlerFor(root)("app.handler")).file).toBe(join(root, "app.js"));
  expect(only(await bundlerFor(root)("left.handler")).sourceMaps).toBe(false);
});
