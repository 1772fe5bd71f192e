import { spawnSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import { createChildProcesses } from "../../../src/emulator/lambda/child-process/child-process.ts";
import { makeProject } from "../../bundle/project.ts";
import { buildLambdaChild, observed, runFunction } from "../../contracts/lambda-setup.ts";

beforeAll(buildLambdaChild);

/** What a handler returns that runs in a process of its own. */
async function returned(text: string): Promise<unknown> {
  const { root } = makeProject({ "app.js": `exports.handler = async () => { ${text} };` });
  const { invoke } = await runFunction(observed(createChildProcesses()), {
    handler: "app.handler",
    memory: 256,
    root,
  });
  const outcome = await invoke("hello");
  return outcome.kind === "returned" ? JSON.parse(outcome.payload) : outcome;
}

test("a handler finds the heap, gc() and the room for headers that Lambda gives it", async () => {
  const { heapMb, gc, headerBytes } = (await returned(`
    return {
      heapMb: require("v8").getHeapStatistics().heap_size_limit / 1024 / 1024,
      gc: typeof gc,
      headerBytes: require("http").maxHeaderSize,
    };
  `)) as { heapMb: number; gc: string; headerBytes: number };

  expect({ gc, headerBytes }).toEqual({ gc: "function", headerBytes: 81_920 });
  expect(heapMb).toBeGreaterThanOrEqual(231);
  expect(heapMb).toBeLessThan(231 + 3 * 2 * 16);
});

test("V8 takes what was compiled without flags, as Node's own modules are", async () => {
  const source = "(function () { return 1; })";
  const compile = `new (require("vm").Script)(${JSON.stringify(source)}).createCachedData()`;
  const { stdout } = spawnSync(process.execPath, ["-e", `process.stdout.write(${compile})`]);

  const isRejected = await returned(`
    const cachedData = Buffer.from("${stdout.toString("base64")}", "base64");
    const { Script } = require("vm");
    return new Script(${JSON.stringify(source)}, { cachedData }).cachedDataRejected;
  `);

  expect(isRejected).toBe(false);
});
