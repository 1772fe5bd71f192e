import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { WsgwError } from "../../../src/errors.ts";
import { type ConfigOptions, loadConfig } from "../../../src/readers/config/config-file.ts";
import { project } from "../projects.ts";

/** In this process, which is faster. separate-process.test.ts has the same outcomes, and what needs the other process. */
const loadHere = (options: ConfigOptions) => loadConfig({ ...options, inProcess: true });

async function failure(loading: Promise<unknown>): Promise<WsgwError> {
  const error = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof WsgwError)) throw new Error(`not a WsgwError: ${error}`);
  return error;
}

test.each([
  ["wsgw.config.ts", 'const name: string = "chat"; export default { name };'],
  ["wsgw.config.mts", 'export default { name: "chat" } as const;'],
  ["wsgw.config.js", 'export default { name: "chat" };'],
  ["wsgw.config.js", 'module.exports = { name: "chat" };'],
  ["wsgw.config.js", 'exports.__esModule = true; exports.default = { name: "chat" };'],
  ["wsgw.config.mjs", 'export default { name: "chat" };'],
  ["wsgw.config.cjs", 'module.exports = { name: "chat" };'],
  ["wsgw.config.json", '\uFEFF{"name": "chat"}'],
])("loads %s: %s", async (name, text) => {
  const { root, path } = project({ [name]: text });

  expect(await loadConfig({ cwd: root })).toEqual({
    definition: { name: "chat" },
    file: path(name),
    root,
    inputs: [path(name)],
  });
});

test.each([
  ["utf16le", "\uFEFF{}"],
  ["latin1", "\xFE\xFF\0{\0}"],
] as const)("says that a config is UTF-16, which some shells write: %s", async (encoding, text) => {
  const { root, path } = project({});
  writeFileSync(path("wsgw.config.json"), text, encoding);

  expect(await failure(loadHere({ cwd: root }))).toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: `${path("wsgw.config.json")} is UTF-16. Save it as UTF-8.`,
  });
});

test("prefers TypeScript if a directory has several", async () => {
  const { root, path } = project({
    "wsgw.config.json": "{}",
    "wsgw.config.mjs": "export default {};",
    "wsgw.config.ts": "export default {};",
  });

  expect((await loadHere({ cwd: root })).file).toBe(path("wsgw.config.ts"));
});

test("searches the directories above, past a package.json of a handler", async () => {
  const { root, path } = project({ "wsgw.config.json": "{}", "src/handlers/package.json": "{}" });

  const config = await loadHere({ cwd: path("src/handlers") });

  expect(config.root).toBe(root);
});

test("accepts a given file, relative to the working directory", async () => {
  const { root, path } = project({ "configs/other.mjs": "export default { name: 'other' };" });

  expect(await loadHere({ cwd: root, file: "configs/other.mjs" })).toMatchObject({
    definition: { name: "other" },
    root: path("configs"),
  });
});

test.each([
  ["that does not exist", "nowhere.ts", "CONFIG_NOT_FOUND", "nowhere.ts does not exist."],
  ["of another kind", "config.yaml", "CONFIG_UNREADABLE", "config.yaml does not end in .ts, .mts"],
  ["that is a folder", "folder.ts", "CONFIG_UNREADABLE", "folder.ts is not a file."],
])("rejects a given file %s", async (_, file, code, message) => {
  const { root } = project({ "config.yaml": "name: chat", "folder.ts/x": "" });

  const error = await failure(loadHere({ cwd: root, file }));

  expect(error.code).toBe(code);
  expect(error.message).toContain(message);
});

test.each(["wsgw.config.ts", "wsgw.config.mjs"])(
  "defineApi comes from wsgw where wsgw is not installed, in %s",
  async (name) => {
    const { root } = project({
      [name]: 'import { defineApi } from "wsgw";\nexport default defineApi({ name: "chat" });',
    });

    expect((await loadHere({ cwd: root })).definition).toEqual({ name: "chat" });
  },
);

test("whatever else is imported from wsgw comes from the installed package", async () => {
  const { root } = project({
    "wsgw.config.ts":
      'import { defineApi, version } from "wsgw";\nexport default defineApi({ name: version });',
    "node_modules/wsgw/package.json": '{"name":"wsgw","type":"module","exports":"./index.js"}',
    "node_modules/wsgw/index.js":
      "export const version = 'installed'; export const defineApi = (api) => ({ ...api, from: 'installed' });",
  });

  expect((await loadHere({ cwd: root })).definition).toEqual({
    name: "installed",
    from: "installed",
  });
});

