import { expect, test } from "vitest";
import { withoutOwnAdditions } from "../../../../src/readers/cdk/rules/own-additions.ts";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";

test("leaves out what the CDK adds for itself, and the functions of custom resources", () => {
  const made = withoutOwnAdditions(
    {
      Parameters: { BootstrapVersion: { Type: "String" }, Size: { Type: "String" } },
      Conditions: { CDKMetadataAvailable: {}, IsBig: {} },
      Rules: { CheckBootstrapVersion: {} },
      Resources: {
        CDKMetadata: { Type: "AWS::CDK::Metadata" },
        Clean: {
          Type: "Custom::Clean",
          Properties: { ServiceToken: { "Fn::GetAtt": ["Own", "Arn"] } },
        },
        Own: { Type: "AWS::Lambda::Function", Properties: {} },
      },
    },
    new Origins(),
  );

  expect(made).toEqual({
    Parameters: { Size: { Type: "String" } },
    Conditions: { IsBig: {} },
    Resources: {
      Clean: expect.objectContaining({ Type: "Custom::Clean" }),
      Own: expect.objectContaining({ Type: "Custom::Provider" }),
    },
  });
});
