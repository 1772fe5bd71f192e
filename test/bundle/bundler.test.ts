import {
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createBundler } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import { missingExports } from "../../src/bundle/missing-exports.ts";
import { bundlerFor, makeProject, only } from "./project.ts";

test("plain JavaScript runs from its own file", async () => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => require('./part');",
    "part.js": "",
  });

  const code = only(await bundlerFor(root)("app.handler"));

  expect(code).toMatchObject({
    file: `${root}/app.js`,
    source: `${root}/app.js`,
    exportPath: "handler",
    format: "commonjs",
    sourceMaps: false,
    exports: ["handler"],
    inputs: [`${root}/app.js`, `${root}/part.js`],
  });
});

test("TypeScript is built under .wsgw, which git ignores, and can be loaded", async () => {
  const { root } = makeProject({
    "src/app.ts":
      "import { word } from './part.ts'; export const handler = async (): Promise<string> => word;",
    "src/part.ts": "export const word: string = 'hello';",
  });

  const code = only(await bundlerFor(root)("src/app.handler"));

  expect(code).toMatchObject({
    file: `${root}/.wsgw/build/child-process/src/app_ts.cjs`,
    source: `${root}/src/app.ts`,
    format: "commonjs",
    sourceMaps: true,
    exports: ["handler"],
  });
  expect([...code.inputs].sort()).toEqual([`${root}/src/app.ts`, `${root}/src/part.ts`]);
  expect(readFileSync(`${root}/.wsgw/.gitignore`, "utf8")).toBe("*\n");
  expect(await createRequire(code.file)(code.file).handler()).toBe("hello");
});

test("TypeScript in a package of modules becomes an ES module, whose bundled packages may use require", async () => {
  const { root } = makeProject({
    "package.json": '{"type":"module"}',
    "app.ts":
      "import { hidden } from 'shared'; const word: string = await hidden(); export const handler = async () => word;",
    "tsconfig.json": '{"compilerOptions":{"paths":{"shared":["./lib/shared.cjs"]}}}',
    "lib/shared.cjs": "exports.hidden = async () => require('node:path').basename('/a/b');",
  });

  const code = only(await bundlerFor(root)("app.handler"));

  expect(code).toMatchObject({ format: "module", exports: ["handler"] });
  const loaded = await import(/* @vite-ignore */ pathToFileURL(code.file).href);
  expect(await loaded.handler()).toBe("b");
});

test("packages stay outside for a child process wherever node_modules lies, but for modules that a script requires", async () => {
  const { root } = makeProject({
    "node_modules/outer/index.js": "module.exports = 'outer';",
    "services/a/node_modules/inner/index.js": "module.exports = 'inner';",
    "services/a/node_modules/pure/package.json": '{ "type": "module", "main": "index.js" }',
    "services/a/node_modules/pure/index.js": "export default 'pure';",
    "services/a/app.ts":
      "import outer from 'outer'; import inner from 'inner'; import pure from 'pure'; import absent from 'absent'; export const handler = () => [outer, inner, pure, absent];",
  });

  const code = only(await bundlerFor(root)("services/a/app.handler"));

  const text = readFileSync(code.file, "utf8");
  expect(text).toContain('require("outer")');
  expect(text).toContain('require("absent")');
  expect(text).toContain(`require("${root}/services/a/node_modules/inner/index.js")`);
  expect(text).toContain('= "pure"');
});

test("a bundle of modules has no package of a nested node_modules in it, which Node finds by a link", async () => {
  const { root } = makeProject({
    "services/a/package.json": '{ "type": "module" }',
    "services/a/node_modules/script/index.js": "exports.text = 'script';",
    "services/a/node_modules/@org/pure/package.json": '{ "type": "module", "exports": "./a.js" }',
    "services/a/node_modules/@org/pure/a.js": "export const text = 'pure';",
    "services/a/app.ts":
      "import * as script from 'script'; import * as pure from '@org/pure'; export const handler = () => [script.text, pure.text];",
  });
  const dry = createBundler({ root, purpose: "child-process", dryRun: true });
  const { handlers } = findHandlers(root, [{ name: "app", handler: "services/a/app.handler" }]);
  expect((await dry.build(handlers)).kind).toBe("built");
  await dry.stop();
  expect(readdirSync(root)).toEqual(["services"]);

  const code = only(await bundlerFor(root)("services/a/app.handler"));

  expect(readFileSync(code.file, "utf8")).not.toMatch(/"(script|pure)"/);
  expect(code.inputs).toEqual([`${root}/services/a/app.ts`]);
  const loaded = await import(/* @vite-ignore */ pathToFileURL(code.file).href);
  expect(loaded.handler()).toEqual(["script", "pure"]);
});

