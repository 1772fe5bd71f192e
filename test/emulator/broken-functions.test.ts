import { join } from "node:path";
import type { Plugin } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/emulator.ts";
import { makeProject } from "../bundle/project.ts";
import { routed } from "./routed.ts";

const GOOD = 'export const handler = async () => ({ statusCode: 200, body: "good" });\n';

const FILES = {
  "package.json": '{ "type": "module" }',
  "good.ts": GOOD,
  "plain.js": GOOD,
  "typo.ts": "export const handler = async () => ({\n",
  "lacking.ts": `import "./gone.ts";\n${GOOD}`,
  "silent.ts": "export const other = 1;\n",
};
const FUNCTIONS = {
  good: { handler: "good.handler" },
  plain: { handler: "plain.handler" },
  typo: { handler: "typo.handler" },
  lacking: { handler: "lacking.handler" },
  silent: { handler: "silent.handler" },
  nowhere: { handler: "src/nowhere.handler" },
  program: { handler: "bootstrap", runtime: "provided.al2023", code: "." },
  layered: { handler: "good.handler", layers: ["no-layer"] },
};

async function start(options: Partial<EmulatorOptions> = {}) {
  const { root, write } = makeProject(FILES);
  const starting = startEmulator({
    definition: routed(FUNCTIONS),
    root,
    port: 0,
    runtime: "in-process",
    ...options,
  });
  const emulator = await starting;
  onTestFinished(() => emulator.stop());
  const broken = () =>
    emulator.journal.entries().flatMap((entry) => (entry.type === "project.broken" ? entry : []));
  return { root, write, emulator, broken };
}

test("functions that cannot run do not keep the gateway from starting, and are named with the reasons", async () => {
  const { emulator, broken } = await start();

  expect(emulator.functions.filter(({ runnable }) => runnable)).toEqual([
    { name: "good", runnable: true },
    { name: "plain", runnable: true },
  ]);
  const because = Object.fromEntries(emulator.functions.map((fn) => [fn.name, fn.because]));
  expect(because).toMatchObject({
    typo: expect.stringMatching(/typo\.ts:2:\d+: Expected identifier but found end of file/),
    lacking: expect.stringContaining('lacking.ts:1:8: Could not resolve "./gone.ts"'),
    silent: expect.stringContaining('Export "handler"'),
    nowhere: expect.stringContaining("but src/nowhere with"),
    program: expect.stringContaining("runs bootstrap, which does not exist"),
    layered: expect.stringContaining("has the layer no-layer, which is not a directory"),
  });
  expect(broken()).toHaveLength(1);
  expect(broken()[0]!.message).toMatch(
    /^These functions cannot run. Calls to them fail: typo, lacking, silent, nowhere, program, layered\.\n/,
  );
  for (const reason of Object.values(because)) expect(broken()[0]!.message).toContain(reason ?? "");
});

test("a function that cannot run fails with Lambda's own error, and the others answer", async () => {
  const { emulator } = await start();
  const outcome = async (name: string) => {
    const { kind, ...rest } = await emulator.invoke(name, { any: "payload" });
    return kind === "returned" ? rest : Object.values(rest).slice(0, 2).join(": ");
  };

  expect(await outcome("good")).toEqual({ payload: '{"statusCode":200,"body":"good"}' });
  expect(await outcome("typo")).toBe(
    "Runtime.UserCodeSyntaxError: SyntaxError: Expected identifier but found end of file",
  );
  expect(await outcome("lacking")).toBe(
    "Runtime.ImportModuleError: Error: Cannot find module './gone.ts'",
  );
  expect(await outcome("silent")).toBe(
    "Runtime.HandlerNotFound: silent.handler is undefined or not exported",
  );
  expect(await outcome("nowhere")).toBe(
    "Runtime.ImportModuleError: Error: Cannot find module 'nowhere'",
  );
  expect(await outcome("program")).toMatch(/^Runtime.InvalidEntrypoint: Function "program" runs /);
  expect(await outcome("nowhere")).toMatch("Cannot find module"); // each time
});

test("a function that cannot run keeps the gateway from starting where that is asked for", async () => {
  await expect(start({ strict: true })).rejects.toMatchObject({
    code: "HANDLER_INVALID",
    message: expect.stringMatching(/typo\.ts[\s\S]*nowhere[\s\S]*bootstrap/),
    hint: [
      "Fix the code at that place.",
      "Create the file, or correct the import.",
      "Correct each function above. docs/definition.md describes handlers and runtimes.",
      "docs/languages.md says what such a function needs.",
      "Write a layer as a directory, relative to the definition's directory.",
    ].join("\n"),
  });
});

