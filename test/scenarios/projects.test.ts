import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { makeProject } from "../bundle/project.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { ask, js, MODULE, RUNTIMES, ts } from "./asked-functions.ts";

// How projects are laid out: each has handlers that answer with what they have found.

beforeAll(buildLambdaChild);

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

test.each(RUNTIMES)(
  "packages that pnpm links from its store run, %s",
  { tags: ["journey"] },
  async (runtime) => {
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
  },
);

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

test.each(RUNTIMES)(
  "files next to a handler are read, %s",
  { tags: ["journey"] },
  async (runtime) => {
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
      // In process the working directory is that of the test, and the code of a bundle lies in the directory of its handler.
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
  },
);

test.each(RUNTIMES)(
  "a package with native code runs, %s",
  { tags: ["journey"] },
  async (runtime) => {
    const { root } = makeProject({
      "app.ts": `import { ClassicLevel } from 'classic-level'; const name: string = typeof ClassicLevel; ${ts("name")}`,
      "app.js": `const { ClassicLevel } = require('classic-level'); ${js("typeof ClassicLevel")}`,
      "plain.js": `const { ClassicLevel } = require('classic-level'); ${js("typeof ClassicLevel")}`,
    });
    installNative(root, "classic-level");

    const functions = { typed: { handler: "app.handler" }, plain: { handler: "plain.handler" } };

    expect(await ask(root, functions, runtime)).toEqual({ typed: "function", plain: "function" });
  },
);

/** Installs a package that wsgw has too, by a link as pnpm does. */
function installNative(root: string, name: string): void {
  const main = createRequire(import.meta.url).resolve(name);
  const part = join("node_modules", name);
  mkdirSync(join(root, "node_modules"));
  symlinkSync(main.slice(0, main.lastIndexOf(part) + part.length), join(root, part));
}
