import { expect, test } from "vitest";
import {
  cloudFormationType,
  computed,
  hasOwnValues,
  nameOf,
} from "../../../../src/readers/terraform/rules/local-attributes.ts";
import type { Value } from "../../../../src/readers/terraform/rules/values.ts";
import { resource } from "./resource.ts";

const PLACE = {
  stackName: "chat",
  region: "eu-west-1",
  accountId: "123456789012",
  apiIdOf: (name: string) => `id-of-${name}`,
};

type Attributes = Readonly<Record<string, Value>>;

function valuesOf(
  type: string,
  written: Attributes,
  names: readonly string[],
  region = PLACE.region,
) {
  const place = { ...PLACE, region };
  return Object.fromEntries(
    names.map((name) => [name, computed(resource(type, written), name, place)]),
  );
}

const REGIONAL = (service: string) => `arn:aws:${service}:eu-west-1:123456789012`;
const INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";

test.each<[string, Attributes, Attributes]>([
  ["aws_api_gateway_api_key", {}, { id: "id-of-API key it" }],
  [
    "aws_api_gateway_rest_api",
    {},
    {
      id: "wwpy0ce45w",
      root_resource_id: "zwx8hey8ke",
      execution_arn: `${REGIONAL("execute-api")}:wwpy0ce45w`,
    },
  ],
  ["aws_api_gateway_usage_plan", {}, { id: "it" }],
  [
    "aws_apigatewayv2_api",
    { name: "room", protocol_type: "WEBSOCKET" },
    {
      id: "id-of-room",
      name: "room",
      api_endpoint: "wss://id-of-room.execute-api.eu-west-1.amazonaws.com",
      arn: "arn:aws:apigateway:eu-west-1::/apis/id-of-room",
      execution_arn: `${REGIONAL("execute-api")}:id-of-room`,
    },
  ],
  [
    "aws_apigatewayv2_api",
    { name: "rest", protocol_type: "HTTP" },
    { api_endpoint: "https://id-of-rest.execute-api.eu-west-1.amazonaws.com" },
  ],
  ["aws_apigatewayv2_authorizer", {}, { id: "it" }],
  ["aws_apigatewayv2_deployment", {}, { id: "it" }],
  [
    "aws_apigatewayv2_domain_name",
    { domain_name: "ws.example.com" },
    { id: "ws.example.com", domain_name: "ws.example.com" },
  ],
  ["aws_apigatewayv2_integration", {}, { id: "it" }],
  ["aws_apigatewayv2_model", {}, { id: "it" }],
  ["aws_apigatewayv2_route", {}, { id: "it" }],
  [
    "aws_apigatewayv2_stage",
    { api_id: "abc", name: "dev" },
    {
      id: "dev",
      name: "dev",
      execution_arn: `${REGIONAL("execute-api")}:abc/dev`,
      invoke_url: "wss://abc.execute-api.eu-west-1.amazonaws.com/dev",
    },
  ],
  ["aws_apigatewayv2_stage", {}, { execution_arn: `${REGIONAL("execute-api")}:/` }],
  [
    "aws_cloudwatch_event_bus",
    { name: "own" },
    { name: "own", arn: `${REGIONAL("events")}:event-bus/own` },
  ],
  [
    "aws_cloudwatch_event_rule",
    { name: "tick" },
    { name: "tick", id: "tick", arn: `${REGIONAL("events")}:rule/tick` },
  ],
  [
    "aws_cloudwatch_log_group",
    { name: "/chat/access" },
    { name: "/chat/access", arn: `${REGIONAL("logs")}:log-group:/chat/access` },
  ],
  ["aws_cloudwatch_log_group", { name: "a:*b" }, { arn: `${REGIONAL("logs")}:log-group:a:*b` }],
  ["aws_cognito_identity_pool", {}, { id: "eu-west-1:00000000-0000-4000-8000-2ad8a7049d7c" }],
  [
    "aws_cognito_user_pool",
    {},
    {
      id: "eu-west-1_npLfqlbqi",
      arn: `${REGIONAL("cognito-idp")}:userpool/eu-west-1_npLfqlbqi`,
      endpoint: "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_npLfqlbqi",
    },
  ],
  ["aws_cognito_user_pool_client", {}, { id: "nusazigxaazo2p1gvmr5gyjnft" }],
  [
    "aws_dynamodb_table",
    { name: "rooms" },
    {
      id: "rooms",
      name: "rooms",
      arn: `${REGIONAL("dynamodb")}:table/rooms`,
      stream_arn: `${REGIONAL("dynamodb")}:table/rooms/stream/2026-01-01T00:00:00.000`,
    },
  ],
  [
    "aws_iam_policy",
    { name: "read" },
    {
      name: "read",
      arn: "arn:aws:iam::123456789012:policy/read",
      id: "arn:aws:iam::123456789012:policy/read",
    },
  ],
  [
    "aws_iam_role",
    { name: "app" },
    {
      id: "app",
      name: "app",
      arn: "arn:aws:iam::123456789012:role/app",
      unique_id: "AROAUU2FDSI3AQRPQB7KO",
    },
  ],
  [
    "aws_kinesis_stream",
    { name: "said" },
    {
      name: "said",
      id: `${REGIONAL("kinesis")}:stream/said`,
      arn: `${REGIONAL("kinesis")}:stream/said`,
    },
  ],
  [
    "aws_kms_key",
    {},
    {
      id: "00000000-0000-4000-8000-2ad8a7049d7c",
      key_id: "00000000-0000-4000-8000-2ad8a7049d7c",
      arn: `${REGIONAL("kms")}:key/00000000-0000-4000-8000-2ad8a7049d7c`,
    },
  ],
  [
    "aws_lambda_alias",
    { function_name: "join", name: "blue" },
    {
      arn: `${REGIONAL("lambda")}:function:join:blue`,
      invoke_arn: `${INVOKE}/${REGIONAL("lambda")}:function:join:blue/invocations`,
    },
  ],
  [
    "aws_lambda_function",
    { function_name: "join" },
    {
      function_name: "join",
      arn: `${REGIONAL("lambda")}:function:join`,
      invoke_arn: `${INVOKE}/${REGIONAL("lambda")}:function:join/invocations`,
      qualified_arn: `${REGIONAL("lambda")}:function:join:1`,
      qualified_invoke_arn: `${INVOKE}/${REGIONAL("lambda")}:function:join:1/invocations`,
      version: "1",
    },
  ],
  [
    "aws_lambda_layer_version",
    { layer_name: "shared" },
    {
      layer_name: "shared",
      arn: `${REGIONAL("lambda")}:layer:shared:1`,
      id: `${REGIONAL("lambda")}:layer:shared:1`,
    },
  ],
  [
    "aws_s3_bucket",
    { bucket: "files" },
    {
      bucket: "files",
      id: "files",
      arn: "arn:aws:s3:::files",
      bucket_domain_name: "files.s3.amazonaws.com",
      bucket_regional_domain_name: "files.s3.eu-west-1.amazonaws.com",
    },
  ],
  [
    "aws_scheduler_schedule",
    { name: "tick" },
    { name: "tick", arn: `${REGIONAL("scheduler")}:schedule/default/tick` },
  ],
  [
    "aws_secretsmanager_secret",
    { name: "key" },
    {
      name: "key",
      arn: `${REGIONAL("secretsmanager")}:secret:key-LHDhK3`,
      id: `${REGIONAL("secretsmanager")}:secret:key-LHDhK3`,
    },
  ],
  [
    "aws_sfn_state_machine",
    { name: "steps" },
    {
      name: "steps",
      arn: `${REGIONAL("states")}:stateMachine:steps`,
      id: `${REGIONAL("states")}:stateMachine:steps`,
    },
  ],
  [
    "aws_sns_topic",
    { name: "news" },
    { name: "news", arn: `${REGIONAL("sns")}:news`, id: `${REGIONAL("sns")}:news` },
  ],
  [
    "aws_sqs_queue",
    { name: "jobs" },
    {
      name: "jobs",
      arn: `${REGIONAL("sqs")}:jobs`,
      id: "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
      url: "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
    },
  ],
  ["aws_ssm_parameter", { name: "key" }, { name: "key", arn: `${REGIONAL("ssm")}:parameter/key` }],
  [
    "aws_ssm_parameter",
    { name: "/chat/key" },
    { name: "/chat/key", arn: `${REGIONAL("ssm")}:parameter/chat/key` },
  ],
  ["aws_ssm_parameter", { name: "a/b" }, { arn: `${REGIONAL("ssm")}:parameter/a/b` }],
  ["random_integer", {}, { result: 4 }],
  ["random_id", {}, { hex: "af3db955" }],
  ["random_pet", {}, { id: "ab82f88fe1f578c6" }],
  [
    "aws_wafv2_web_acl",
    {},
    { id: "it", name: "it", arn: `${REGIONAL("wafv2")}:it`, capacity: "it.capacity" },
  ],
  ["other", {}, { arn: `${REGIONAL("other")}:it` }],
])("%s with %j has what Terraform knows only after the deployment", (type, written, expected) => {
  expect(valuesOf(type, written, Object.keys(expected))).toEqual(expected);
});