test("packages are found from the project, by import and by require", async () => {
  const { root } = project({
    "wsgw.config.ts": 'import { name } from "names"; export default { name };',
    "other.cjs":
      'const { word } = require("./word.cjs"); module.exports = { word, ...require("names") };',
    "word.cjs": "exports.word = require('node:path').sep;",
    "node_modules/names/package.json": '{"name":"names","main":"index.cjs"}',
    "node_modules/names/index.cjs": "exports.name = 'chat';",
  });

  expect((await loadHere({ cwd: root })).definition).toEqual({ name: "chat" });
  expect((await loadHere({ cwd: root, file: "other.cjs" })).definition).toEqual({
    name: "chat",
    word: "/",
  });
});

test("a config may have a require of its own", async () => {
  const { root } = project({
    "wsgw.config.ts": [
      'import { createRequire } from "node:module";',
      "const require = createRequire(import.meta.url);",
      'import "./more.cjs";',
      'export default require("./data.json");',
    ].join("\n"),
    "more.cjs": 'globalThis.more = require("node:os").EOL;',
    "data.json": '{"name":"chat"}',
  });

  expect((await loadConfig({ cwd: root })).definition).toEqual({ name: "chat" });
});

test("every module of a config knows its own place", async () => {
  const { root, path } = project({
    "wsgw.config.ts": [
      'import { place } from "./parts/place.ts";',
      "export default { url: import.meta.url, name: '__dirname', directory: __dirname, place };",
    ].join("\n"),
    "parts/place.ts": "export const place = __filename;",
  });

  expect((await loadHere({ cwd: root })).definition).toEqual({
    url: `file://${path("wsgw.config.ts")}`,
    name: "__dirname",
    directory: root,
    place: path("parts/place.ts"),
  });
});

test("follows the paths of the project's tsconfig.json", async () => {
  const { root } = project({
    "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
    "src/name.ts": "export const name = 'chat';",
    "wsgw.config.ts": 'import { name } from "@/name"; export default { name };',
  });

  expect((await loadHere({ cwd: root })).definition).toEqual({ name: "chat" });
});

test("names the local modules that had a part, and no packages", async () => {
  const { root, path } = project({
    "wsgw.config.ts":
      'import { defineApi } from "wsgw"; import { a } from "./src/a"; export default defineApi({ a });',
    "src/a.ts": 'export { b as a } from "./b";',
    "src/b.ts": 'import { sep } from "node:path"; export const b = sep;',
  });

  const { inputs } = await loadHere({ cwd: root });

  expect(inputs[0]).toBe(path("wsgw.config.ts"));
  expect([...inputs].sort()).toEqual([path("src/a.ts"), path("src/b.ts"), path("wsgw.config.ts")]);
});

test.each([
  ["wsgw.config.ts", 'import { name } from "./name"; export default { name };', "name.ts"],
  ["wsgw.config.mjs", 'import { name } from "./name.mjs"; export default { name };', "name.mjs"],
])("%s is loaded as it is now, with its modules", async (name, text, other) => {
  const { root, write } = project({ [name]: text, [other]: "export const name = 'old';" });
  await loadHere({ cwd: root });

  write(other, "export const name = 'new';");

  expect((await loadHere({ cwd: root })).definition).toEqual({ name: "new" });
});

test.each([
  ["wsgw.config.mjs", (name: string) => `export default { name: "${name}" };`],
  ["wsgw.config.cjs", (name: string) => `module.exports = { name: "${name}" };`],
  ["wsgw.config.json", (name: string) => `{ "name": "${name}" }`],
])("%s on its own is loaded as it is now", async (file, text) => {
  const { root, write } = project({ [file]: text("old") });
  await loadHere({ cwd: root });

  write(file, text("new"));

  expect((await loadHere({ cwd: root })).definition).toEqual({ name: "new" });
});

test.each([
  ["a function", "export default () => ({ name: 'chat' });"],
  ["an async function", "export default async () => ({ name: 'chat' });"],
  ["a promise", "export default Promise.resolve({ name: 'chat' });"],
])("takes the definition from a default export that is %s", async (_, text) => {
  const { root } = project({ "wsgw.config.ts": text });

  expect((await loadHere({ cwd: root })).definition).toEqual({ name: "chat" });
});

test("leaves nothing behind except a directory that git ignores", async () => {
  const { root, path } = project({ "wsgw.config.ts": "export default {};" });
  await loadConfig({ cwd: root });

  expect(readdirSync(path(".wsgw"))).toEqual([".gitignore"]);
  expect(readFileSync(path(".wsgw/.gitignore"), "utf8")).toBe("*\n");
});

