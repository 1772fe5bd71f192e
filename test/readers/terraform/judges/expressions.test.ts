import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { evaluate } from "../../../../src/readers/terraform/rules/evaluate-hcl.ts";
import { parseHcl } from "../../../../src/readers/terraform/rules/parse-hcl.ts";
import { temporaryDirectory } from "../../../temporary-directory.ts";
import { contextOf, evaluated } from "../evaluated.ts";
import { EXPRESSIONS } from "../expressions.ts";

const isMissing = spawnSync("terraform", ["version"]).error !== undefined;
// in CI its absence is a fault
const withoutTerraform = isMissing && process.env.CI !== "true";

/** What Terraform says of an expression, in a directory. */
function said(cwd: string, expression: string): unknown {
  const text = execFileSync("terraform", ["console"], { cwd, input: expression, encoding: "utf8" });
  return JSON.parse(JSON.parse(text));
}

test.skipIf(withoutTerraform)("terraform console says the same of all expressions", () => {
  const lines = EXPRESSIONS.map((each) => `jsonencode(${each})`);

  expect(lines.map(ours)).toEqual(said(temporaryDirectory(), `jsonencode([${lines.join(",")}])`));
});

function ours(line: string): unknown {
  try {
    return evaluated(line);
  } catch (error) {
    return `${line}: ${error}`;
  }
}

const HEREDOCS = [
  "<<EOT\n  a\n    ${1} b\nEOT",
  "<<-EOT\n      one\n        two ${1}\n\n      three\n    EOT",
  '<<-EOT\n    x\n    ${"y"}\n  ${"z"}\n    EOT',
  "<<-EOT\n    %{ if true }\n      inner\n    %{ endif }\n    ${2}\n    EOT",
  '<<-EOT\n    %{ for n in ["x", "y"] ~}\n    ${n}\n    %{ endfor ~}\n    end\n  EOT',
  "<<EOT\n    ${1 ~}   \n    three ${~ 2}\n    $${no} %%{no} \\n\nEOT",
  "<<EOT\nEOT",
];

test.skipIf(withoutTerraform)("terraform says the same of heredocs", () => {
  const cwd = temporaryDirectory();
  const text = `locals {\n${HEREDOCS.map((each, at) => `  h${at} = ${each}\n`).join("")}}\n`;
  writeFileSync(join(cwd, "main.tf"), text);
  const [locals] = parseHcl(text).blocks;
  const scope = { file: "main.tf", context: contextOf({}), named: () => undefined };
  const values = [...(locals?.body.attributes.values() ?? [])].map(({ value }) =>
    evaluate(value, scope),
  );

  const names = HEREDOCS.map((_, at) => `local.h${at}`).join(", ");
  expect(values).toEqual(said(cwd, `jsonencode([${names}])`));
});

test.skipIf(withoutTerraform)("terraform reads the fixtures, and finds them formatted", () => {
  const projects = fileURLToPath(new URL("../../../../fixtures/projects", import.meta.url));
  const { stdout, status } = spawnSync("terraform", ["fmt", "-check", "-recursive", projects], {
    encoding: "utf8",
  });

  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
});
