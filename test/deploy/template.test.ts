import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkTemplate } from "../../src/deploy/template/check.ts";
import { renderTemplate } from "../../src/deploy/template.ts";
import { rich, sample, templateOf } from "./apis.ts";

test("the templates of the sample and of a rich definition have no fault", () => {
  writeFileSync("/tmp/synth-spec/sample.json", renderTemplate(templateOf(sample)));
  writeFileSync("/tmp/synth-spec/rich.json", renderTemplate(templateOf(rich)));
  expect(checkTemplate(templateOf(sample))).toEqual([]);
  expect(checkTemplate(templateOf(rich))).toEqual([]);
});