test("a single JavaScript file needs no directory", async () => {
  const { root, path } = project({ "wsgw.config.mjs": "export default {};" });
  await loadHere({ cwd: root });

  expect(existsSync(path(".wsgw"))).toBe(false);
});

test("sets the variables of an env file while it loads, and removes them afterwards", async () => {
  const { root } = project({
    "wsgw.config.ts":
      "await null; export default async () => { await null; return { name: process.env.WSGW_A, home: process.env.VITEST }; };",
  });
  const { VITEST: own } = process.env; // whatever is set already

  const { definition } = await loadConfig({ cwd: root, environment: { WSGW_A: "1", VITEST: "2" } });

  expect(definition).toEqual({ name: "1", home: "2" });
  expect([process.env.WSGW_A, process.env.VITEST]).toEqual([undefined, own]);
  expect(own).toBeDefined();
});

test.each([
  ["wsgw.config.ts", "const api = {};", "wsgw.config.ts does not have a default export."],
  ["wsgw.config.ts", "export const api = {};", "does not have a default export, but exports api."],
  ["wsgw.config.mjs", "export const api = {};", "does not have a default export, but exports api."],
  [
    "wsgw.config.ts",
    "export default () => {};",
    "is a function, and calling it returns nothing. Return the definition.",
  ],
  [
    "wsgw.config.ts",
    'import { defineApi } from "wsgw"; export default defineApi;',
    "the default export is the function defineApi, and calling it returns nothing. Return the definition.",
  ],
  [
    "wsgw.config.ts",
    'export default {\n  name: "chat"\n  stage: {},\n};',
    'wsgw.config.ts:3:3: Expected "}" but found "stage"\n    stage: {},',
  ],
  [
    "wsgw.config.mjs",
    'export default {\n  name: "chat"\n  stage: {},\n};',
    'wsgw.config.mjs:3:3: Expected "}" but found "stage"\n    stage: {},',
  ],
  [
    "wsgw.config.json",
    '{\n  "name": "chat",\n}',
    'wsgw.config.json:2:17: JSON does not support trailing commas\n    "name": "chat",',
  ],
  ["wsgw.config.json", '{\n  "name": chat\n}', "wsgw.config.json:2:11: "],
  ["wsgw.config.json", "", "wsgw.config.json:1:1: Unexpected end of file"],
  [
    "wsgw.config.ts",
    'import { x } from "./nowhere";\nexport default { x };',
    'wsgw.config.ts:1:19: Could not resolve "./nowhere"\n    import { x } from "./nowhere";',
  ],
  [
    "wsgw.config.ts",
    'type Name = string;\n\nconst name: Name = "x";\nif (name) throw new Error("no chat today");\nexport default {};',
    'wsgw.config.ts:4:17: Error: no chat today\n    if (name) throw new Error("no chat today");',
  ],
  [
    "wsgw.config.ts",
    "interface A { b?: { c: string } }\nconst a: A = {};\nexport default () => ({\n  name: a.b!.c,\n});",
    "wsgw.config.ts:4:14: TypeError: Cannot read properties of undefined (reading 'c')\n    name: a.b!.c,",
  ],
  [
    "wsgw.config.mjs",
    "\nthrow new RangeError('no');",
    "wsgw.config.mjs:2:7: RangeError: no\n    throw new RangeError('no');",
  ],
  ["wsgw.config.mjs", "throw 'a string';", "wsgw.config.mjs: threw a string"],
  [
    "wsgw.config.cjs",
    "\n  null.x;",
    "wsgw.config.cjs:2:8: TypeError: Cannot read properties of null",
  ],
  [
    "wsgw.config.ts",
    'import x from "not-installed";\nexport default x;',
    "wsgw.config.ts: Error: Cannot find package 'not-installed' imported from ",
  ],
])("says what is wrong in %s: %j", async (name, text, message) => {
  const { root, path } = project({ [name]: text });

  const error = await failure(loadHere({ cwd: root }));

  expect(error.code).toBe("CONFIG_UNREADABLE");
  expect(error.message.replaceAll(`${root}/`, "")).toContain(message);
  expect(error.message).not.toContain(".wsgw");
  expect(leftIn(path(".wsgw"))).toEqual([]);
});

function leftIn(directory: string): readonly string[] {
  return existsSync(directory)
    ? readdirSync(directory).filter((name) => name !== ".gitignore")
    : [];
}

