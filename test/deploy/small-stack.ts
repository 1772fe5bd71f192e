import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import type { Prepared } from "../../src/deploy/runs/deploy-input.ts";

/** One function and one table, as the least that can be deployed. */
export function smallStack(
  options: { readonly code?: string; readonly more?: Record<string, unknown> } = {},
): Prepared {
  const source = options.code ?? "exports.handler = async () => ({ statusCode: 200 });";
  const zip = zipSync(
    { "index.js": new TextEncoder().encode(source) },
    { mtime: new Date("1980-01-01T12:00:00Z") },
  );
  const key = `chat/${createHash("sha256").update(zip).digest("hex")}.zip`;
  const template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { ArtifactBucket: { Type: "String" } },
    Resources: {
      Role: {
        Type: "AWS::IAM::Role",
        Properties: { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] } },
      },
      Talk: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Code: { S3Bucket: { Ref: "ArtifactBucket" }, S3Key: key },
          Handler: "index.handler",
          Runtime: "nodejs22.x",
          Role: { "Fn::GetAtt": ["Role", "Arn"] },
        },
      },
      Connections: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Delete",
        UpdateReplacePolicy: "Delete",
        Properties: {
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        },
      },
      ...options.more,
    },
    Outputs: {
      WebSocketUrl: { Value: "wss://abc.execute-api.us-east-1.amazonaws.com/v1" },
      Table: { Value: { Ref: "Connections" } },
    },
  };
  return {
    buildId: "b1",
    templateText: JSON.stringify(template, undefined, 2),
    functions: [{ name: "talk", logicalId: "Talk", key, zip }],
  };
}
