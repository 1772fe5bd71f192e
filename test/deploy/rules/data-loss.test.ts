import { expect, test } from "vitest";
import type { Effect } from "../../../src/deploy/rules/change-set.ts";
import { losesData } from "../../../src/deploy/rules/data-loss.ts";

test.each<[Effect, boolean]>([
  ["replace", true],
  ["maybe-replace", true],
  ["remove", true],
  ["add", false],
  ["import", false],
  ["change", false],
  ["unknown", false],
])("a table that a deployment would %s loses its items: %s", (effect, loses) => {
  const change = { logicalId: "Rooms", type: "AWS::DynamoDB::Table", effect, details: [] };

  expect(losesData([change, { ...change, type: "AWS::SNS::Topic" }])).toEqual(
    loses ? [change] : [],
  );
});
