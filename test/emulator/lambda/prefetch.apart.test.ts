import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openPrefetchClaims } from "../../../src/emulator/lambda/prefetch.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

/** Uses this directory for temporary files until the test ends. */
function temporariesIn(folder: string) {
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

test("nothing is prefetched on Windows, where open files have names", () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  onTestFinished(() => void Object.defineProperty(process, "platform", platform));
  const folder = temporariesIn(temporaryDirectory());

  Object.defineProperty(process, "platform", { ...platform, value: "win32" });

  expect(openPrefetchClaims("name")).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("nothing is prefetched where no file can be created", () => {
  temporariesIn(join(temporaryDirectory(), "missing"));

  expect(openPrefetchClaims("name")).toBeUndefined();
});
