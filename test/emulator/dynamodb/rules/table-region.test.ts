import { expect, test } from "vitest";
import { regionOfCall } from "../../../../src/emulator/dynamodb/rules/table-region.ts";

test.each([
  ["eu-west-1", "eu-west-1"],
  ["us-gov-west-1", "us-gov-west-1"],
  ["local", "us-east-1"],
  ["localhost", "us-east-1"],
  ["", "us-east-1"],
])("a call signed for %s uses the tables of %s", (signedFor, region) => {
  expect(regionOfCall(signedFor, "us-east-1")).toBe(region);
});