test("an import of a file that a nested package lacks is a value with its place", async () => {
  const { root } = makeProject({
    "package.json": '{ "type": "module" }',
    "a/node_modules/pure/index.js": "",
    "a/app.ts": "import 'pure/gone.js';\nexport const handler = () => 1;",
  });

  expect(await bundlerFor(root)("a/app.handler")).toMatchObject({
    kind: "failed",
    failures: [{ file: `${root}/a/app.ts`, line: 1, text: 'Could not resolve "pure/gone.js"' }],
  });
});

test("in process everything is in one CommonJS file, whose name changes with its content", async () => {
  const { root, write } = makeProject({
    "package.json": '{"type":"module"}',
    "node_modules/word/index.js": "export const word = 'hello';",
    "node_modules/word/package.json": '{"type":"module"}',
    "app.js": "import { word } from 'word'; export const handler = () => word;",
  });
  const build = bundlerFor(root, "in-process");

  const first = only(await build("app.handler"));
  write("node_modules/word/index.js", "export const word = 'goodbye';");
  const second = only(await build("app.handler"));

  expect(first).toMatchObject({
    format: "commonjs",
    exports: ["handler"],
    source: `${root}/app.js`,
  });
  expect(readFileSync(first.file, "utf8")).toContain('"hello"');
  expect(readFileSync(second.file, "utf8")).toContain('"goodbye"');
  expect(second.file).not.toBe(first.file);
});

test("in process what was built is used again until an input changes", async () => {
  const { root, write } = makeProject({ "app.ts": "export const handler = () => 1;" });
  const first = only(await bundlerFor(root, "in-process")("app.handler"));
  // Only a build writes the file: with another time on it one can see whether there was one.
  utimesSync(`${root}/app.ts`, new Date(0), new Date(0));
  const afterTouch = only(await bundlerFor(root, "in-process")("app.handler"));
  const written = readFileSync(`${root}/.wsgw/build/in-process/${keptName(root)}`, "utf8");
  const again = only(await bundlerFor(root, "in-process")("app.handler"));

  expect(afterTouch).toEqual(first);
  expect(again).toEqual(first);
  expect(JSON.parse(written).inputs).toEqual([
    [`${root}/app.ts`, 0, statSync(`${root}/app.ts`).size],
  ]);
  write("app.ts", "export const handler = () => 2;");
  expect(only(await bundlerFor(root, "in-process")("app.handler")).file).not.toBe(first.file);
});

test("in process a build that another Node made is not used again", async () => {
  const { root } = makeProject({ "app.ts": "export const handler = () => 1;" });
  utimesSync(`${root}/app.ts`, new Date(0), new Date(0));
  only(await bundlerFor(root, "in-process")("app.handler"));
  const file = `${root}/.wsgw/build/in-process/${keptName(root)}`;
  const kept = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...kept, node: "v20.0.0" }));

  only(await bundlerFor(root, "in-process")("app.handler"));

  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(kept);
});

test("in process a build is not used again when an input was saved after it had begun", async () => {
  const { root } = makeProject({ "app.ts": "export const handler = () => 1;" });
  const soon = new Date(Date.now() + 60_000);
  utimesSync(`${root}/app.ts`, soon, soon);

  only(await bundlerFor(root, "in-process")("app.handler"));

  expect(keptName(root)).toBeUndefined();
});

test("a file that cannot be built is a value with its place, leaves the others built, and the next build sees it fixed", async () => {
  const { root, write } = makeProject({
    "a.ts": "export const handler = () => 1;",
    "b.ts": "export const handler = 1;\nconst = 2;",
  });
  const build = bundlerFor(root);

  const bundle = await build("a.handler", "b.handler");
  expect(bundle).toMatchObject({
    kind: "failed",
    failures: [
      { file: `${root}/b.ts`, line: 2, column: 7, text: 'Expected identifier but found "="' },
    ],
    failureInputs: { read: [`${root}/a.ts`, `${root}/b.ts`], missing: [] },
  });
  expect([...bundle.code.keys()]).toEqual(["a.handler"]);
  write("b.ts", "export const handler = 1;");
  expect((await build("a.handler", "b.handler")).kind).toBe("built");
});

