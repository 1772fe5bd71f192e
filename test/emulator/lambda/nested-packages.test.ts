import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { createInProcess } from "../../../src/emulator/lambda/in-process/in-process.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild, realClock, runFunction } from "../../contracts/lambda-setup.ts";

// Packages in a node_modules beside a handler or a package of a workspace, not beside the definition.

const AT = "packages/app/node_modules";

const FILES = {
  [`${AT}/pure/package.json`]: JSON.stringify({
    type: "module",
    exports: { ".": { node: { import: "./index.js" } }, "./parts/*": "./lib/*.js" },
  }),
  [`${AT}/pure/index.js`]: "export const word = 'pure'; export const place = import.meta.url;",
  [`${AT}/pure/lib/one.js`]:
    "import { word } from '../index.js'; export default `part of ${word}`;",
  [`${AT}/@org/both/package.json`]: JSON.stringify({
    exports: { import: "./index.mjs", require: "./index.cjs" },
  }),
  [`${AT}/@org/both/index.mjs`]: "export const how = 'imported';",
  [`${AT}/@org/both/index.cjs`]: "exports.how = 'required';",
  [`${AT}/script/package.json`]: "{}",
  [`${AT}/script/index.js`]: "exports.kind = 'script';",
  "packages/shared/package.json": '{ "name": "shared", "type": "module", "main": "index.ts" }',
  "packages/shared/index.ts": "export { deep as default } from 'deep';",
  "packages/shared/node_modules/deep/package.json": '{ "type": "module", "main": "index.js" }',
  "packages/shared/node_modules/deep/index.js": "export const deep = 'deep';",
};

const MODULE = `
import { kind } from "script";
import { how } from "@org/both";
import { word, place } from "pure";
import one from "pure/parts/one";
import deep from "shared";
export const handler = async () =>
  [kind, how, word, one, deep, (await import("pure")).word, place.startsWith("file:")];
`;
const SCRIPT = `
import { kind } from "script";
import { how } from "@org/both";
import { word } from "pure";
import deep from "shared";
export const handler = async () => [kind, how, word, (await import("pure/parts/one")).default, deep];
`;

beforeAll(buildLambdaChild);

test.each([
  [
    "child-process",
    "module",
    MODULE,
    ["script", "imported", "pure", "part of pure", "deep", "pure", true],
  ],
  [
    "in-process",
    "module",
    MODULE,
    ["script", "imported", "pure", "part of pure", "deep", "pure", true],
  ],
  ["child-process", "commonjs", SCRIPT, ["script", "required", "pure", "part of pure", "deep"]],
] as const)(
  "in %s TypeScript as a %s finds the packages of a nested node_modules",
  async (runtime, type, text, answer) => {
    const { root } = makeProject({
      ...FILES,
      "packages/app/package.json": JSON.stringify({ type }),
      "packages/app/app.ts": text,
    });
    symlinkSync(join(root, "packages/shared"), join(root, AT, "shared"));
    const isInProcess = runtime === "in-process";
    const { invoke, lambda } = await runFunction(
      isInProcess ? createInProcess({ clock: realClock }) : createChildProcesses(),
      { handler: "packages/app/app.handler", root, isInProcess, realTime: true, timeout: 20 },
    );
    onTestFinished(() => lambda.stop());

    expect(await invoke("hello")).toEqual({ kind: "returned", payload: JSON.stringify(answer) });
  },
);
