import { expect, test } from "vitest";
import type { FunctionSpec, Report } from "../../../src/emulator/lambda/environment.ts";
import { withFailedStarts } from "../../../src/emulator/lambda/failed-start.ts";

const NONE = { run() {}, async stop() {} };
const spec = { name: "ask" } as FunctionSpec;

test("an environment that the system does not start ends at once, and says why", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, mkdtemp"), {
    code: "ENOSPC",
    syscall: "mkdtemp",
  });
  const start = withFailedStarts(() => {
    throw full;
  }, NONE);
  const reports: Report[] = [];

  expect(start(spec, (report) => reports.push(report))).toBe(NONE);
  expect(reports).toEqual([]);
  await Promise.resolve();

  const reason = "it cannot start: the disk is full (ENOSPC)";
  const end = { kind: "never-started", reason };
  expect(reports).toEqual([{ kind: "ended", end }]);
});

test("a bug of ours stays one", () => {
  const start = withFailedStarts(() => {
    throw new TypeError("a bug");
  }, NONE);

  expect(() => start(spec, () => {})).toThrow("a bug");
});