test("a throw in a module of the config names that module", async () => {
  const { root } = project({
    "wsgw.config.ts": 'import { name } from "./src/name";\nexport default { name };',
    "src/name.ts": 'export const name: string = (() => {\n  throw new Error("no name");\n})();',
  });

  const error = await failure(loadConfig({ cwd: root }));

  expect(error.message).toBe(
    `${root}/src/name.ts:2:9: Error: no name\n    throw new Error("no name");`,
  );
});

test("loads the sample's definition", async () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));

  const { definition } = await loadConfig({ cwd: root });

  expect(definition).toMatchObject({
    name: "chat",
    routeSelectionExpression: "$request.body.message",
  });
});

test("a config on its own in JavaScript does not start esbuild", async () => {
  const { root } = project({ "wsgw.config.mjs": "export default { name: 'chat' };" });
  const source = new URL("../../../src/readers/config/config-file.ts", import.meta.url).pathname;
  const bundle = project();
  const { buildSync } = await import("esbuild");
  buildSync({
    entryPoints: [source],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    outfile: bundle.path("config-file.mjs"),
  });

  // esbuild cannot even be found from there
  const output = execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { loadConfig } from "${bundle.path("config-file.mjs")}"; console.log(JSON.stringify((await loadConfig({ cwd: "${root}", inProcess: true })).definition));`,
    ],
    { cwd: bundle.root, encoding: "utf8" },
  );

  expect(JSON.parse(output)).toEqual({ name: "chat" });
});

test.each([
  [
    "wsgw.config.ts",
    "import { NAME, dep } from '@acme/shared'; export default { name: NAME + dep };",
  ],
  [
    "wsgw.config.mjs",
    "import { NAME, dep } from '@acme/shared'; export default { name: NAME + dep };",
  ],
  [
    "wsgw.config.cjs",
    "const { NAME, dep } = require('@acme/shared'); module.exports = { name: NAME + dep };",
  ],
])(
  "%s may import a linked package whose entry is TypeScript, and loads its new code",
  async (name, text) => {
    const { root, path, write } = project({
      [name]: text,
      "packages/shared/package.json": '{ "type": "module", "exports": "./src/index.ts" }',
      "packages/shared/src/index.ts":
        "import dep from 'dep'; enum Word { A = 'chat' } export const NAME: string = Word.A; export { dep };",
      "packages/shared/node_modules/dep/index.js": "module.exports = '-dep';",
      "node_modules/@acme/.keep": "",
    });
    symlinkSync(path("packages/shared"), path("node_modules/@acme/shared"));

    const first = await loadHere({ cwd: root });
    write("packages/shared/src/index.ts", "export const NAME = 'new', dep = '';");
    const second = await loadHere({ cwd: root });

    expect(first.definition).toEqual({ name: "chat-dep" });
    expect(first.inputs).toEqual([path(name), path("packages/shared/src/index.ts")]);
    expect(second.definition).toEqual({ name: "new" });
  },
);

test("a config that imports text has the file among its inputs", async () => {
  const { root, path } = project({
    "wsgw.config.ts": "import name from './name.txt'; export default { name };",
    "name.txt": "chat",
  });

  expect(await loadHere({ cwd: root })).toMatchObject({
    definition: { name: "chat" },
    inputs: [path("wsgw.config.ts"), path("name.txt")],
  });
});

test("a config leaves wsgw outside where the project links to it", async () => {
  const { root, path } = project({
    "wsgw.config.ts": "import { helper } from 'wsgw/testing'; export default { name: helper };",
    "checkout/package.json": '{ "name": "wsgw", "exports": { "./testing": "./testing.cjs" } }',
    "checkout/testing.cjs": "exports.helper = 'chat';",
    "node_modules/.keep": "",
  });
  symlinkSync(path("checkout"), path("node_modules/wsgw"));

  const { definition, inputs } = await loadHere({ cwd: root });

  expect(definition).toEqual({ name: "chat" });
  expect(inputs).toEqual([path("wsgw.config.ts")]);
});

test.each([
  ["import './nowhere'; export default {};", "Create the file, or correct the import."],
  ["import 'nowhere/part'; export default {};", "Run npm install nowhere."],
  [
    "import './a.svg'; export default {};",
    "Read the file with readFileSync instead of importing it.",
  ],
  ["throw new Error('no');", "The config's own code throws this error. Correct it there."],
  [
    "export default {;",
    "Make the file readable and valid. A config file exports the API definition as its default export.",
  ],
])("the advice on a config fits its cause: %s", async (text, hint) => {
  const { root } = project({ "wsgw.config.ts": text, "a.svg": "" });

  expect(await failure(loadHere({ cwd: root }))).toMatchObject({ hint });
});
