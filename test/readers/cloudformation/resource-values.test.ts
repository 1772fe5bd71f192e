import { expect, test } from "vitest";
import { resourceValue } from "../../../src/readers/cloudformation/rules/resource-values.ts";

const PLACE = {
  stackName: "chat",
  region: "eu-west-1",
  accountId: "123456789012",
  apiIdOf: (name: string) => `id-of-${name}`,
};

/** What an attribute of the resource `Id` with these properties is; `Ref` without one. */
function attributeOf(
  type: string,
  attribute: string | undefined,
  properties: Readonly<Record<string, string>> = {},
  region = PLACE.region,
) {
  const text = (property: string) => properties[property];
  const resource = { key: "Key", logicalId: "Id", type: `AWS::${type}`, text };
  return resourceValue(resource, { ...PLACE, region }, attribute === "Ref" ? undefined : attribute);
}

/** The properties that name resources of a type. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries([
  ["ApiGatewayV2::Api", "Name"],
  ["ApiGatewayV2::DomainName", "DomainName"],
  ["ApiGatewayV2::Stage", "StageName"],
  ["CloudWatch::Alarm", "AlarmName"],
  ["Cognito::UserPool", "UserPoolName"],
  ["DynamoDB::GlobalTable", "TableName"],
  ["DynamoDB::Table", "TableName"],
  ["Events::EventBus", "Name"],
  ["Events::Rule", "Name"],
  ["IAM::ManagedPolicy", "ManagedPolicyName"],
  ["IAM::Role", "RoleName"],
  ["Kinesis::Stream", "Name"],
  ["KinesisFirehose::DeliveryStream", "DeliveryStreamName"],
  ["Lambda::Function", "FunctionName"],
  ["Lambda::LayerVersion", "LayerName"],
  ["Logs::LogGroup", "LogGroupName"],
  ["S3::Bucket", "BucketName"],
  ["SNS::Topic", "TopicName"],
  ["SQS::Queue", "QueueName"],
  ["SSM::Parameter", "Name"],
  ["Scheduler::Schedule", "Name"],
  ["SecretsManager::Secret", "Name"],
  ["StepFunctions::StateMachine", "StateMachineName"],
]);

test.each(Object.entries(NAMES))("a %s is named by its %s", (type, property) => {
  const ofOther = attributeOf(type, "Other", { [property]: "mine" });

  expect(ofOther).toBe("mine.Other");
});

test.each([
  ["ApiGateway::RestApi", "Ref", "cpoyq3bity"],
  ["ApiGateway::RestApi", "RootResourceId", "jdwb46jcla"],
  ["ApiGatewayV2::Api", "Ref", "id-of-mine"],
  ["ApiGatewayV2::Api", "ApiId", "id-of-mine"],
  ["ApiGatewayV2::Api", "ApiEndpoint", "wss://id-of-mine.execute-api.eu-west-1.amazonaws.com"],
  ["ApiGatewayV2::Authorizer", "Ref", "Key"],
  ["ApiGatewayV2::Authorizer", "AuthorizerId", "Key"],
  ["ApiGatewayV2::Deployment", "Ref", "Key"],
  ["ApiGatewayV2::Deployment", "DeploymentId", "Key"],
  ["ApiGatewayV2::DomainName", "Ref", "mine"],
  [
    "ApiGatewayV2::DomainName",
    "RegionalDomainName",
    "d-p9mfqv4ybf.execute-api.eu-west-1.amazonaws.com",
  ],
  ["ApiGatewayV2::DomainName", "RegionalHostedZoneId", "ZP9MFQV4YBFL1K"],
  ["ApiGatewayV2::Integration", "Ref", "Key"],
  ["ApiGatewayV2::Integration", "IntegrationId", "Key"],
  ["ApiGatewayV2::Model", "Ref", "Key"],
  ["ApiGatewayV2::Model", "ModelId", "Key"],
  ["ApiGatewayV2::Route", "Ref", "Key"],
  ["ApiGatewayV2::Route", "RouteId", "Key"],
  ["Cognito::IdentityPool", "Ref", "eu-west-1:00000000-0000-4000-8000-99a52df3ff3d"],
  ["Cognito::UserPool", "Ref", "eu-west-1_0BxRoXWvm"],
  ["Cognito::UserPool", "UserPoolId", "eu-west-1_0BxRoXWvm"],
  [
    "Cognito::UserPool",
    "Arn",
    "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_0BxRoXWvm",
  ],
  ["Cognito::UserPool", "ProviderName", "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_0BxRoXWvm"],
  [
    "Cognito::UserPool",
    "ProviderURL",
    "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_0BxRoXWvm",
  ],
  ["Cognito::UserPoolClient", "Ref", "um4xdyge5fembpdetylrxfb8v9"],
  ["Cognito::UserPoolClient", "ClientId", "um4xdyge5fembpdetylrxfb8v9"],
  ["DynamoDB::GlobalTable", "Ref", "mine"],
  ["DynamoDB::GlobalTable", "Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/mine"],
  [
    "DynamoDB::GlobalTable",
    "StreamArn",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/mine/stream/2026-01-01T00:00:00.000",
  ],
  ["DynamoDB::GlobalTable", "TableId", "ynvy3k9msfkyj5hynlgxelvtrg5mouqq"],
  ["DynamoDB::Table", "Ref", "mine"],
  ["DynamoDB::Table", "Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/mine"],
  [
    "DynamoDB::Table",
    "StreamArn",
    "arn:aws:dynamodb:eu-west-1:123456789012:table/mine/stream/2026-01-01T00:00:00.000",
  ],
  ["DynamoDB::Table", "TableId", "ynvy3k9msfkyj5hynlgxelvtrg5mouqq"],
  ["Events::EventBus", "Ref", "mine"],
  ["Events::EventBus", "Name", "mine"],
  ["Events::EventBus", "Arn", "arn:aws:events:eu-west-1:123456789012:event-bus/mine"],
  ["Events::Rule", "Ref", "mine"],
  ["Events::Rule", "Arn", "arn:aws:events:eu-west-1:123456789012:rule/mine"],
  ["IAM::ManagedPolicy", "Ref", "arn:aws:iam::123456789012:policy/mine"],
  ["IAM::ManagedPolicy", "PolicyArn", "arn:aws:iam::123456789012:policy/mine"],
  ["IAM::Role", "Ref", "mine"],
  ["IAM::Role", "Arn", "arn:aws:iam::123456789012:role/mine"],
  ["IAM::Role", "RoleId", "AROAA0FP5VPZ0KS8JNZ6F"],
  ["KMS::Key", "Ref", "00000000-0000-4000-8000-99a52df3ff3d"],
  [
    "KMS::Key",
    "Arn",
    "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-99a52df3ff3d",
  ],
  ["Kinesis::Stream", "Ref", "mine"],
  ["Kinesis::Stream", "Arn", "arn:aws:kinesis:eu-west-1:123456789012:stream/mine"],
  ["Lambda::Alias", "Ref", "arn:aws:lambda:eu-west-1:123456789012:function:fn:n"],
  ["Lambda::Alias", "AliasArn", "arn:aws:lambda:eu-west-1:123456789012:function:fn:n"],
  ["Lambda::Function", "Ref", "mine"],
  ["Lambda::Function", "Arn", "arn:aws:lambda:eu-west-1:123456789012:function:mine"],
  ["Lambda::LayerVersion", "Ref", "arn:aws:lambda:eu-west-1:123456789012:layer:mine:1"],
  ["Lambda::LayerVersion", "LayerVersionArn", "arn:aws:lambda:eu-west-1:123456789012:layer:mine:1"],
  ["Lambda::Url", "Ref", "arn:aws:lambda:eu-west-1:123456789012:function:fn"],
  [
    "Lambda::Url",
    "FunctionUrl",
    "https://ywwjefzfoubi5wjycs7gthwaxpkacsz1.lambda-url.eu-west-1.on.aws/",
  ],
  ["Lambda::Version", "Ref", "arn:aws:lambda:eu-west-1:123456789012:function:fn:1"],
  ["Lambda::Version", "FunctionArn", "arn:aws:lambda:eu-west-1:123456789012:function:fn:1"],
  ["Lambda::Version", "Version", "1"],
  ["Logs::LogGroup", "Ref", "mine"],
  ["Logs::LogGroup", "Arn", "arn:aws:logs:eu-west-1:123456789012:log-group:mine:*"],
  ["S3::Bucket", "Ref", "mine"],
  ["S3::Bucket", "Arn", "arn:aws:s3:::mine"],
  ["S3::Bucket", "DomainName", "mine.s3.amazonaws.com"],
  ["S3::Bucket", "RegionalDomainName", "mine.s3.eu-west-1.amazonaws.com"],
  ["S3::Bucket", "WebsiteURL", "http://mine.s3-website-eu-west-1.amazonaws.com"],
  ["SNS::Topic", "Ref", "arn:aws:sns:eu-west-1:123456789012:mine"],
  ["SNS::Topic", "TopicArn", "arn:aws:sns:eu-west-1:123456789012:mine"],
  ["SNS::Topic", "TopicName", "mine"],
  ["SQS::Queue", "Ref", "https://sqs.eu-west-1.amazonaws.com/123456789012/mine"],
  ["SQS::Queue", "QueueUrl", "https://sqs.eu-west-1.amazonaws.com/123456789012/mine"],
  ["SQS::Queue", "Arn", "arn:aws:sqs:eu-west-1:123456789012:mine"],
  ["SQS::Queue", "QueueName", "mine"],
  ["SSM::Parameter", "Ref", "mine"],
  ["SSM::Parameter", "Type", "String"],
  ["SSM::Parameter", "Value", "v"],
  ["Scheduler::Schedule", "Ref", "mine"],
  ["Scheduler::Schedule", "Arn", "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/mine"],
  [
    "SecretsManager::Secret",
    "Ref",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mine-P9MFQv",
  ],
  [
    "SecretsManager::Secret",
    "Id",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mine-P9MFQv",
  ],
  ["StepFunctions::StateMachine", "Ref", "arn:aws:states:eu-west-1:123456789012:stateMachine:mine"],
  ["StepFunctions::StateMachine", "Arn", "arn:aws:states:eu-west-1:123456789012:stateMachine:mine"],
  ["StepFunctions::StateMachine", "Name", "mine"],
])("of a %s %s is of the form that AWS gives it", (type, attribute, value) => {
  const others = { ProtocolType: "WEBSOCKET", FunctionName: "fn", Type: "String", Value: "v" };
  const named = { Name: "n", [NAMES[type] ?? "None"]: "mine" };

  expect(attributeOf(type, attribute, { ...others, ...named })).toBe(value);
});

test.each([
  ["SNS::Topic", "TopicName", "chat-Id"],
  ["Lambda::Function", "Ref", "chat-Id"],
  ["S3::Bucket", "Ref", "chat-id"],
  ["SQS::Queue", "QueueName", "chat-Id"],
  ["Other::Thing", "Ref", "chat-Id"],
  ["Other::Thing", "Colour", "chat-Id.Colour"],
  ["Other::Thing", "ThingArn", "arn:aws:other:eu-west-1:123456789012:chat-Id"],
  ["Other::Thing", "ARN", "arn:aws:other:eu-west-1:123456789012:chat-Id"],
  ["Other::Thing", "ArnOf", "chat-Id.ArnOf"],
  ["Lambda::Alias", "Ref", "arn:aws:lambda:eu-west-1:123456789012:function::live"],
])("without a name of its own %s has one made up: its %s is %s", (type, attribute, value) => {
  expect(attributeOf(type, attribute)).toBe(value);
});

test("a name that is made up for a FIFO queue says so", () => {
  expect(attributeOf("SQS::Queue", "QueueName", { FifoQueue: "true" })).toBe("chat-Id.fifo");
  expect(attributeOf("SQS::Queue", "QueueName", { FifoQueue: "false" })).toBe("chat-Id");
});

test("a name that is made up for a function has its last 64 characters, from a letter or digit on", () => {
  const nameOf = (logicalId: string) =>
    resourceValue(
      { key: "Key", logicalId, type: "AWS::Lambda::Function", text: () => undefined },
      PLACE,
    );

  expect(nameOf("F".repeat(59))).toBe(`chat-${"F".repeat(59)}`);
  expect(nameOf("F".repeat(60))).toBe(`hat-${"F".repeat(60)}`);
  expect(nameOf("F".repeat(63))).toBe("F".repeat(63));
});

test.each(["fn", "arn:aws:lambda:eu-west-1:123456789012:function:fn:live"])(
  "a version, an alias and a URL are of the function that %s names",
  (FunctionName) => {
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:fn";

    expect(attributeOf("Lambda::Version", "Ref", { FunctionName })).toBe(`${arn}:1`);
    expect(attributeOf("Lambda::Alias", "AliasArn", { FunctionName })).toBe(`${arn}:live`);
    expect(attributeOf("Lambda::Url", "Ref", { TargetFunctionArn: FunctionName })).toBe(arn);
  },
);

test("an HTTP API has an address of HTTP", () => {
  const endpoint = attributeOf("ApiGatewayV2::Api", "ApiEndpoint", {
    ProtocolType: "HTTP",
    Name: "a",
  });

  expect(endpoint).toBe("https://id-of-a.execute-api.eu-west-1.amazonaws.com");
});

test.each([
  ["S3::Bucket", "Arn", "arn:aws-cn:s3:::chat-id"],
  ["S3::Bucket", "DomainName", "chat-id.s3.amazonaws.com.cn"],
  ["IAM::Role", "Arn", "arn:aws-cn:iam::123456789012:role/chat-Id"],
  ["SNS::Topic", "Ref", "arn:aws-cn:sns:cn-north-1:123456789012:chat-Id"],
  ["SQS::Queue", "Ref", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/chat-Id"],
])("in China the %s has the %s %s", (type, attribute, value) => {
  expect(attributeOf(type, attribute, {}, "cn-north-1")).toBe(value);
});
