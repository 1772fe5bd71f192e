import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createBundler, type HandlerCode } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import type { FunctionBuildDefinition } from "../../src/definition/parts.ts";
import { makeProject, only } from "./project.ts";

const PURPOSES = ["child-process", "in-process", "deploy"] as const;
const NO_SETTINGS = { loader: {}, define: {}, plugins: [] };

type Purpose = (typeof PURPOSES)[number];

/** The code of one function that says itself how it is built. */
async function built(
  root: string,
  purpose: Purpose,
  build: FunctionBuildDefinition,
  directory = ".",
): Promise<HandlerCode> {
  const bundler = createBundler(
    purpose === "deploy"
      ? { root, purpose, target: "node20", nodeModules: new Set() }
      : { root, purpose },
  );
  onTestFinished(() => bundler.stop());
  const found = findHandlers(root, [
    { name: "app", handler: "app.handler", root: directory, build },
  ]);
  return only(await bundler.build(found.handlers, NO_SETTINGS));
}

async function resultOf(code: HandlerCode): Promise<unknown> {
  const module =
    code.format === "module"
      ? await import(/* @vite-ignore */ pathToFileURL(code.file).href)
      : createRequire(code.file)(code.file);
  return module.handler();
}

const textOf = ({ file }: HandlerCode) => readFileSync(file, "utf8");

test.each(PURPOSES)("a function's loaders, names and aliases count (%s)", async (purpose) => {
  const { root } = makeProject({
    "code/app.js":
      "import svg from './a.svg'; import { word } from 'words'; import { own } from '@own/lib/part'; export const handler = () => [svg, word, own, VERSION].join();",
    "code/a.svg": "<svg/>",
    "code/lib/part.js": "export const own = 'own';",
    "node_modules/words/package.json": '{ "name": "words", "main": "index.js" }',
    "node_modules/words/index.js": "exports.word = 'old';",
    "node_modules/better/package.json": '{ "name": "better", "main": "index.js" }',
    "node_modules/better/index.js": "exports.word = 'better';",
    "package.json": "{}",
  });

  const code = await built(
    root,
    purpose,
    {
      loader: { ".svg": "text" },
      define: { VERSION: '"7"' },
      alias: { words: "better", "@own/lib": "./lib" },
      format: "commonjs",
    },
    "code",
  );

  expect(await resultOf(code)).toBe("<svg/>,better,own,7");
});

test.each(PURPOSES)(
  "is built from its entry where its handler cannot name that (%s)",
  async (purpose) => {
    const { root } = makeProject({
      "code/chat.handler.ts": "export const handler = () => 'from the entry' as string;",
    });

    const code = await built(root, purpose, { entry: "chat.handler.ts" }, "code");

    expect(await resultOf(code)).toBe("from the entry");
  },
);

test("says which entry is missing", () => {
  const { root } = makeProject({});
  const build = { entry: "chat.handler.ts" };
  const { faults, missing } = findHandlers(root, [{ name: "app", handler: "app.handler", build }]);

  expect(faults).toEqual([
    'Function "app" is built from chat.handler.ts, which does not exist. Create the file, or correct entry.',
  ]);
  expect(missing).toEqual([join(root, "chat.handler.ts")]);
});

test.each(["child-process", "deploy"] as const)(
  "a banner and a footer surround the bundle (%s)",
  async (purpose) => {
    const { root } = makeProject({
      "app.ts": "export const handler = () => [basename('a/b'), globalThis.after].join();",
    });

    const code = await built(root, purpose, {
      banner: "import { basename } from 'node:path';",
      footer: "globalThis.after = 'after';",
      format: "module",
    });

    expect(code.format).toBe("module");
    expect(await resultOf(code)).toBe("b,after");
  },
);

test.each(PURPOSES)("injected files replace global names (%s)", async (purpose) => {
  const { root } = makeProject({
    "code/app.ts": "declare const mood: string; export const handler = () => mood;",
    "code/shims/mood.ts": "export const mood = 'injected';",
  });

  const code = await built(root, purpose, { inject: ["./shims/mood.ts"] }, "code");

  expect(await resultOf(code)).toBe("injected");
});

test("packages that are external are not in a deployment, and the function's own files are", async () => {
  const { root } = makeProject({
    "node_modules/words/package.json": '{ "name": "words", "main": "index.js" }',
    "node_modules/words/index.js": 'exports.word = "of the package";',
    "own.ts": 'export const own = "of the project";',
    "app.ts":
      'import { word } from "words"; import { own } from "./own.ts"; export const handler = () => [word, own];',
  });

  const code = await built(root, "deploy", { packages: "external" });

  expect(textOf(code)).toContain("of the project");
  expect(textOf(code)).not.toContain("of the package");
  expect(code.absent).toEqual(["words"]);
});

test("what a function leaves outside is not in its zip, and its other packages are", async () => {
  const files = Object.fromEntries(
    ["heavy", "light"].flatMap((name) => [
      [`node_modules/${name}/package.json`, `{ "name": "${name}", "main": "index.js" }`],
      [`node_modules/${name}/index.js`, `exports.${name} = "inside ${name}";`],
      [`node_modules/${name}/more.js`, `exports.${name} = "more of ${name}";`],
    ]),
  );
  const { root } = makeProject({
    ...files,
    "app.ts":
      'import { heavy } from "heavy/more"; import { light } from "light"; import { S3 } from "@aws-sdk/client-s3"; export const handler = () => [heavy, light, S3];',
  });

  const code = await built(root, "deploy", { external: ["heavy", "@aws-sdk/*"] });

  expect(textOf(code)).toContain("inside light");
  expect(textOf(code)).not.toContain("more of heavy");
  expect(code.absent).toEqual(["@aws-sdk/client-s3", "heavy/more"]);
  expect(code.kept).toEqual([]);
});

test.each(["in-process", "deploy"] as const)(
  "main fields and conditions choose the files of packages (%s)",
  async (purpose) => {
    const files = {
      "app.ts":
        'import { one } from "one"; import { two } from "two"; export const handler = () => [one, two].join();',
      "node_modules/one/package.json":
        '{ "name": "one", "main": "main.js", "module": "module.js" }',
      "node_modules/one/main.js": 'exports.one = "main";',
      "node_modules/one/module.js": 'export const one = "module";',
      "node_modules/two/package.json":
        '{ "name": "two", "exports": { ".": { "special": "./special.js", "default": "./plain.js" } } }',
      "node_modules/two/special.js": 'exports.two = "special";',
      "node_modules/two/plain.js": 'exports.two = "plain";',
    };
    const own = { mainFields: ["module", "main"], conditions: ["special"] };

    const plain = await built(makeProject(files).root, purpose, {});
    const chosen = await built(makeProject(files).root, purpose, own);

    expect(await resultOf(plain)).toBe("main,plain");
    expect(await resultOf(chosen)).toBe("module,special");
  },
);
