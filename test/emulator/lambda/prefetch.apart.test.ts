import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openPrefetchClaims } from "../../../src/emulator/lambda/prefetch.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** Uses this directory for temporary files until the test ends. */
function temporariesIn(directory: string) {
  vi.stubEnv("TMPDIR", directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  return directory;
}

test("nothing is prefetched on Windows, where open files have names", () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  onTestFinished(() => void Object.defineProperty(process, "platform", platform));
  const directory = temporariesIn(temporaryDirectory());

  Object.defineProperty(process, "platform", { ...platform, value: "win32" });

  expect(openPrefetchClaims("name")).toBeUndefined();
  expect(readdirSync(directory)).toEqual([]);
});

test("nothing is prefetched where no file can be created", () => {
  temporariesIn(join(temporaryDirectory(), "missing"));

  expect(openPrefetchClaims("name")).toBeUndefined();
});
