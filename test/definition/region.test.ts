import { expect, test } from "vitest";
import { regionFor } from "../../src/definition/region.ts";

const env = { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-2" };

test.each([
  ["what is asked for", "eu-north-1", "eu-south-1", env, "eu-north-1"],
  ["that of the definition", undefined, "eu-south-1", env, "eu-south-1"],
  ["AWS_REGION", undefined, undefined, env, "eu-west-1"],
  ["AWS_DEFAULT_REGION", undefined, undefined, { ...env, AWS_REGION: "" }, "eu-west-2"],
  ["us-east-1", undefined, undefined, {}, "us-east-1"],
])("the region is %s", (_, asked, defined, variables, region) => {
  expect(regionFor(asked, defined, variables)).toBe(region);
});
