import { expect, test } from "vitest";
import type { Json } from "../../../../src/readers/cloudformation/rules/origins.ts";
import {
  type CodeOf,
  GATHERED,
  MAPPINGS,
} from "../../../../src/readers/terraform/rules/resource-mappings.ts";
import { type Value, ValueFault } from "../../../../src/readers/terraform/rules/values.ts";
import type { WrittenResource } from "../../../../src/readers/terraform/rules/written-resource.ts";
import { resource } from "./resource.ts";

type Fields = Readonly<Record<string, string>>;
type Surroundings = { readonly others?: readonly WrittenResource[]; readonly codeOf?: CodeOf };

/** The CloudFormation type of a resource with its properties, without those that have no value. */
function written(
  from: WrittenResource,
  { others = [], codeOf = () => undefined }: Surroundings = {},
): readonly [type: string | undefined, properties: unknown] {
  const { type, properties = {} } = MAPPINGS[from.type] ?? {};
  const all = (wanted: string) => others.filter((other) => other.type === wanted);
  const found = Object.entries(properties).map(([property, source]) => [
    property,
    typeof source === "string" ? from.written(source) : source[1](from, { all, codeOf }),
  ]);
  return [type, Object.fromEntries(found.filter(([, value]) => value !== undefined))];
}

/** Attributes whose values are their own names. */
const named = (fields: Fields) =>
  Object.fromEntries(Object.values(fields).map((attribute) => [attribute, attribute]));

test.each<[string, string, Fields]>([
  [
    "aws_apigatewayv2_api_mapping",
    "AWS::ApiGatewayV2::ApiMapping",
    {
      ApiId: "api_id",
      ApiMappingKey: "api_mapping_key",
      DomainName: "domain_name",
      Stage: "stage",
    },
  ],
  [
    "aws_apigatewayv2_authorizer",
    "AWS::ApiGatewayV2::Authorizer",
    {
      ApiId: "api_id",
      AuthorizerCredentialsArn: "authorizer_credentials_arn",
      AuthorizerPayloadFormatVersion: "authorizer_payload_format_version",
      AuthorizerResultTtlInSeconds: "authorizer_result_ttl_in_seconds",
      AuthorizerType: "authorizer_type",
      AuthorizerUri: "authorizer_uri",
      EnableSimpleResponses: "enable_simple_responses",
      IdentitySource: "identity_sources",
      Name: "name",
    },
  ],
  ["aws_apigatewayv2_deployment", "AWS::ApiGatewayV2::Deployment", { ApiId: "api_id" }],
  ["aws_apigatewayv2_domain_name", "AWS::ApiGatewayV2::DomainName", { DomainName: "domain_name" }],
  [
    "aws_apigatewayv2_integration",
    "AWS::ApiGatewayV2::Integration",
    {
      ApiId: "api_id",
      ConnectionId: "connection_id",
      ConnectionType: "connection_type",
      ContentHandlingStrategy: "content_handling_strategy",
      CredentialsArn: "credentials_arn",
      IntegrationMethod: "integration_method",
      IntegrationType: "integration_type",
      IntegrationUri: "integration_uri",
      PassthroughBehavior: "passthrough_behavior",
      RequestParameters: "request_parameters",
      RequestTemplates: "request_templates",
      TemplateSelectionExpression: "template_selection_expression",
      TimeoutInMillis: "timeout_milliseconds",
    },
  ],
  [
    "aws_apigatewayv2_integration_response",
    "AWS::ApiGatewayV2::IntegrationResponse",
    {
      ApiId: "api_id",
      ContentHandlingStrategy: "content_handling_strategy",
      IntegrationId: "integration_id",
      IntegrationResponseKey: "integration_response_key",
      ResponseTemplates: "response_templates",
      TemplateSelectionExpression: "template_selection_expression",
    },
  ],
  [
    "aws_apigatewayv2_route_response",
    "AWS::ApiGatewayV2::RouteResponse",
    { ApiId: "api_id", RouteId: "route_id", RouteResponseKey: "route_response_key" },
  ],
  [
    "aws_api_gateway_resource",
    "AWS::ApiGateway::Resource",
    { ParentId: "parent_id", PathPart: "path_part", RestApiId: "rest_api_id" },
  ],
  [
    "aws_api_gateway_usage_plan_key",
    "AWS::ApiGateway::UsagePlanKey",
    { KeyId: "key_id", KeyType: "key_type", UsagePlanId: "usage_plan_id" },
  ],
  [
    "aws_lambda_alias",
    "AWS::Lambda::Alias",
    { FunctionName: "function_name", FunctionVersion: "function_version", Name: "name" },
  ],
  [
    "aws_lambda_permission",
    "AWS::Lambda::Permission",
    {
      Action: "action",
      FunctionName: "function_name",
      Principal: "principal",
      Qualifier: "qualifier",
      SourceArn: "source_arn",
    },
  ],
  ["aws_sns_topic", "AWS::SNS::Topic", { FifoTopic: "fifo_topic", TopicName: "name" }],
  ["aws_sns_topic_policy", "AWS::SNS::TopicPolicy", {}],
  ["aws_sqs_queue", "AWS::SQS::Queue", { FifoQueue: "fifo_queue", QueueName: "name" }],
  ["aws_sqs_queue_policy", "AWS::SQS::QueuePolicy", {}],
  ["aws_cloudwatch_event_bus", "AWS::Events::EventBus", { Name: "name" }],
  ["aws_pipes_pipe", "AWS::Pipes::Pipe", { Name: "name", Source: "source", Target: "target" }],
])("%s is %s, each attribute by its property's name", (type, expected, fields) => {
  expect(written(resource(type, named(fields)))).toEqual([expected, fields]);
});

