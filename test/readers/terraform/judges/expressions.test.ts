import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { evaluated } from "../evaluated.ts";
import { EXPRESSIONS } from "../expressions.ts";

const isMissing = spawnSync("terraform", ["version"]).error !== undefined;
// in CI its absence is a fault
const withoutTerraform = isMissing && process.env.CI !== "true";

test.skipIf(withoutTerraform)("terraform console says the same of all expressions", () => {
  const lines = EXPRESSIONS.map((each) => `jsonencode(${each})`);
  const said = execFileSync("terraform", ["console"], {
    cwd: temporaryFolder(),
    input: `jsonencode([${lines.join(",")}])`,
    encoding: "utf8",
  });
  const values = JSON.parse(JSON.parse(said));

  expect(lines.map(ours)).toEqual(values);
});

function ours(line: string): unknown {
  try {
    return evaluated(line);
  } catch (error) {
    return `${line}: ${error}`;
  }
}
