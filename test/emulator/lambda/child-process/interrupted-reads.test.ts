import { beforeAll, expect, onTestFinished, test } from "vitest";
import { createChildProcesses } from "../../../../src/emulator/lambda/child-process/child-process.ts";
import { buildLambdaChild, runFunction } from "../../../contracts/lambda-setup.ts";
import { project } from "../../../readers/projects.ts";

beforeAll(buildLambdaChild);

/** Interrupts the first reads and writes of the channel as a system may do. */
const INTERRUPTING = `
const fs = require("node:fs");
const codes = { readSync: ["EINTR", "EAGAIN"], writeSync: ["EINTR", "EAGAIN"] };
globalThis.interrupted = [];
for (const name of Object.keys(codes)) {
  const own = fs[name];
  fs[name] = (fd, ...rest) => {
    const code = fd > 2 ? codes[name].shift() : undefined;
    if (code === undefined) return own(fd, ...rest);
    globalThis.interrupted.push(name + " " + code);
    throw Object.assign(new Error(code), { code });
  };
}
`;

test("a function answers though the system interrupts the reads and writes of its process", async () => {
  const { root, path } = project({
    "package.json": "{}",
    "interrupting.js": INTERRUPTING,
    "app.js": "exports.handler = async () => globalThis.interrupted;",
  });
  const run = await runFunction(createChildProcesses(), {
    root,
    handler: "app.handler",
    environment: { NODE_OPTIONS: `--require=${path("interrupting.js")}` },
  });
  onTestFinished(() => run.lambda.stop());

  const first = await run.invoke("hello");
  const second = await run.invoke("hello");

  expect(first).toMatchObject({ kind: "returned" });
  expect(second).toEqual({
    kind: "returned",
    payload: JSON.stringify([
      "readSync EINTR",
      "readSync EAGAIN",
      "writeSync EINTR",
      "writeSync EAGAIN",
    ]),
  });
});
