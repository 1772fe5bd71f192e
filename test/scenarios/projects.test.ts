import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type ApiDefinition, startGateway } from "../../src/testing/index.ts";
import { makeProject } from "../bundle/project.ts";
import { stopChecked } from "../checked-facts.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { routed } from "../emulator/routed.ts";

// How projects are laid out: each has handlers that answer with what they have found.

type Functions = ApiDefinition["functions"];
type Runtime = "child-process" | "in-process";

beforeAll(buildLambdaChild);

const RUNTIMES: Runtime[] = ["child-process", "in-process"];

/** Starts the functions of a project, each behind a route of its name. */
async function start(root: string, functions: Functions, runtime: Runtime) {
  const gateway = await startGateway(routed(functions), { root, runtime, waitMs: 30_000 });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

/** What each of the functions answers. */
async function ask(root: string, functions: Functions, runtime: Runtime) {
  const client = await (await start(root, functions, runtime)).connect();
  const answers: Record<string, string> = {};
  for (const name of Object.keys(functions)) {
    client.send(JSON.stringify({ action: name }));
    answers[name] = await client.next();
  }
  return answers;
}

const js = (body: string) => `exports.handler = async () => ({ statusCode: 200, body: ${body} });`;
const ts = (body: string) =>
  `export const handler = async () => ({ statusCode: 200, body: ${body} });`;
const MODULE = '{"type":"module"}';

test.each(RUNTIMES)("a monorepo with npm workspaces runs, %s", async (runtime) => {
  const { root } = makeProject({
    "package.json": '{"private":true,"workspaces":["packages/*","services/*"]}',
    "node_modules/hoisted/index.js": "module.exports = 'hoisted';",
    "packages/words/package.json": '{"name":"@chat/words","main":"src/index.ts","type":"module"}',
    "packages/words/src/index.ts":
      "export { word } from './word.ts'; export type Word = string; export enum E { A }",
    "packages/words/src/word.ts": "export const word: string = 'from a workspace';",
    "packages/plain/package.json": '{"name":"@chat/plain","main":"index.js"}',
    "packages/plain/index.js": "module.exports = 'plain ' + require('hoisted');",
    "services/chat/package.json": '{"name":"chat","type":"module"}',
    "services/chat/src/app.ts": `import { word } from '@chat/words'; ${ts("word")}`,
    "services/old/app.js": `const plain = require('@chat/plain'); ${js("plain")}`,
  });
  mkdirSync(join(root, "node_modules/@chat"));
  for (const name of ["words", "plain"]) {
    symlinkSync(`../../packages/${name}`, join(root, "node_modules/@chat", name));
  }

  const functions = {
    typed: { handler: "services/chat/src/app.handler" },
    plain: { handler: "services/old/app.handler" },
  };

  expect(await ask(root, functions, runtime)).toEqual({
    typed: "from a workspace",
    plain: "plain hoisted",
  });
});

test.each(RUNTIMES)("packages that pnpm links from its store run, %s", async (runtime) => {
  const store = "node_modules/.pnpm";
  const { root } = makeProject({
    "package.json": "{}",
    [`${store}/outer@1.0.0/node_modules/outer/package.json`]: '{"name":"outer","main":"main.js"}',
    [`${store}/outer@1.0.0/node_modules/outer/main.js`]:
      "module.exports = 'outer and ' + require('inner');",
    [`${store}/inner@2.0.0/node_modules/inner/index.js`]: "module.exports = 'inner';",
    "app.js": `const outer = require('outer'); ${js("outer")}`,
    "typed.ts": `import outer from 'outer'; ${ts("outer")}`,
    "module/package.json": MODULE,
    "module/typed.ts": `import outer from 'outer'; ${ts("outer")}`,
    "module/plain.js": `import outer from 'outer'; ${ts("outer")}`,
  });
  symlinkSync(".pnpm/outer@1.0.0/node_modules/outer", join(root, "node_modules/outer"));
  symlinkSync(
    "../../inner@2.0.0/node_modules/inner",
    join(root, store, "outer@1.0.0/node_modules/inner"),
  );

  const functions = {
    script: { handler: "app.handler" },
    typed: { handler: "typed.handler" },
    typedModule: { handler: "module/typed.handler" },
    module: { handler: "module/plain.handler" },
  };

  const answers = await ask(root, functions, runtime);
  expect([...new Set(Object.values(answers))]).toEqual(["outer and inner"]);
});

test.each(RUNTIMES)(
  "paths and baseUrl of the nearest tsconfig.json are followed, %s",
  async (runtime) => {
    const { root } = makeProject({
      "services/chat/tsconfig.json":
        '{"extends":"../../tsconfig.base.json","compilerOptions":{"paths":{"~/*":["./src/*"],"@lib/*":["../../lib/*"]}}}',
      "tsconfig.base.json": '{"compilerOptions":{"strict":true}}',
      "lib/words.ts": "export const shared = 'shared';",
      "services/chat/src/words.ts": "export const own = 'own';",
      "services/chat/src/app.ts": `import { own } from '~/words'; import { shared } from '@lib/words'; ${ts("own + ' and ' + shared")}`,
    });

    const functions = { chat: { handler: "services/chat/src/app.handler" } };

    expect(await ask(root, functions, runtime)).toEqual({ chat: "own and shared" });
  },
);

test.each(RUNTIMES)("files next to a handler are read, %s", async (runtime) => {
  const { root } = makeProject({
    "src/word.txt": "beside",
    "src/script.js": `const fs = require('node:fs'); const text = fs.readFileSync(__dirname + '/word.txt', 'utf8'); ${js("text")}`,
    "src/typed.ts": `import { readFileSync } from 'node:fs'; import { join } from 'node:path'; const text = readFileSync(join(__dirname, 'word.txt'), 'utf8'); ${ts("text")}`,
    "src/deep/part.ts":
      "import { readFileSync } from 'node:fs'; export const text = readFileSync(__dirname + '/../word.txt', 'utf8');",
    "src/parts.ts": `import { text } from './deep/part.ts'; ${ts("text")}`,
    "module/package.json": MODULE,
    "module/word.txt": "beside",
    "module/script.mjs": `import { readFileSync } from 'node:fs'; const text = readFileSync(new URL('./word.txt', import.meta.url), 'utf8'); ${ts("text")}`,
    "module/typed.ts": `import { readFileSync } from 'node:fs'; const text = readFileSync(new URL('./word.txt', import.meta.url), 'utf8'); ${ts("text")}`,
    "module/dirname.ts": `import { readFileSync } from 'node:fs'; const text = readFileSync(import.meta.dirname + '/word.txt', 'utf8'); ${ts("text")}`,
    "module/deep/part.ts":
      "import { readFileSync } from 'node:fs'; import { fileURLToPath } from 'node:url'; export const text = readFileSync(fileURLToPath(new URL('../word.txt', import.meta.url)), 'utf8');",
    "module/parts.ts": `import { text } from './deep/part.ts'; ${ts("text")}`,
    "root.js": `const fs = require('node:fs'); const text = fs.readFileSync('src/word.txt', 'utf8'); ${js("text")}`,
  });

  const functions = {
    script: { handler: "src/script.handler" },
    typed: { handler: "src/typed.handler" },
    module: { handler: "module/script.handler" },
    typedModule: { handler: "module/typed.handler" },
    dirnameModule: { handler: "module/dirname.handler" },
    // In process the working folder is that of whoever tests, and all of a bundle is where its handler is.
    ...(runtime === "child-process" && {
      parts: { handler: "src/parts.handler" },
      partsModule: { handler: "module/parts.handler" },
      root: { handler: "root.handler" },
    }),
  };

  const answers = await ask(root, functions, runtime);
  expect(answers).toEqual(
    Object.fromEntries(Object.keys(functions).map((name) => [name, "beside"])),
  );
});

test.each(RUNTIMES)("a package with native code runs, %s", async (runtime) => {
  const { root } = makeProject({
    "app.ts": `import { ClassicLevel } from 'classic-level'; const name: string = typeof ClassicLevel; ${ts("name")}`,
    "app.js": `const { ClassicLevel } = require('classic-level'); ${js("typeof ClassicLevel")}`,
    "plain.js": `const { ClassicLevel } = require('classic-level'); ${js("typeof ClassicLevel")}`,
  });
  installNative(root, "classic-level");

  const functions = { typed: { handler: "app.handler" }, plain: { handler: "plain.handler" } };

  expect(await ask(root, functions, runtime)).toEqual({ typed: "function", plain: "function" });
});

/** Installs a package that wsgw has too, by a link as pnpm does. */
function installNative(root: string, name: string): void {
  const main = createRequire(import.meta.url).resolve(name);
  const part = join("node_modules", name);
  mkdirSync(join(root, "node_modules"));
  symlinkSync(main.slice(0, main.lastIndexOf(part) + part.length), join(root, part));
}

const LAYER = {
  "layers/low/nodejs/node_modules/word/index.js": "module.exports = 'low';",
  "layers/low/nodejs/node_modules/only/index.js": "module.exports = 'only in the lower';",
  "layers/high/nodejs/node_modules/word/index.js": "module.exports = 'high';",
  "layers/high/nodejs/shared.js": "exports.shared = 'shared';",
};
const layers = ["layers/low", "layers/high"];
const ALL = "[word, only, shared].join()";

test.each(RUNTIMES)(
  "layers are found as Lambda finds them, the last one first, %s",
  async (runtime) => {
    const { root } = makeProject({
      ...LAYER,
      "app.js": `const word = require('word'), only = require('only'), { shared } = require('/opt/nodejs/shared'); ${js(ALL)}`,
      "typed.ts": `import word from 'word'; import only from 'only'; import { shared } from '/opt/nodejs/shared'; ${ts(ALL)}`,
      "module/package.json": MODULE,
      "module/app.js": `import word from 'word'; import only from 'only'; import { shared } from '/opt/nodejs/shared.js'; ${ts(ALL)}`,
      "module/typed.ts": `import word from 'word'; import only from 'only'; import { shared } from '/opt/nodejs/shared.js'; ${ts(ALL)}`,
    });

    const functions = {
      script: { handler: "app.handler", layers },
      typed: { handler: "typed.handler", layers },
      module: { handler: "module/app.handler", layers },
      typedModule: { handler: "module/typed.handler", layers },
    };

    const answers = await ask(root, functions, runtime);
    expect([...new Set(Object.values(answers))]).toEqual(["high,only in the lower,shared"]);
  },
);

test.each(RUNTIMES)(
  "functions with one file have each the packages of its own layers, %s",
  async (runtime) => {
    const { root } = makeProject({
      ...LAYER,
      "app.js": `const word = require('word'); ${js("word")}`,
    });
    const of = (layer: string) => ({ handler: "app.handler", layers: [`layers/${layer}`] });

    const answers = await ask(
      root,
      { low: of("low"), high: of("high"), again: of("low") },
      runtime,
    );

    expect(answers).toEqual({ low: "low", high: "high", again: "low" });
  },
);

test("a package of a layer may be in the directory of one version of Node", async () => {
  const version = `node${process.versions.node.split(".")[0]}`;
  const runtime = `${version.replace("node", "nodejs")}.x` as "nodejs24.x";
  const { root } = makeProject({
    [`layers/own/nodejs/${version}/node_modules/only/index.js`]: "module.exports = 'for one';",
    "package.json": MODULE,
    "app.js": `import only from 'only'; ${ts("only")}`,
  });
  const functions = {
    talk: {
      handler: "app.handler",
      layers: ["layers/own"],
      runtime,
    },
  };

  expect(await ask(root, functions, "child-process")).toEqual({ talk: "for one" });
});

test("a function without the layer does not find what is in it", async () => {
  const { root } = makeProject({ ...LAYER, "app.js": `require('only'); ${js("''")}` });
  const gateway = await start(root, { talk: { handler: "app.handler" } }, "child-process");

  (await gateway.connect()).send('{"action":"talk"}');

  const { outcome } = await gateway.fact("function.ended");
  expect(outcome).toMatchObject({ errorType: "Runtime.ImportModuleError" });
});

test("programs of a layer are on the PATH", async () => {
  const { root, write } = makeProject({
    "app.js": `const { execFileSync } = require('node:child_process'); const text = String(execFileSync('tool')).trim(); ${js("text")}`,
  });
  chmodSync(write("layers/tools/bin/tool", "#!/bin/sh\necho from a layer\n"), 0o755);

  const functions = { talk: { handler: "app.handler", layers: ["layers/tools"] } };

  expect(await ask(root, functions, "child-process")).toEqual({ talk: "from a layer" });
});

test.skipIf(await lacksPython())("Python finds the packages of its layers", async () => {
  const { root } = makeProject({
    "app.py":
      "import word\ndef handler(event, context):\n    return {'statusCode': 200, 'body': word.WORD}\n",
    "layers/low/python/word.py": "WORD = 'low'\n",
    "layers/high/python/lib/python3.11/site-packages/word/__init__.py": "WORD = 'high'\n",
  });

  const functions = { talk: { handler: "app.handler", runtime: "python3.11" as const, layers } };

  expect(await ask(root, functions, "child-process")).toEqual({ talk: "high" });
});

test("a layer that is not a directory is an error, one with another layout gets a warning", async () => {
  const { root } = makeProject({
    "app.js": js("''"),
    "layers/flat/node_modules/word/index.js": "",
    "layers/odd/readme.txt": "",
  });
  const withLayers = (...names: string[]) => ({ talk: { handler: "app.handler", layers: names } });

  await expect(start(root, withLayers("layers/none"), "in-process")).rejects.toThrow(
    'Function "talk" has the layer layers/none, which is not a directory. Create it or correct layers.',
  );
  const gateway = await start(root, withLayers("layers/flat", "layers/odd"), "in-process");
  expect(gateway.facts("warning").map(({ message }) => message)).toEqual([
    expect.stringContaining("but Lambda reads nodejs/node_modules. Move them."),
    expect.stringContaining("The layer layers/odd does not contain nodejs, python, bin or lib"),
  ]);
});