test.each<[string, string, Value]>([
  ["aws_dynamodb_table", "name", "chat-it"],
  ["aws_iam_policy", "name", "chat-it"],
  ["aws_sns_topic", "name", "chat-it"],
  ["aws_sqs_queue", "name", "chat-it"],
  ["aws_lambda_function", "function_name", "chat-it"],
  ["aws_s3_bucket", "bucket", "chat-it"],
])("%s without a name has one of the project's: %s is %s", (type, attribute, name) => {
  expect(valuesOf(type, {}, [attribute])).toEqual({ [attribute]: name });
});

test("a FIFO queue without a name has one that ends in .fifo", () => {
  expect(valuesOf("aws_sqs_queue", { fifo_queue: true }, ["name"])).toEqual({
    name: "chat-it.fifo",
  });
});

test("in China's regions everything is in the partition aws-cn", () => {
  const region = "cn-north-1";
  const stage = { api_id: "abc", name: "dev" };

  expect(
    valuesOf("aws_apigatewayv2_stage", stage, ["execution_arn", "invoke_url"], region),
  ).toEqual({
    execution_arn: "arn:aws-cn:execute-api:cn-north-1:123456789012:abc/dev",
    invoke_url: "wss://abc.execute-api.cn-north-1.amazonaws.com.cn/dev",
  });
  expect(valuesOf("aws_apigatewayv2_api", { name: "room" }, ["arn"], region)).toEqual({
    arn: "arn:aws-cn:apigateway:cn-north-1::/apis/id-of-room",
  });
  expect(valuesOf("aws_lambda_function", { function_name: "f" }, ["invoke_arn"], region)).toEqual({
    invoke_arn:
      "arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/arn:aws-cn:lambda:cn-north-1:123456789012:function:f/invocations",
  });
});