const SETTINGS = {
  DataTraceEnabled: true,
  DetailedMetricsEnabled: true,
  LoggingLevel: "INFO",
  ThrottlingBurstLimit: 5,
  ThrottlingRateLimit: 2,
};
const SETTINGS_BLOCK = {
  data_trace_enabled: true,
  detailed_metrics_enabled: true,
  logging_level: "INFO",
  throttling_burst_limit: 5,
  throttling_rate_limit: 2,
};
const POLICY = { Version: "2012-10-17", Statement: [] };

test.each<[string, Readonly<Record<string, Value>>, string, unknown]>([
  [
    "aws_apigatewayv2_api",
    {
      api_key_selection_expression: "$request.header.x-api-key",
      body: '{"openapi":"3.0.1"}',
      description: "Chat",
      name: "chat",
      protocol_type: "WEBSOCKET",
      route_selection_expression: "$request.body.action",
    },
    "AWS::ApiGatewayV2::Api",
    {
      ApiKeySelectionExpression: "$request.header.x-api-key",
      Body: { openapi: "3.0.1" },
      Description: "Chat",
      Name: "chat",
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
    },
  ],
  [
    "aws_apigatewayv2_model",
    { api_id: "a", content_type: "application/json", name: "Say", schema: '{"type":"object"}' },
    "AWS::ApiGatewayV2::Model",
    { ApiId: "a", ContentType: "application/json", Name: "Say", Schema: { type: "object" } },
  ],
  [
    "aws_apigatewayv2_route",
    {
      api_id: "a",
      api_key_required: true,
      authorization_type: "CUSTOM",
      authorizer_id: "z",
      model_selection_expression: "$request.body.kind",
      operation_name: "say",
      request_models: { say: "Say" },
      request_parameter: [
        { request_parameter_key: "route.request.header.a", required: true },
        { request_parameter_key: "route.request.querystring.b" },
        null,
      ],
      route_key: "say",
      route_response_selection_expression: "$default",
      target: "integrations/i",
    },
    "AWS::ApiGatewayV2::Route",
    {
      ApiId: "a",
      ApiKeyRequired: true,
      AuthorizationType: "CUSTOM",
      AuthorizerId: "z",
      ModelSelectionExpression: "$request.body.kind",
      OperationName: "say",
      RequestModels: { say: "Say" },
      RequestParameters: {
        "route.request.header.a": { Required: true },
        "route.request.querystring.b": { Required: false },
      },
      RouteKey: "say",
      RouteResponseSelectionExpression: "$default",
      Target: "integrations/i",
    },
  ],
  [
    "aws_apigatewayv2_stage",
    {
      access_log_settings: [{ destination_arn: "arn:logs", format: "$context.requestId" }],
      api_id: "a",
      default_route_settings: [SETTINGS_BLOCK],
      description: "Live",
      route_settings: [{ route_key: "say", ...SETTINGS_BLOCK }, "no block"],
      name: "live",
      stage_variables: { tables: "live" },
    },
    "AWS::ApiGatewayV2::Stage",
    {
      AccessLogSettings: { DestinationArn: "arn:logs", Format: "$context.requestId" },
      ApiId: "a",
      DefaultRouteSettings: SETTINGS,
      Description: "Live",
      RouteSettings: { say: SETTINGS, "": {} },
      StageName: "live",
      StageVariables: { tables: "live" },
    },
  ],
  [
    "aws_apigatewayv2_stage",
    { name: "live", default_route_settings: { logging_level: null } },
    "AWS::ApiGatewayV2::Stage",
    { DefaultRouteSettings: {}, RouteSettings: {}, StageName: "live" },
  ],
  [
    "aws_api_gateway_api_key",
    { description: "Of a client", enabled: false, name: "key", value: "secret" },
    "AWS::ApiGateway::ApiKey",
    { Description: "Of a client", Enabled: false, Name: "key", Value: "secret" },
  ],
  ["aws_api_gateway_api_key", {}, "AWS::ApiGateway::ApiKey", { Enabled: true }],
  [
    "aws_api_gateway_integration",
    { http_method: "GET", uri: "arn:f", type: "AWS_PROXY", resource_id: "r", rest_api_id: "a" },
    "AWS::ApiGateway::Method",
    {
      HttpMethod: "GET",
      Integration: { Type: "AWS_PROXY", Uri: "arn:f" },
      ResourceId: "r",
      RestApiId: "a",
    },
  ],
  [
    "aws_api_gateway_rest_api",
    { body: '{"swagger":"2.0"}', name: "rest" },
    "AWS::ApiGateway::RestApi",
    { Body: { swagger: "2.0" }, Name: "rest" },
  ],
  [
    "aws_api_gateway_usage_plan",
    {
      api_stages: [{ api_id: "a", stage: "dev" }],
      description: "Free",
      quota_settings: [{ limit: 100, offset: 1, period: "WEEK" }],
      throttle_settings: [{ burst_limit: 5, rate_limit: 10 }],
    },
    "AWS::ApiGateway::UsagePlan",
    {
      ApiStages: [{ ApiId: "a", Stage: "dev" }],
      Description: "Free",
      Quota: { Limit: 100, Offset: 1, Period: "WEEK" },
      Throttle: { BurstLimit: 5, RateLimit: 10 },
    },
  ],
  [
    "aws_lambda_event_source_mapping",
    {
      event_source_arn: "arn:queue",
      filter_criteria: [{ filter: [{ pattern: "{}" }, { pattern: '{"a":[1]}' }] }],
      function_name: "f",
    },
    "AWS::Lambda::EventSourceMapping",
    {
      EventSourceArn: "arn:queue",
      FilterCriteria: { Filters: [{ Pattern: "{}" }, { Pattern: '{"a":[1]}' }] },
      FunctionName: "f",
    },
  ],
  [
    "aws_lambda_event_source_mapping",
    { filter_criteria: [{ filter: null }], function_name: "f" },
    "AWS::Lambda::EventSourceMapping",
    { FunctionName: "f" },
  ],
  [
    "aws_dynamodb_table",
    {
      attribute: [
        { name: "id", type: "S" },
        { name: "at", type: "N" },
      ],
      global_secondary_index: [
        {
          name: "by-room",
          hash_key: "room",
          range_key: "at",
          projection_type: "INCLUDE",
          non_key_attributes: ["text"],
        },
      ],
      hash_key: "id",
      local_secondary_index: [{ name: "by-at", range_key: "at", projection_type: "ALL" }, null],
      name: "chat",
      range_key: "at",
      read_capacity: 3,
      write_capacity: 4,
      stream_enabled: true,
      stream_view_type: "NEW_IMAGE",
      ttl: [{ attribute_name: "until", enabled: true }],
    },
    "AWS::DynamoDB::Table",
    {
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "N" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-room",
          KeySchema: [
            { AttributeName: "room", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { NonKeyAttributes: ["text"], ProjectionType: "INCLUDE" },
        },
      ],
      KeySchema: [
        { AttributeName: "id", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "by-at",
          KeySchema: [
            { AttributeName: "id", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      TableName: "chat",
      TimeToLiveSpecification: { AttributeName: "until", Enabled: true },
    },
  ],
  [
    "aws_dynamodb_table",
    {
      billing_mode: "PAY_PER_REQUEST",
      global_secondary_index: [{ hash_key: "room" }],
      hash_key: "id",
      read_capacity: 3,
      stream_enabled: false,
    },
    "AWS::DynamoDB::Table",
    {
      AttributeDefinitions: [],
      GlobalSecondaryIndexes: [
        {
          IndexName: "",
          KeySchema: [{ AttributeName: "room", KeyType: "HASH" }],
          Projection: {},
        },
      ],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      LocalSecondaryIndexes: [],
    },
  ],
  [
    "aws_dynamodb_table",
    { range_key: "at" },
    "AWS::DynamoDB::Table",
    {
      AttributeDefinitions: [],
      GlobalSecondaryIndexes: [],
      KeySchema: [{ AttributeName: "at", KeyType: "RANGE" }],
      LocalSecondaryIndexes: [],
      ProvisionedThroughput: {},
    },
  ],
  [
    "aws_sns_topic_subscription",
    {
      endpoint: "arn:f",
      filter_policy: '{"kind":["a"]}',
      protocol: "lambda",
      topic_arn: "arn:topic",
    },
    "AWS::SNS::Subscription",
    {
      Endpoint: "arn:f",
      FilterPolicy: { kind: ["a"] },
      Protocol: "lambda",
      TopicArn: "arn:topic",
    },
  ],
  [
    "aws_scheduler_schedule",
    {
      name: "tick",
      schedule_expression: "rate(1 minute)",
      target: [{ arn: "arn:f", role_arn: "r" }],
    },
    "AWS::Scheduler::Schedule",
    { Name: "tick", ScheduleExpression: "rate(1 minute)", Target: { Arn: "arn:f" } },
  ],
  [
    "aws_iam_policy",
    { name: "read", policy: JSON.stringify(POLICY) },
    "AWS::IAM::ManagedPolicy",
    { ManagedPolicyName: "read", PolicyDocument: POLICY },
  ],
  [
    "aws_iam_policy",
    { policy: POLICY as unknown as Value },
    "AWS::IAM::ManagedPolicy",
    { PolicyDocument: POLICY },
  ],
])(
  "%s with %o is %s with the properties of CloudFormation",
  (type, attributes, expected, properties) => {
    expect(written(resource(type, attributes))).toEqual([expected, properties]);
  },
);

test("a function and a layer have the code that is found for them", () => {
  const codeOf = ({ type }: WrittenResource) => `code of ${type}`;
  const fields: Fields = {
    Architectures: "architectures",
    Description: "description",
    FunctionName: "function_name",
    Handler: "handler",
    Layers: "layers",
    MemorySize: "memory_size",
    PackageType: "package_type",
    Role: "role",
    Runtime: "runtime",
    Timeout: "timeout",
  };
  const environment = [{ variables: { TABLE: "chat" } }];
  const fn = resource("aws_lambda_function", { ...named(fields), environment });
  const layer = resource("aws_lambda_layer_version", { layer_name: "shared" });

  expect(written(fn, { codeOf })).toEqual([
    "AWS::Lambda::Function",
    {
      ...fields,
      Code: "code of aws_lambda_function",
      Environment: { Variables: { TABLE: "chat" } },
    },
  ]);
  expect(written(layer, { codeOf })).toEqual([
    "AWS::Lambda::LayerVersion",
    { Content: "code of aws_lambda_layer_version", LayerName: "shared" },
  ]);
});

test.each(["aws_lambda_function", "aws_lambda_layer_version"])(
  "faults of the code of %s are at its filename",
  (type) => {
    const { Code, Content } = MAPPINGS[type]?.properties ?? {};

    expect((Code ?? Content)?.[0]).toBe("filename");
  },
);

test("a property that is made of several attributes has the place of the first", () => {
  const places = Object.values(MAPPINGS).flatMap(({ type, properties }) =>
    Object.entries(properties).flatMap(([property, source]) =>
      typeof source === "string" ? [] : [`${type}.${property}: ${source[0]}`],
    ),
  );

  expect(places).toEqual([
    "AWS::ApiGatewayV2::Api.Body: body",
    "AWS::ApiGatewayV2::Api.Name: name",
    "AWS::ApiGatewayV2::Model.Schema: schema",
    "AWS::ApiGatewayV2::Route.RequestParameters: request_parameter",
    "AWS::ApiGatewayV2::Stage.AccessLogSettings: access_log_settings",
    "AWS::ApiGatewayV2::Stage.DefaultRouteSettings: default_route_settings",
    "AWS::ApiGatewayV2::Stage.RouteSettings: route_settings",
    "AWS::ApiGateway::ApiKey.Enabled: enabled",
    "AWS::ApiGateway::Method.Integration: uri",
    "AWS::ApiGateway::RestApi.Body: body",
    "AWS::ApiGateway::UsagePlan.ApiStages: api_stages",
    "AWS::ApiGateway::UsagePlan.Quota: quota_settings",
    "AWS::ApiGateway::UsagePlan.Throttle: throttle_settings",
    "AWS::Lambda::EventSourceMapping.FilterCriteria: filter_criteria",
    "AWS::Lambda::Function.Code: filename",
    "AWS::Lambda::Function.Environment: environment",
    "AWS::Lambda::Function.FunctionName: function_name",
    "AWS::Lambda::LayerVersion.Content: filename",
    "AWS::DynamoDB::Table.AttributeDefinitions: attribute",
    "AWS::DynamoDB::Table.GlobalSecondaryIndexes: global_secondary_index",
    "AWS::DynamoDB::Table.KeySchema: hash_key",
    "AWS::DynamoDB::Table.LocalSecondaryIndexes: local_secondary_index",
    "AWS::DynamoDB::Table.ProvisionedThroughput: read_capacity",
    "AWS::DynamoDB::Table.StreamSpecification: stream_enabled",
    "AWS::DynamoDB::Table.TableName: name",
    "AWS::DynamoDB::Table.TimeToLiveSpecification: ttl",
    "AWS::SNS::Topic.TopicName: name",
    "AWS::SNS::Subscription.FilterPolicy: filter_policy",
    "AWS::SQS::Queue.QueueName: name",
    "AWS::Events::Rule.EventPattern: event_pattern",
    "AWS::Events::Rule.Name: name",
    "AWS::Events::Rule.Targets: name",
    "AWS::Scheduler::Schedule.Name: name",
    "AWS::Scheduler::Schedule.Target: target",
    "AWS::IAM::ManagedPolicy.ManagedPolicyName: name",
    "AWS::IAM::ManagedPolicy.PolicyDocument: policy",
    "AWS::IAM::Role.AssumeRolePolicyDocument: assume_role_policy",
    "AWS::IAM::Role.ManagedPolicyArns: managed_policy_arns",
    "AWS::IAM::Role.Policies: inline_policy",
    "AWS::IAM::Role.RoleName: name",
    "AWS::IAM::RolePolicy.PolicyDocument: policy",
    "AWS::IAM::RolePolicy.RoleName: role",
  ]);
});

test("a rule has the targets that name it", () => {
  const target = (rule: string, key: string) =>
    resource("aws_cloudwatch_event_target", { rule, arn: `arn:${key}` }, { key });
  const rule = resource("aws_cloudwatch_event_rule", {
    name: "tick",
    event_pattern: '{"source":["chat"]}',
    schedule_expression: "rate(1 minute)",
  });

  expect(written(rule, { others: [target("tick", "a"), target("tock", "b")] })).toEqual([
    "AWS::Events::Rule",
    {
      EventPattern: { source: ["chat"] },
      Name: "tick",
      ScheduleExpression: "rate(1 minute)",
      Targets: [{ Arn: "arn:a", Id: "a" }],
    },
  ]);
});

test("a role has its own policies and those that other resources attach to it", () => {
  const role = resource("aws_iam_role", {
    assume_role_policy: JSON.stringify(POLICY),
    managed_policy_arns: ["arn:own"],
    permissions_boundary: "arn:boundary",
    inline_policy: [{ name: "read", policy: JSON.stringify(POLICY) }, {}, null],
    name: "app",
  });
  const others = [
    resource("aws_iam_role_policy_attachment", { role: "app", policy_arn: "arn:one" }),
    resource("aws_iam_role_policy_attachment", { role: "other", policy_arn: "arn:no" }),
    resource("aws_iam_policy_attachment", { roles: ["x", "app"], policy_arn: "arn:several" }),
    resource("aws_iam_policy_attachment", { roles: ["x"], policy_arn: "arn:no" }),
    resource("aws_iam_policy_attachment", { policy_arn: "arn:no" }),
  ];

  expect(written(role, { others })).toEqual([
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: POLICY,
      ManagedPolicyArns: ["arn:own", "arn:one", "arn:several"],
      PermissionsBoundary: "arn:boundary",
      Policies: [
        { PolicyName: "read", PolicyDocument: POLICY },
        { PolicyName: "", PolicyDocument: null },
      ],
      RoleName: "app",
    },
  ]);
  expect(written(resource("aws_iam_role"))).toEqual([
    "AWS::IAM::Role",
    { ManagedPolicyArns: [], Policies: [] },
  ]);
});

test("a policy of a role names it also by what is computed", () => {
  const policy = resource(
    "aws_iam_role_policy",
    { policy: JSON.stringify(POLICY) },
    { computed: { role: "app-1" } },
  );

  expect(written(policy)).toEqual([
    "AWS::IAM::RolePolicy",
    { PolicyDocument: POLICY, RoleName: "app-1" },
  ]);
});

test.each<[string, string]>([
  ["aws_apigatewayv2_api", "body"],
  ["aws_apigatewayv2_model", "schema"],
  ["aws_api_gateway_rest_api", "body"],
  ["aws_cloudwatch_event_rule", "event_pattern"],
  ["aws_iam_policy", "policy"],
  ["aws_iam_role", "assume_role_policy"],
  ["aws_iam_role_policy", "policy"],
  ["aws_sns_topic_subscription", "filter_policy"],
])("%s says that its %s is not JSON", (type, attribute) => {
  expect(() => written(resource(type, { [attribute]: "{" }))).toThrow(
    new ValueFault(`${attribute} is not JSON.`),
  );
});

test("an inline policy that is not JSON is a fault of its policy", () => {
  const role = resource("aws_iam_role", { inline_policy: { name: "a", policy: "{" } });

  expect(() => written(role)).toThrow(new ValueFault("policy is not JSON."));
});

test("objects of S3 and attachments are parts of other resources", () => {
  const gathered: Json = [...GATHERED];

  expect(gathered).toEqual([
    "aws_cloudwatch_event_target",
    "aws_iam_policy_attachment",
    "aws_iam_role_policy_attachment",
    "aws_s3_bucket_object",
    "aws_s3_object",
  ]);
});
