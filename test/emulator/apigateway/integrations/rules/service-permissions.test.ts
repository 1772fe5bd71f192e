import { expect, test } from "vitest";
import { neededByCall } from "../../../../../src/emulator/apigateway/integrations/rules/service-permissions.ts";

function needed(service: string, operation: string | undefined, body: string, region: string) {
  const request = {
    method: "POST",
    url: new URL(`https://${service}.${region}.amazonaws.com/`),
    headers: {},
    body: Buffer.from(body),
  };
  return neededByCall({ service, region, operation, request }, "123456789012");
}

test("a call of DynamoDB needs its action on the table of the region", () => {
  expect(needed("dynamodb", "PutItem", '{"TableName":"chat"}', "eu-west-1")).toEqual([
    {
      action: "dynamodb:PutItem",
      resource: "arn:aws:dynamodb:eu-west-1:123456789012:table/chat",
    },
  ]);
  expect(needed("dynamodb", "GetItem", '{"TableName":"chat"}', "cn-north-1")).toEqual([
    {
      action: "dynamodb:GetItem",
      resource: "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/chat",
    },
  ]);
});

test("a call of another service needs its action, on a resource with a local name", () => {
  const [permission, ...more] = needed(
    "sns",
    "Publish",
    "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Anews",
    "eu-west-1",
  );

  expect(permission).toMatchObject({ action: "sns:Publish", standIn: "sns" });
  expect(more).toEqual([]);
});
