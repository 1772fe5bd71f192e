import { expect, test } from "vitest";
import { partitionOf, REGION, regionFor } from "../../src/definition/region.ts";

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

test.each([
  ["eu-west-1", "aws", "amazonaws.com"],
  ["cn-northwest-1", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-east-1", "aws-us-gov", "amazonaws.com"],
  ["eusc-de-east-1", "aws-eusc", "amazonaws.eu"],
])("%s is a region of %s, with hosts below %s", (region, name, domain) => {
  expect(region).toMatch(REGION);
  expect(partitionOf(region)).toMatchObject({ name, domain });
});

test.each(["ireland", "eu-west", "EU-WEST-1", "eu-west-1a", "eu_west_1"])(
  "%s is not a region",
  (name) => {
    expect(name).not.toMatch(REGION);
  },
);
