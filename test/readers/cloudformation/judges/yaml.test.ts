import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../../src/readers/cloudformation/template-file.ts";
import { isInstalled } from "../../../deploy/judges/judge.ts";

const directory = fileURLToPath(new URL("../../../../fixtures/templates", import.meta.url));
const templates = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:ya?ml|json)$/.test(name))
  .sort();

/** As the translator reads YAML, with dates as strings, as they are to CloudFormation. */
const READ = `
import datetime, json, sys
from samtranslator.yaml_helper import yaml_parse
print(json.dumps(yaml_parse(sys.stdin.read()), default=lambda value: value.isoformat()))
`;

function theirs(text: string): unknown {
  const { stdout, stderr } = spawnSync("python3", ["-c", READ], { input: text, encoding: "utf8" });
  expect(stdout.length, stderr).toBeGreaterThan(0);
  return JSON.parse(stdout);
}

function ours(text: string): unknown {
  return parseTemplate(text, "t.yaml", new Origins(), () => {});
}

const SCALARS = [
  ..."1 -1 +1 0 010 -010 08 0x1f 0X1f 0b11 1_000 1:30 1:99 012345678901 1.5 .5 -1.5 1e3 1.5e3 1.55e+1".split(
    " ",
  ),
  ..."yes No ON off true TRUE tRue y n Y N null Null ~ 2012-10-17 $connect a:b *.a"
    .split(" ")
    .slice(0, -1),
  ..."'yes' \"1\" '' !Ref__1 !Sub__a !Base64__yes !GetAtt__A.B.C !ImportValue__a !Condition__A !!str__1".split(
    " ",
  ),
];

describe.skipIf(!isInstalled("python3", "-c", "import samtranslator"))("the SAM translator", () => {
  test.each(templates)("reads %s as wsgw does", (name) => {
    const text = readFileSync(join(directory, name), "utf8");

    expect(ours(text)).toEqual(theirs(text));
  });

  test("reads scalars, tags, anchors and blocks as wsgw does", () => {
    const text = `A:
${SCALARS.map((scalar) => `- ${scalar.replace("__", " ")}`).join("\n")}
B: &b { C: 1, D: !Ref E }
F: { <<: *b, C: 2 }
G: [*b, *b]
H: |
  a
    b

I: >-
  a
  b
J: "a\\tb\\u00e4"
K: !If
- L
- !Sub
  - x
  - { M: !GetAtt N.O }
- !Join ['', [a, !Ref P]]
`;

    expect(ours(text)).toEqual(theirs(text));
  });
});
