import { existsSync, mkdirSync, readlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FunctionSpec } from "../../../src/emulator/lambda/environment.ts";
import { withTempFolder } from "../../../src/emulator/lambda/temp-folder.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** Starts an environment that does nothing, and tells what `TMPDIR` it has got. */
function start(environment: Record<string, string> = {}) {
  let folder: string | undefined;
  const started = withTempFolder((spec) => {
    folder = spec.environment.TMPDIR;
    return { run() {}, async stop() {} };
  })({ environment } as unknown as FunctionSpec, () => {});
  onTestFinished(() => started.stop());
  return { folder, stop: started.stop };
}

test("a directory exists from the start and is deleted after the end, however often that is requested", async () => {
  const { folder, stop } = start();
  expect(existsSync(folder!)).toBe(true);

  await Promise.all([stop(), stop()]);

  expect(existsSync(folder!)).toBe(false);
});

test("a directory is deleted at once if the environment cannot start", () => {
  let folder: string | undefined;
  const failing = withTempFolder(({ environment }) => {
    folder = environment.TMPDIR;
    throw new Error("spawn E2BIG");
  });

  expect(() => failing({ environment: {} } as unknown as FunctionSpec, () => {})).toThrow("E2BIG");

  expect(existsSync(folder!)).toBe(false);
});

test("a TMPDIR of the function's own stays", async () => {
  expect(start({ TMPDIR: "/mine" }).folder).toBe("/mine");
});

/** As the name of a folder tells which processes can be seen from here. */
const HERE =
  process.platform === "linux"
    ? /\d+/.exec(readlinkSync("/proc/self/ns/pid"))![0]
    : process.platform;
const NO_PROCESS = 4_194_305; // above the highest that Linux gives

test.each([
  ["a gateway that was killed", NO_PROCESS, `${HERE}-`, 0, false],
  ["a gateway that was killed long ago, wherever it ran", NO_PROCESS, "1-", 48, false],
  ["a gateway of an earlier version that was killed long ago", NO_PROCESS, "", 48, false],
  ["a process that cannot be seen, lately", NO_PROCESS, "1-", 1, true],
  ["a gateway that runs", process.pid, `${HERE}-`, 48, true],
])("deletes a directory of %s only if no process can use it", (_, pid, where, hours, stays) => {
  // A place of the test's own: gateways of other tests sweep the common one.
  const temporary = temporaryFolder();
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = join(temporary, `wsgw-tmp-${pid}-${where}test`);
  mkdirSync(left);
  const at = new Date(Date.now() - hours * 3_600_000);
  utimesSync(left, at, at);

  start();

  expect(existsSync(left)).toBe(stays);
});