test("plain JavaScript with a mistake in its syntax, or in that of a file it loads, is a value with its place", async () => {
  const { root, write } = makeProject({
    "good.js": "exports.handler = () => 1;",
    "lib/linked.js": "exports.handler = () => {",
    "own.js": "exports.handler = () => 1;\nconst = 2;",
    "own.mjs": "export const handler = () => {",
    "other.cjs": "const part = require('./part');\nexports.handler = () => part;",
    "part.js": "module.exports = {;",
  });
  const build = bundlerFor(root);
  symlinkSync("lib/linked.js", join(root, "link.js"));
  const handlers = ["good.handler", "own.handler", "other.handler"];

  const bundle = await build(...handlers);

  expect(bundle).toMatchObject({
    kind: "failed",
    failures: [
      { file: `${root}/own.js`, line: 2, column: 7, text: 'Expected identifier but found "="' },
      { file: `${root}/part.js`, line: 1, column: 19, text: 'Expected identifier but found ";"' },
    ],
    failureInputs: {
      read: ["good.js", "other.cjs", "own.js", "part.js"].map((file) => join(root, file)),
    },
  });
  expect([...bundle.code.keys()]).toEqual(["good.handler"]);
  write("own.js", "exports.handler = () => 1;");
  write("part.js", "");
  expect((await build(...handlers)).kind).toBe("built");
  expect(await build("link.handler")).toMatchObject({ failures: [{ file: `${root}/link.js` }] });
});

test.each([
  ["what only scripts may say", "with ({ a: 010 }) { var b = delete a; }\nif (!b) return;"],
  ["a first line for the shell and comments of HTML", "#!/usr/bin/env node\n<!-- a comment\n"],
  [
    "more than the Node that runs it has",
    "using_ = (a) => a ?? (a ||= 1); class A { static #b = 1; }",
  ],
])("plain JavaScript with %s is sound", async (_, text) => {
  const { root } = makeProject({ "app.js": `${text}\nexports.handler = () => 1;` });

  expect((await bundlerFor(root)("app.handler")).kind).toBe("built");
});

test("files with the same name and other extensions, and a broken tsconfig.json, do not affect the syntax check", async () => {
  const { root } = makeProject({
    "tsconfig.json": "{ broken",
    "app.mjs": "import './app.js'; import './app.cjs'; export const handler = () => 1;",
    "app.cjs": "exports.b = 1;",
    "lib/app.js": "",
    "app.js": "exports.a = 1;",
  });

  const found = { name: "app", exportPath: "handler", handler: "app.handler" };
  const bundler = createBundler({ root, purpose: "child-process" });
  const file = join(root, "app.mjs");
  const bundle = await bundler.build([
    { ...found, file, language: "javascript", format: "module" },
  ]);

  expect(bundle.kind).toBe("built");
});

test("an import that does not exist is a value with its place", async () => {
  const { root } = makeProject({ "a.ts": "import './gone.ts';\nexport const handler = () => 1;" });

  expect(await bundlerFor(root)("a.handler")).toMatchObject({
    kind: "failed",
    failures: [{ file: `${root}/a.ts`, line: 1, column: 8, text: 'Could not resolve "./gone.ts"' }],
  });
});

