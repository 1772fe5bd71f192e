import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { isInstalled } from "../../../deploy/judges/judge.ts";
import { fileOf, recordOf, TEMPLATES, withEveryPolicy } from "../templates.ts";

const script = fileURLToPath(new URL("translate.py", import.meta.url));
const NAMES = [...TEMPLATES, "policies"];

/** What the translator made of a template, or said against it. */
type Translated = { readonly expanded?: JsonObject; readonly refused?: readonly string[] };

function translate(files: readonly string[]): readonly Translated[] {
  const { stdout, stderr } = spawnSync("python3", [script, ...files], {
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.length, String(stderr)).toBeGreaterThan(0);
  return JSON.parse(String(stdout)) as readonly Translated[];
}

describe.skipIf(!isInstalled("python3", "-c", "import samtranslator"))("the SAM translator", () => {
  let translated: readonly Translated[] = [];
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "wsgw-translator-"));
    const policies = join(directory, "policies.json");
    writeFileSync(policies, withEveryPolicy());
    translated = translate([...TEMPLATES.map(fileOf), policies]);
    rmSync(directory, { recursive: true });
  });

  // Tests that need no Python compare the record with what wsgw makes of the templates; `-u` records anew.
  test.each(NAMES)("makes of %s what is recorded", async (name) => {
    const { expanded, refused } = translated[NAMES.indexOf(name)]!;

    expect(refused).toBeUndefined();
    await expect(`${JSON.stringify(expanded, null, 1)}\n`).toMatchFileSnapshot(recordOf(name));
  });
});