test.each([
  ["in its own file", { "app.js": "export const handler = async () => ({;" }, "app.js:1:38: "],
  [
    "in a file that it loads",
    { "app.js": `import "./part.js";\n${GOOD}`, "part.js": "if (" },
    "part.js:1:5: ",
  ],
])(
  "plain JavaScript with a syntax error %s is named like TypeScript, and fails as on Lambda",
  async (_, files, place) => {
    const { root } = makeProject({ "package.json": '{ "type": "module" }', ...files });
    const options: EmulatorOptions = {
      definition: routed({ app: { handler: "app.handler" } }),
      root,
      port: 0,
    };

    await expect(startEmulator({ ...options, strict: true })).rejects.toMatchObject({
      code: "HANDLER_INVALID",
      message: expect.stringContaining(place),
    });
    const emulator = await startEmulator(options);
    onTestFinished(() => emulator.stop());
    const [broken] = emulator.journal.entries().filter(({ type }) => type === "project.broken");
    expect(broken).toMatchObject({ message: expect.stringContaining(place) });
    expect(await emulator.invoke("app", {})).toMatchObject({
      kind: "failed",
      errorType: "Runtime.UserCodeSyntaxError",
    });
  },
);

test("once it is repaired a function runs, and the others stay as they are", async () => {
  const { emulator, write } = await start();

  const names = await emulator.reload([write("typo.ts", GOOD)]);

  expect(names).toEqual(["typo"]);
  expect(await emulator.invoke("typo", {})).toMatchObject({ kind: "returned" });
  expect(emulator.functions.find(({ name }) => name === "typo")).toEqual({
    name: "typo",
    runnable: true,
  });
  expect(emulator.fault()?.message).not.toContain("typo.ts");
});

test("another definition does not take the code from a function that is broken for the moment", async () => {
  const { root, write, emulator } = await start();
  write("good.ts", "export const handler = async () => ({\n");
  await emulator.reload([`${root}/good.ts`]);

  await emulator.update({ ...routed(FUNCTIONS), endpoints: { s3: "http://127.0.0.1:1" } });

  expect(await emulator.invoke("good", {})).toMatchObject({ kind: "returned" });
});

test("an invocation of type Event is answered before its function has run", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { emulator } = await start({
    definition: routed({ slow: { handler: "slow.handler" } }),
    handlers: { slow: () => held },
  });

  const answer = await emulator.invoke("slow", ["any"], { invocationType: "Event" });

  expect(answer).toEqual({ kind: "returned", payload: "" });
  const types = () => emulator.journal.entries().map(({ type }) => type);
  expect(types()).toEqual(["function.started"]);
  release();
  await emulator.idle();
  expect(types()).toEqual(["function.started", "function.ended"]);
});

test("a payload that is not about a connection leaves the ids of its facts out", async () => {
  const { emulator } = await start();

  await emulator.invoke("good", { records: [1, 2] });

  const started = emulator.journal.entries().find(({ type }) => type === "function.started");
  expect(started).toMatchObject({ functionName: "good", event: { records: [1, 2] } });
  expect(started).toMatchObject({ connectionId: undefined, requestId: undefined });
});

