import fs, { writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { expect, onTestFinished, test, vi } from "vitest";
import { watchFiles } from "../../src/readers/watch.ts";
import { project } from "./projects.ts";

/** From now on the system has no watches left. */
function exhaustWatches(): void {
  const none = vi.spyOn(fs, "watch").mockImplementation(() => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    none.mockRestore();
    syncBuiltinESMExports();
  });
}

test("where the system has no watches left it looks twice a second, until it is stopped", () => {
  exhaustWatches();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  onTestFinished(() => void vi.useRealTimers());
  const { path } = project({ "a.ts": "1" });
  const changes: string[] = [];
  const watch = watchFiles({
    files: [path("a.ts")],
    onChange: (file) => changes.push(file),
  });

  writeFileSync(path("a.ts"), "22");
  vi.advanceTimersByTime(499);
  expect(changes).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(changes).toEqual([path("a.ts")]);
  watch.stop();

  expect(vi.getTimerCount()).toBe(0);
});