test.each([
  [
    "an ES module",
    "app.mjs",
    "export const handel = 1; export function other() {}",
    ["handel", "other"],
  ],
  [
    "an ES module that passes on all of another",
    "app.mjs",
    "export * from './part.mjs';",
    undefined,
  ],
  [
    "a CommonJS file",
    "app.js",
    "exports.handel = 1; module.exports.other = 2;",
    ["handel", "other"],
  ],
  [
    "a CommonJS file with one object",
    "app.js",
    "module.exports = make({ handler: 1 });",
    undefined,
  ],
  [
    "a CommonJS file that passes on another",
    "app.js",
    "module.exports = require('./part');",
    undefined,
  ],
  [
    "a CommonJS file as TypeScript makes it",
    "app.js",
    'Object.defineProperty(exports, "__esModule", { value: true });\nexports.handel = 1;',
    ["__esModule", "handel"],
  ],
  ["TypeScript", "app.ts", "export const handel = 1; export type Other = 1;", ["handel"]],
  ["TypeScript that exports all of a package", "app.ts", "export * from 'somewhere';", undefined],
  ["TypeScript that assigns its exports", "app.cts", "export = { handler: 1 };", undefined],
  ["TypeScript in CommonJS", "app.ts", "exports.handler = () => 1;", undefined],
  ["an empty TypeScript file", "app.ts", "", []],
  ["TypeScript that only imports", "app.ts", "import { join } from 'node:path';\njoin('a');", []],
])("the exports of %s are known as far as its text tells", async (_, file, text, exports) => {
  const { root } = makeProject({ [file]: text });

  expect(only(await bundlerFor(root)("app.handler")).exports).toEqual(exports);
});

test("a missing export gives one sentence, an unknown one gives none", async () => {
  const { root } = makeProject({
    "a.ts": "export const handel = 1;",
    "b.ts": "export const handler = { inner: 1 };",
    "c.js": "module.exports = require('./a');",
  });
  const functions = ["a.handler", "b.handler.inner", "c.handler"].map((handler) => ({
    name: handler[0]!,
    handler,
  }));
  const { handlers } = findHandlers(root, functions);
  const bundler = createBundler({ root, purpose: "child-process" });

  const bundle = await bundler.build(handlers);
  await bundler.stop();

  expect(bundle.kind === "built" && missingExports(handlers, bundle.code)).toEqual([
    `Function "a" has the handler a.handler, but ${root}/a.ts exports handel. Export "handler" or correct the handler.`,
  ]);
});

const OWN_SDK = createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb");

test("TypeScript that brings no AWS SDK gets wsgw's own", async () => {
  const text =
    "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export const handler = () => DynamoDBClient.name;";
  const { root } = makeProject({ "app.ts": text, "module.mts": text });
  const build = bundlerFor(root);

  const script = only(await build("app.handler"));
  const module = only(await build("module.handler"));

  expect(readFileSync(script.file, "utf8")).toContain(JSON.stringify(OWN_SDK));
  expect(readFileSync(module.file, "utf8")).toContain(JSON.stringify(pathToFileURL(OWN_SDK).href));
});

test("plain JavaScript without the AWS SDK gets wsgw's own", async () => {
  const { root } = makeProject({
    "a.js": "require('@aws-sdk/lib-dynamodb');",
    "b.mjs": "import '@aws-sdk/lib-dynamodb';",
    "c.mjs": "import 'node:fs';",
  });
  const build = bundlerFor(root);
  const directory = `${root}/.wsgw/runtime-sdk/node_modules`;

  expect(only(await build("a.handler"))).toMatchObject({
    nodePath: directory,
    runtimeSdk: undefined,
  });
  expect(only(await build("b.handler"))).toMatchObject({
    nodePath: directory,
    runtimeSdk: directory,
  });
  expect(only(await build("c.handler"))).toMatchObject({ runtimeSdk: undefined });
});

test("the SDK packages of a handler are known, however it loads them, and no others", async () => {
  const { root } = makeProject({
    "a.js": "require('@aws-sdk/client-dynamodb'); require('./part'); require('left-pad');",
    "part.js": "require('@aws-sdk/lib-dynamodb');",
    "b.mjs": "import '@aws-sdk/util-dynamodb'; import 'node:fs';",
    "c.ts":
      "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'; export const handler = async () => new DynamoDBClient({});",
  });
  const build = bundlerFor(root);

  const packages = async (handler: string) => only(await build(handler)).sdkPackages;
  expect(await packages("a.handler")).toEqual([
    "@aws-sdk/client-dynamodb",
    "@aws-sdk/lib-dynamodb",
  ]);
  expect(await packages("b.handler")).toEqual(["@aws-sdk/util-dynamodb"]);
  expect(await packages("c.handler")).toEqual(["@aws-sdk/client-dynamodb"]);
});

function keptName(root: string): string | undefined {
  const names = readdirSync(`${root}/.wsgw/build/in-process`);
  return names.find((name) => name.endsWith(".json"));
}