test("a known type has no attributes but its own", () => {
  expect(valuesOf("aws_sqs_queue", {}, ["nothing"])).toEqual({});
  expect(valuesOf("toString", {}, ["id"])).toEqual({ id: "it" });
});

test("names are what is written, else a prefix with eight characters, else AWS's", () => {
  const topic = (attributes: Attributes) => nameOf(resource("aws_sns_topic", attributes));

  expect(topic({ name: "news", name_prefix: "new-" })).toBe("news");
  expect(topic({ name: 7 })).toBe("7");
  expect(topic({ name_prefix: "new-" })).toBe("new-2510136b");
  expect(topic({})).toBeUndefined();
  expect(nameOf(resource("aws_s3_bucket", { bucket_prefix: "files-" }))).toBe("files-6ee91fde");
  expect(nameOf(resource("aws_kms_key", { name: "key" }))).toBeUndefined();
  expect(nameOf(resource("aws_unknown", { name: "it" }))).toBeUndefined();
});

test.each([
  ["aws_apigatewayv2_api", "name"],
  ["aws_apigatewayv2_domain_name", "domain_name"],
  ["aws_apigatewayv2_stage", "name"],
  ["aws_cloudwatch_event_bus", "name"],
  ["aws_cloudwatch_event_rule", "name"],
  ["aws_cloudwatch_log_group", "name"],
  ["aws_dynamodb_table", "name"],
  ["aws_iam_policy", "name"],
  ["aws_iam_role", "name"],
  ["aws_kinesis_stream", "name"],
  ["aws_lambda_function", "function_name"],
  ["aws_lambda_layer_version", "layer_name"],
  ["aws_s3_bucket", "bucket"],
  ["aws_scheduler_schedule", "name"],
  ["aws_secretsmanager_secret", "name"],
  ["aws_sfn_state_machine", "name"],
  ["aws_sns_topic", "name"],
  ["aws_sqs_queue", "name"],
  ["aws_ssm_parameter", "name"],
])("the name of %s is its %s, or begins with what should precede it", (type, attribute) => {
  const prefixed = resource(type, { [`${attribute}_prefix`]: "own-" });

  expect(nameOf(resource(type, { [attribute]: "own" }))).toBe("own");
  expect(computed(prefixed, "id", PLACE)).toMatch(/\bown-[\da-f]{8}(?![\da-f])/);
});

