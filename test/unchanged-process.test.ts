import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What changes the process for every test in it, if only for a while. */
const CHANGES = [
  /\b(set[eu]?[ug]id|setgroups|chdir)\b/,
  /\bprocess\.umask\(\w/,
  /\bstubEnv\b|\bprocess\.env(\.\w+|\[[^\]]+\]) \??\?*=[^=]/,
  /\bdelete process\.env\b|\bObject\.assign\(process\.env\b/,
  /\b(useFakeTimers|setSystemTime)\b|\bspyOn\((performance|Date|process)\b/,
  /\bprocess\.(removeAllListeners|setUncaughtExceptionCaptureCallback)\b/,
];

/** Have code of functions or configs that changes its own process. */
const IN_CODE_OF_OTHERS = ["testing/isolation.test.ts", "readers/config/own-process.test.ts"];

test("what changes the process has one of its own", () => {
  const shared = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      /\.ts$/.test(name) &&
      !/judges\W|\.apart\.|^unchanged-process/.test(name) &&
      !IN_CODE_OF_OTHERS.includes(name),
  );

  const changing = shared.filter((name) => {
    const text = readFileSync(join(import.meta.dirname, name), "utf8");
    return CHANGES.some((change) => change.test(text));
  });

  expect(changing).toEqual([]);
});
