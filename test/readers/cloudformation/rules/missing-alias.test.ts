import { expect, test } from "vitest";
import { missingAlias } from "../../../../src/readers/cloudformation/rules/missing-alias.ts";
import { stackOf } from "./stacks.ts";

const FN = "  Fn: { Type: AWS::Lambda::Function, Properties: { FunctionName: fn } }\n";
const LIVE =
  "  Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: fn, Name: live } }\n";
const OTHER =
  "  Other: { Type: AWS::Lambda::Alias, Properties: { FunctionName: other, Name: live } }\n";

/** What is said of a call of the function `fn` by an alias or version. */
function missing(aliases: string, qualifier: string | undefined, isTerraform = false) {
  const { resources, resource } = stackOf(FN + aliases);
  return missingAlias(resource("Fn"), { functionName: "fn", qualifier }, resources, isTerraform);
}

test("says what alias a function lacks, if the template has its aliases", () => {
  for (const qualifier of [undefined, "live", "12"]) {
    expect(missing(LIVE, qualifier)).toBeUndefined();
  }
  expect(missing(OTHER, "dev")).toBeUndefined();
  for (const qualifier of ["1a", "a1"]) {
    expect(missing(LIVE, qualifier)?.why).toBe(`has no alias ${qualifier}`);
  }
  expect(missing(LIVE, "de-v")).toEqual({
    why: "has no alias de-v",
    add: `Add to Resources: "FnAliasdev": ${JSON.stringify({
      Type: "AWS::Lambda::Alias",
      Properties: { FunctionName: { Ref: "Fn" }, FunctionVersion: "$LATEST", Name: "de-v" },
    })}`,
  });
});

test("says what alias to add in Terraform", () => {
  expect(missing(LIVE, "dev", true)).toEqual({
    why: "has no alias dev",
    add: 'Add an aws_lambda_alias with name = "dev"',
  });
});