test.each([
  ["aws_api_gateway_api_key", "AWS::ApiGateway::ApiKey"],
  ["aws_api_gateway_rest_api", "AWS::ApiGateway::RestApi"],
  ["aws_api_gateway_usage_plan", "AWS::ApiGateway::UsagePlan"],
  ["aws_apigatewayv2_api", "AWS::ApiGatewayV2::Api"],
  ["aws_apigatewayv2_authorizer", "AWS::ApiGatewayV2::Authorizer"],
  ["aws_apigatewayv2_deployment", "AWS::ApiGatewayV2::Deployment"],
  ["aws_apigatewayv2_domain_name", "AWS::ApiGatewayV2::DomainName"],
  ["aws_apigatewayv2_integration", "AWS::ApiGatewayV2::Integration"],
  ["aws_apigatewayv2_model", "AWS::ApiGatewayV2::Model"],
  ["aws_apigatewayv2_route", "AWS::ApiGatewayV2::Route"],
  ["aws_apigatewayv2_stage", "AWS::ApiGatewayV2::Stage"],
  ["aws_cloudwatch_event_bus", "AWS::Events::EventBus"],
  ["aws_cloudwatch_event_rule", "AWS::Events::Rule"],
  ["aws_cloudwatch_log_group", "AWS::Logs::LogGroup"],
  ["aws_cognito_identity_pool", "AWS::Cognito::IdentityPool"],
  ["aws_cognito_user_pool", "AWS::Cognito::UserPool"],
  ["aws_cognito_user_pool_client", "AWS::Cognito::UserPoolClient"],
  ["aws_dynamodb_table", "AWS::DynamoDB::Table"],
  ["aws_iam_policy", "AWS::IAM::ManagedPolicy"],
  ["aws_iam_role", "AWS::IAM::Role"],
  ["aws_kinesis_stream", "AWS::Kinesis::Stream"],
  ["aws_kms_key", "AWS::KMS::Key"],
  ["aws_lambda_alias", "AWS::Lambda::Alias"],
  ["aws_lambda_function", "AWS::Lambda::Function"],
  ["aws_lambda_layer_version", "AWS::Lambda::LayerVersion"],
  ["aws_s3_bucket", "AWS::S3::Bucket"],
  ["aws_scheduler_schedule", "AWS::Scheduler::Schedule"],
  ["aws_secretsmanager_secret", "AWS::SecretsManager::Secret"],
  ["aws_sfn_state_machine", "AWS::StepFunctions::StateMachine"],
  ["aws_sns_topic", "AWS::SNS::Topic"],
  ["aws_sqs_queue", "AWS::SQS::Queue"],
  ["aws_ssm_parameter", "AWS::SSM::Parameter"],
])("%s is %s, whose values are made here", (type, expected) => {
  expect(cloudFormationType(type)).toBe(expected);
  expect(hasOwnValues(type)).toBe(true);
});

test.each(["aws_wafv2_web_acl", "random_id", "toString"])("%s has no values of AWS's", (type) => {
  expect(cloudFormationType(type)).toBeUndefined();
  expect(hasOwnValues(type)).toBe(false);
});
