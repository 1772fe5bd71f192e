import { existsSync, mkdirSync, readlinkSync, utimesSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { FunctionSpec } from "../../../src/emulator/lambda/environment-contract.ts";
import { withTemporaryDirectory } from "../../../src/emulator/lambda/temporary-directory.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** Starts an environment that does nothing, and returns the variables that it has got. */
function start(environment: Record<string, string> = {}, starter = starterOf()) {
  const started = starter.start({ environment } as unknown as FunctionSpec, () => {});
  onTestFinished(() => started.stop());
  return { ...starter.latest(), stop: started.stop };
}

/** Starts environments that note their variables, and whether their directory exists when they stop. */
function starterOf() {
  let variables: FunctionSpec["environment"] = {};
  const existedAtStop: boolean[] = [];
  const start = withTemporaryDirectory(({ environment }) => {
    variables = environment;
    return {
      run() {},
      async stop() {
        existedAtStop.push(existsSync(environment.TMPDIR ?? ""));
      },
    };
  });
  const latest = () => ({ variables, directory: variables.TMPDIR, existedAtStop });
  return { start, latest };
}

test("a directory exists from the start and is deleted after the end, however often that is requested", async () => {
  const { directory, variables, existedAtStop, stop } = start({ TABLE: "chat" });
  expect(existsSync(directory!)).toBe(true);
  expect(basename(directory!)).toMatch(new RegExp(`^wsgw-tmp-${process.pid}-${HERE}-[^-]+$`));
  expect(variables).toEqual({ TABLE: "chat", TMPDIR: directory });

  await Promise.all([stop(), stop()]);

  expect(existedAtStop[0]).toBe(true);
  expect(existsSync(directory!)).toBe(false);
});

test("a directory is deleted at once if the environment cannot start", () => {
  let directory: string | undefined;
  const failing = withTemporaryDirectory(({ environment }) => {
    directory = environment.TMPDIR;
    throw new Error("spawn E2BIG");
  });

  expect(() => failing({ environment: {} } as unknown as FunctionSpec, () => {})).toThrow("E2BIG");

  expect(existsSync(directory!)).toBe(false);
});

test("a TMPDIR of the function's own stays", async () => {
  expect(start({ TMPDIR: "/mine" }).directory).toBe("/mine");
});

/** What the name of a directory says about the processes that can be seen from here. */
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
  ["a process that cannot be seen, for almost a day", NO_PROCESS, "1-", 24 - 1 / 120, true],
  ["a process that cannot be seen, for more than a day", NO_PROCESS, "1-", 24 + 1 / 120, false],
  ["a gateway that runs", process.pid, `${HERE}-`, 48, true],
  ["something else of a similar name", NO_PROCESS, `${HERE}-a-b-`, 48, true],
])("deletes a directory of %s only if no process can use it", (_, pid, where, hours, stays) => {
  // A place of the test's own: gateways of other tests sweep the common one.
  const temporary = temporaryDirectory();
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = join(temporary, `wsgw-tmp-${pid}-${where}test`);
  mkdirSync(left);
  const at = new Date(Date.now() - hours * 3_600_000);
  utimesSync(left, at, at);

  start();

  expect(existsSync(left)).toBe(stays);
});

test("deletes only directories whose whole name is one of its own, and looks for them once", () => {
  const temporary = temporaryDirectory();
  vi.stubEnv("TMPDIR", temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const other = join(temporary, `my-wsgw-tmp-${NO_PROCESS}-${HERE}-test`);
  const later = join(temporary, `wsgw-tmp-${NO_PROCESS}-${HERE}-test`);
  const starter = starterOf();
  mkdirSync(other);

  start({}, starter);
  mkdirSync(later);
  start({}, starter);

  expect([other, later].map((left) => existsSync(left))).toEqual([true, true]);
});
