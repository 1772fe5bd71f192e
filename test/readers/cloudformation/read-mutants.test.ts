import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkProject } from "../../../src/definition/checks.ts";
import { parseRouteExpression } from "../../../src/emulator/apigateway/message/rules/route-expression.ts";
import { mayAllow } from "../../../src/emulator/iam/rules/function-role.ts";
import { WsgwError } from "../../../src/errors.ts";
import { readTemplate } from "../../../src/readers/cloudformation/read-template.ts";
import { type Json, Origins } from "../../../src/readers/cloudformation/rules/origins.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { rounds } from "../../rounds.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { createRandom, mutatedTree } from "./mutations.ts";

const COUNT = Number(process.env.WSGW_MUTANTS ?? rounds(150));
const SAM = fileURLToPath(new URL("../../../fixtures/templates/sam", import.meta.url));

const seeds = readdirSync(SAM).map((name): Json => {
  const text = readFileSync(join(SAM, name), "utf8");
  return parseTemplate(text, name, new Origins(), () => {}) ?? {};
});

test("serves or rejects with a message a template with any value replaced", async () => {
  const random = createRandom(20_261_128);
  const root = temporaryDirectory();
  const file = join(root, "template.json");
  const unexpected: string[] = [];
  const ends = { served: 0, refused: 0 };
  for (let left = COUNT; left > 0; left -= 1) {
    const seed = seeds[left % seeds.length] ?? {};
    const text = JSON.stringify(mutatedTree(seed, random, 0.01 * random()));
    writeFileSync(file, text);
    try {
      const { definition } = await readTemplate({
        file,
        cwd: root,
        region: "eu-west-1",
        accountId: "123456789012",
        parameters: {},
        envVars: {},
        apiIdOf: (name) => name,
        mayAllow,
        stateDir: join(root, "state"),
      });
      checkProject(definition, "template.json", { parseExpression: parseRouteExpression });
      ends.served += 1;
    } catch (error) {
      ends.refused += 1;
      if (!(error instanceof WsgwError)) unexpected.push(`${(error as Error).stack}\n${text}`);
    }
  }

  expect(unexpected).toEqual([]);
  expect(Math.min(ends.served, ends.refused)).toBeGreaterThan(COUNT / 20);
});
