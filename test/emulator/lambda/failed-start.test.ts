import { expect, test } from "vitest";
import type { FunctionSpec, Report } from "../../../src/emulator/lambda/environment-contract.ts";
import { withFailedStarts } from "../../../src/emulator/lambda/failed-start.ts";

const NONE = { run() {}, async stop() {} };
const spec = { name: "ask" } as FunctionSpec;

test.each([
  ["mkdtemp", "ENOSPC", "it cannot start: the disk is full (ENOSPC)"],
  ["mkdtemp", "EACCES", "it cannot start: permission is denied (EACCES)"],
  ["spawn node", "ENOMEM", "it cannot start: no memory is left (ENOMEM)"],
])(
  "an environment that fails by %s with %s ends at once, and says why",
  async (syscall, code, reason) => {
    const start = withFailedStarts(() => {
      throw Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
    }, NONE);
    const reports: Report[] = [];

    expect(start(spec, (report) => reports.push(report))).toBe(NONE);
    expect(reports).toEqual([]);
    await Promise.resolve();

    const end = { kind: "never-started", reason };
    expect(reports).toEqual([{ kind: "ended", end }]);
  },
);

test("a bug of ours stays one", () => {
  const start = withFailedStarts(() => {
    throw new TypeError("a bug");
  }, NONE);

  expect(() => start(spec, () => {})).toThrow("a bug");
});
