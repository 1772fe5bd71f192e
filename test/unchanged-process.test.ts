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

/** Have code of functions or configs that changes its own process, or run only in files that may change theirs. */
const EXEMPT = [
  "testing/isolation.test.ts",
  "readers/config/separate-process.test.ts",
  "readers/unmodified-projects.ts",
  "cli/init/from-projects.ts",
];

test("only files that restore it change the process", () => {
  const shared = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      /\.ts$/.test(name) &&
      !/judges\W|\.(?:apart|journey)\.|^unchanged-process/.test(name) &&
      !EXEMPT.includes(name),
  );

  const changing = shared.filter((name) => {
    const text = readFileSync(join(import.meta.dirname, name), "utf8");
    return CHANGES.some((change) => change.test(text));
  });

  expect(changing).toEqual([]);
});
