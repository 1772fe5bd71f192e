import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { comparable } from "./comparable.ts";
import { expanded } from "./expanded.ts";
import { fileOf, recorded, TEMPLATES, withEveryPolicy } from "./templates.ts";

test.each([
  ...TEMPLATES.map((name) => [name, readFileSync(fileOf(name), "utf8")] as const),
  ["policies", withEveryPolicy()] as const,
])("makes of %s what SAM's translator makes of it", (name, text) => {
  const { template, findings } = expanded(text);

  expect(findings).toEqual([]);
  expect(comparable(template, template)).toEqual(comparable(recorded(name), template));
});
