import { chmodSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { makeProject } from "../bundle/project.ts";
import { buildLambdaChild, lacksPython } from "../contracts/lambda-setup.ts";
import { ask, js, MODULE, RUNTIMES, start, ts } from "./asked-functions.ts";

beforeAll(buildLambdaChild);

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
  { tags: ["journey"] },
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

test("a package of a layer may be in the directory of one version of Node", {
  tags: ["journey"],
}, async () => {
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

test("a function without the layer does not find what is in it", {
  tags: ["journey"],
}, async () => {
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

test.skipIf(await lacksPython())(
  "Python finds the packages of its layers",
  { tags: ["journey"] },
  async () => {
    const { root } = makeProject({
      "app.py":
        "import word\ndef handler(event, context):\n    return {'statusCode': 200, 'body': word.WORD}\n",
      "layers/low/python/word.py": "WORD = 'low'\n",
      "layers/high/python/lib/python3.11/site-packages/word/__init__.py": "WORD = 'high'\n",
    });

    const functions = { talk: { handler: "app.handler", runtime: "python3.11" as const, layers } };

    expect(await ask(root, functions, "child-process")).toEqual({ talk: "high" });
  },
);

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
