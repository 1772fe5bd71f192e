import { expect, test } from "vitest";
import type { JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { checkWords } from "../../../../src/readers/serverless/rules/vocabulary.ts";
import { writtenBy } from "./written.ts";

test("names words that are close to a known one", () => {
  const words = (provider: JsonObject) =>
    writtenBy((written) => checkWords(written, "provider", provider, ["stage", "region"]), {
      provider,
    }).reported;

  expect(words({ stage: "dev", stgae: "dev", anything: 1 })).toEqual([
    'warning provider.stgae: provider has no property "stgae". Did you mean "stage"?',
  ]);
});
