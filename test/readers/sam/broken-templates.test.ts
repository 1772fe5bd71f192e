import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  type Json,
  type JsonObject,
  Origins,
} from "../../../src/readers/cloudformation/rules/origins.ts";
import type { Finding } from "../../../src/readers/cloudformation/rules/report.ts";
import { parseTemplate } from "../../../src/readers/cloudformation/template-file.ts";
import { expandSam } from "../../../src/readers/sam/rules/expand.ts";
import { rounds } from "../../rounds.ts";

const directory = fileURLToPath(new URL("../../../fixtures/templates/sam", import.meta.url));
const fixtures = readdirSync(directory).sort();

function read(name: string, origins: Origins): JsonObject {
  const text = readFileSync(join(directory, name), "utf8");
  const report = (finding: Finding) => expect.unreachable(finding.problem);
  return parseTemplate(text, `/${name}`, origins, report) as JsonObject;
}

test.each(fixtures)("knows where everything that it makes of %s was written", (name) => {
  const origins = new Origins();
  const findings: Finding[] = [];

  const { Resources } = expandSam(read(name, origins), {
    origins,
    report: (finding) => findings.push(finding),
  });

  expect(findings).toEqual([]);
  for (const [id, resource] of Object.entries(Resources as Record<string, JsonObject>)) {
    expect(origins.of(resource), id).toMatchObject({ file: `/${name}`, line: expect.any(Number) });
    if (resource.Properties === undefined) continue;
    expect(origins.of(resource.Properties, "Name"), id).toMatchObject({ file: `/${name}` });
  }
});

/** What stands where something else should. */
const WRONG: readonly Json[] = [
  null,
  true,
  0,
  -1.5,
  "",
  "AWS::Serverless::Function",
  "$default",
  [],
  [[]],
  [null],
  {},
  { Ref: [] },
  { Ref: "AWS::NoValue" },
  { "Fn::If": [] },
  { "Fn::If": ["C", null] },
  { "Fn::GetAtt": "A.B" },
  { "Fn::GetAtt": [] },
  { "Fn::Sub": [] },
  { Type: {} },
  JSON.parse('{ "__proto__": null, "constructor": 1, "toString": 2 }'),
];

/** Numbers that look random and are the same in each run. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

/** The template with something else at one place, or with a key of another name. */
function mutated(value: Json, next: () => number): Json {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  if (typeof value !== "object" || value === null || next() < 0.08) return pick(WRONG);
  if (Array.isArray(value)) {
    const at = Math.floor(next() * value.length);
    return value.map((item, index) => (index === at ? mutated(item, next) : item));
  }
  const entries = Object.entries(value);
  const at = Math.floor(next() * entries.length);
  const change = next();
  return Object.fromEntries(
    entries.flatMap(([key, item], index) => {
      if (index !== at) return [[key, item]];
      if (change < 0.05) return [];
      return [[change < 0.1 ? `${key}x` : key, mutated(item, next)]];
    }),
  );
}

test("expands many broken templates without an exception", () => {
  const random = numbers(28);
  const next = () => random.next().value;
  const origins = new Origins();
  const templates = fixtures.map((name) => read(name, origins));
  for (let round = 0; round < rounds(2_000); round += 1) {
    const broken = mutated(templates[round % templates.length] ?? {}, next) as JsonObject;
    const findings: Finding[] = [];
    const report = (finding: Finding): void => void findings.push(finding);
    const expandBroken = () => expandSam(broken ?? {}, { origins: new Origins(), report });

    expect(expandBroken, JSON.stringify(broken)).not.toThrow();
    for (const { problem } of findings) expect(problem).not.toMatch(/undefined|\[object/);
  }
});
