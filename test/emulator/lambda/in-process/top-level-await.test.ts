import { expect, test } from "vitest";
import { createInProcess } from "../../../../src/emulator/lambda/in-process/in-process.ts";
import { bundlerFor, makeProject } from "../../../bundle/project.ts";
import { manualClock, realClock, runFunction } from "../../../contracts/lambda-setup.ts";

/** Runs a handler of a project in process. */
function run(root: string, handler = "app.handler") {
  return runFunction(createInProcess({ clock: realClock }), {
    root,
    handler,
    isInProcess: true,
    realTime: true,
    environment: { GREETING: "hello" },
  });
}

test("a module that awaits at its top level runs in process, with what it imports and exports", async () => {
  const { root } = makeProject({
    "app.mjs": `
      import fs, { readFileSync as read, existsSync } from "node:fs";
      import * as path from "node:path";
      import parsed, * as whole from "node:url";
      import { name } from "./script.cjs";
      import data from "./data.json" with { type: "json" };
      import left from "left";
      export { digest } from "./part.mjs";
      export * from "node:os";
      const word = await new Promise((resolve) => setTimeout(() => resolve(process.env.GREETING), 1));
      const { lazy } = await import("./lazy.mjs");
      let count = 0;
      export const handler = async () => {
        count += 1;
        return [word, count, fs.readFileSync === read, existsSync(import.meta.filename), path.sep, parsed.URL === whole.URL, name, data.a, left, lazy, import.meta.url.startsWith('file:///')];
      };
      export default handler;`,
    "script.cjs": 'exports.name = require("node:path").basename("/a/b");',
    "data.json": '{ "a": 1 }',
    "part.mjs":
      'import { createHash } from "node:crypto"; export const digest = createHash("md5").update("a").digest("hex");',
    "lazy.mjs": 'import { join } from "path"; export const lazy = await join("a", "b");',
    "node_modules/left/index.js": 'module.exports = "left";',
  });
  const { invoke } = await run(root);
  const answer = (count: number) =>
    JSON.stringify(["hello", count, true, true, "/", true, "b", 1, "left", "a/b", true]);

  expect(await invoke("hello")).toEqual({ kind: "returned", payload: answer(1) });
  expect(await invoke("hello")).toEqual({ kind: "returned", payload: answer(2) });
});

test.each([
  ["the default", "app.default", "const a = await 1; export default async () => a;"],
  [
    "a value that changes after it was exported",
    "app.handler",
    "let handler; export { handler }; handler = await (async () => async () => 1)();",
  ],
])("exports of a module that awaits: %s", async (_, handler, text) => {
  const { root } = makeProject({ "app.mjs": text });
  const { invoke } = await run(root, handler);

  expect(await invoke("hello")).toEqual({ kind: "returned", payload: "1" });
});

test("CommonJS that imports a module which awaits runs in process", async () => {
  const { root } = makeProject({
    "app.js": "exports.handler = async () => (await import('./lazy.mjs')).a;",
    "lazy.mjs": "export const a = await 1;",
  });
  const { invoke } = await run(root);

  expect(await invoke("hello")).toEqual({ kind: "returned", payload: "1" });
});

test("handlers built together with one that awaits are reused, even if one cannot be built", async () => {
  const { root } = makeProject({
    "app.mjs": "export const handler = await (async () => async () => 1)();",
    "plain.js": "exports.handler = async () => typeof this;",
    "broken.ts": "const = 1;",
  });
  const handlers = ["app.handler", "plain.handler", "broken.handler"];

  const first = await bundlerFor(root, "in-process")(...handlers);
  const again = await bundlerFor(root, "in-process")(...handlers);

  expect(
    [...first.code.values()].map(({ functionName, exports }) => [functionName, exports]),
  ).toEqual([
    ["app.handler", ["handler"]],
    ["plain.handler", undefined],
  ]);
  expect(first).toMatchObject({ failures: [{ file: `${root}/broken.ts` }] });
  expect(again.code).toEqual(first.code);
  const plain = await run(root, "plain.handler");
  expect(await plain.invoke("hello")).toMatchObject({ payload: '"object"' });
});

test("what a module throws after it awaited is the failure of its first event, with its place", async () => {
  const { root } = makeProject({
    "app.mjs": 'import "node:fs";\nawait 1;\nthrow new TypeError("no");\nexport const handler = 1;',
  });
  const { invoke } = await run(root);

  const outcome = await invoke("hello");

  expect(outcome).toMatchObject({ kind: "failed", errorType: "TypeError", errorMessage: "no" });
  expect((outcome as { trace?: readonly string[] }).trace?.[1]).toContain(`${root}/app.mjs:3:7`);
});

test("a module that exits while it awaits ends its environment", async () => {
  const { root } = makeProject({
    "app.mjs": "await 1; process.exit(3); export const handler = 1;",
  });
  const { invoke } = await run(root);

  expect(await invoke("hello")).toMatchObject({
    kind: "failed",
    errorType: "Runtime.ExitError",
  });
});

test("a module that never stops awaiting runs into the time limit", async () => {
  const { root } = makeProject({
    "app.mjs": "await new Promise(() => {}); export const handler = async () => 1;",
  });
  const { invoke, clock } = await runFunction(createInProcess({ clock: manualClock() }), {
    root,
    handler: "app.handler",
    isInProcess: true,
  });

  const outcome = invoke("hello");
  clock.advance(13_000);

  expect(await outcome).toMatchObject({ kind: "failed", errorType: "Sandbox.Timedout" });
});

test("TypeScript that is built as CommonJS cannot await at its top level in process, as elsewhere", async () => {
  const text = "const a = await 1; export const handler = async () => a;";
  const { root, write } = makeProject({ "app.ts": text });
  const failures = [{ text: expect.stringMatching(/^Top-level await is currently not supported/) }];

  expect(await bundlerFor(root, "in-process")("app.handler")).toMatchObject({ failures });
  expect(await bundlerFor(root)("app.handler")).toMatchObject({ failures });
  write("package.json", '{ "type": "module" }');
  expect((await bundlerFor(root, "in-process")("app.handler")).kind).toBe("built");
});