test.each(["child-process", "in-process"] as const)(
  "functions that import a package which is not installed are named with place and command (%s)",
  { tags: ["journey"] },
  async (runtime) => {
    const { root } = makeProject({
      "package.json":
        '{ "type": "module", "name": "own", "exports": "./own.mjs", "imports": { "#path": "node:path" } }',
      "typed.ts": `import type { T } from "types-only";\nimport left from\n  'left/sub'; import '#none';\n${GOOD}export const used: T = left;`,
      "plain.mjs": `import "./part.mjs";\n${GOOD}`,
      "part.mjs": 'export * from "@own/right";\nimport "@aws-sdk/client-sqs";\n',
      "own.mjs": "",
      "included.mjs": `import "@aws-sdk/lib-dynamodb";\n${GOOD}`,
      "fine.ts": `import "@aws-sdk/client-dynamodb"; import "node:fs"; import "here"; import "in-layer"; import "own"; import "#path";\nconst later = () => import("later");\ntry { require("maybe"); } catch {}\n${GOOD}`,
      "node_modules/here/index.js": "",
      "layer/nodejs/node_modules/in-layer/index.js": "",
    });
    const functions = {
      typed: { handler: "typed.handler" },
      plain: { handler: "plain.handler" },
      included: { handler: "included.handler" },
      fine: { handler: "fine.handler", layers: ["layer"] },
    };
    const emulator = await startEmulator({ definition: routed(functions), root, port: 0, runtime });
    onTestFinished(() => emulator.stop());

    expect(Object.fromEntries(emulator.functions.map((fn) => [fn.name, fn.because]))).toEqual({
      typed: `${root}/typed.ts:3:3: Could not resolve "left/sub"\n${root}/typed.ts:3:22: Could not resolve "#none"`,
      plain: `${root}/part.mjs:1:15: Could not resolve "@own/right"\n${root}/part.mjs:2:8: Could not resolve "@aws-sdk/client-sqs"`,
      included: undefined,
      fine: undefined,
    });
    const [said, ...more] = emulator.journal
      .entries()
      .flatMap((entry) => (entry.type === "project.broken" ? entry : []));
    expect(more).toEqual([]);
    expect(said?.message).toMatch(/^These functions cannot run\. Calls to them fail: /);
    expect(said?.hint.split("\n")).toEqual([
      "Run npm install left.",
      "Add #none to imports in package.json, or correct the import.",
      "Run npm install @own/right.",
      "Lambda provides @aws-sdk/client-sqs. Here, install it: npm install --save-dev @aws-sdk/client-sqs.",
    ]);
  },
);

test("a package that a plugin's own module imports is named without a place", async () => {
  const { root } = makeProject({ "app.ts": `import "made:up";\n${GOOD}` });
  const madeUp: Plugin = {
    name: "made-up",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^made:/ }, ({ path }) => ({ path, namespace: "made" }));
      onLoad({ filter: /.*/, namespace: "made" }, () => ({
        contents: 'import "left";',
        resolveDir: root,
      }));
    },
  };
  const definition = {
    ...routed({ app: { handler: "app.handler" } }),
    esbuild: { plugins: [madeUp] },
  };
  const emulator = await startEmulator({ definition, root, port: 0 });
  onTestFinished(() => emulator.stop());

  expect(emulator.functions).toEqual([
    { name: "app", runnable: false, because: expect.stringMatching(/: Could not resolve "left"$/) },
  ]);
});

test("a function whose package is not installed is reloaded only with its own files, and cannot run with broken code either", async () => {
  const { root, write } = makeProject({ "good.ts": GOOD, "lacking.ts": `import "left";\n${GOOD}` });
  const functions = { good: { handler: "good.handler" }, lacking: { handler: "lacking.handler" } };
  const emulator = await startEmulator({ definition: routed(functions), root, port: 0 });
  onTestFinished(() => emulator.stop());
  const lacking = () => emulator.functions.find(({ name }) => name === "lacking");

  expect(await emulator.reload([write("good.ts", `${GOOD}// changed`)])).toEqual(["good"]);
  expect(await emulator.reload([write("lacking.ts", "export const handler = (")])).toEqual([]);
  expect(lacking()).toMatchObject({ runnable: false });
  expect(await emulator.reload([write("lacking.ts", GOOD)])).toEqual(["lacking"]);
  expect(lacking()).toEqual({ name: "lacking", runnable: true });
});

test("a missing package is awaited where the project, its workspace or a part of it has packages", async () => {
  const { root } = makeProject({
    "node_modules/hoisted/index.js": "",
    "services/api/parts/node_modules/nested/index.js": "",
    "services/api/parts/app.ts": `import "@left/pad/sub";\n${GOOD}`,
  });
  const api = join(root, "services/api");
  const definition = routed({ app: { handler: "parts/app.handler" } });
  const emulator = await startEmulator({ definition, root: api, port: 0 });
  onTestFinished(() => emulator.stop());

  const awaited = emulator.fault()?.failureInputs?.missing.filter((file) => file.startsWith(root));
  expect(awaited).toEqual([
    join(api, "node_modules/@left/pad/package.json"),
    join(api, "parts/node_modules/@left/pad/package.json"),
    join(root, "node_modules/@left/pad/package.json"),
  ]);
});
