import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type JsonObject, Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../../src/readers/cloudformation/rules/report.ts";
import { expandSam } from "../../../../src/readers/sam/rules/expand.ts";
import { POLICY_TEMPLATES } from "../../../../src/readers/sam/rules/policy-templates.ts";
import { isInstalled } from "../../../deploy/judges/judge.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { comparable } from "./comparable.ts";

const script = fileURLToPath(new URL("translate.py", import.meta.url));
const folder = fileURLToPath(new URL("../../../../fixtures/templates/sam", import.meta.url));
const fixtures = readdirSync(folder).sort();

/** What the translator read, and what it made of it or said against it. */
type Translated = {
  readonly read: JsonObject;
  readonly expanded?: JsonObject;
  readonly refused?: readonly string[];
};

function translate(files: readonly string[]): readonly Translated[] {
  const { stdout, stderr } = spawnSync("python3", [script, ...files], {
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(stdout.length, String(stderr)).toBeGreaterThan(0);
  return JSON.parse(String(stdout)) as readonly Translated[];
}

function expand(template: JsonObject): { expanded: JsonObject; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const report = (finding: Finding): void => void findings.push(finding);
  return { expanded: expandSam(template, { origins: new Origins(), report }), findings };
}

describe.skipIf(!isInstalled("python3", "-c", "import samtranslator"))("the SAM translator", () => {
  let translated: readonly Translated[] = [];
  beforeAll(() => {
    translated = translate(fixtures.map((name) => join(folder, name)));
  });

  test.each(fixtures)("makes of %s what wsgw makes of it", (name) => {
    const { read, expanded: theirs, refused } = translated[fixtures.indexOf(name)]!;
    expect(refused).toBeUndefined();

    const { expanded: ours, findings } = expand(read);

    expect(findings).toEqual([]);
    expect(comparable(ours, ours)).toEqual(comparable(theirs as JsonObject, ours));
  });

  test("gives every policy template the statements that wsgw gives it", () => {
    const policies = Object.entries(POLICY_TEMPLATES).map(([name, template]) => {
      const texts = JSON.stringify(template).matchAll(/(?<!\$)\{(\w+)\}/g);
      return { [name]: Object.fromEntries([...texts].map(([, word]) => [word, { Ref: word }])) };
    });
    const properties = { CodeUri: "x", Handler: "x.y", Runtime: "nodejs20.x", Policies: policies };
    const template: JsonObject = {
      Transform: "AWS::Serverless-2016-10-31",
      Resources: { Fn: { Type: "AWS::Serverless::Function", Properties: properties } },
    };
    const file = join(temporaryFolder(), "policies.json");
    writeFileSync(file, JSON.stringify(template));
    const [theirs] = translate([file]);

    const { expanded: ours, findings } = expand(template);

    expect(theirs?.refused).toBeUndefined();
    expect(findings).toEqual([]);
    expect(comparable(ours, ours)).toEqual(comparable(theirs?.expanded as JsonObject, ours));
  });
});
