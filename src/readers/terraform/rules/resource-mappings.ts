import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import { nameOf } from "./local-attributes.ts";
import { ValueFault } from "./values.ts";
import { jsonOf, textIn, type WrittenResource } from "./written-resource.ts";

/** All resources of a project, by type. */
export type Resources = (type: string) => readonly WrittenResource[];

/** The local code of a function or layer, in a template's form; undefined if unknown. */
export type CodeOf = (resource: WrittenResource) => Json | undefined;

type Surroundings = { readonly all: Resources; readonly codeOf: CodeOf };

/**
 * The source of a CloudFormation property: a Terraform attribute, or a function of several, of which the
 * first determines the place.
 */
type Property =
  | string
  | readonly [
      attribute: string,
      make: (resource: WrittenResource, surroundings: Surroundings) => Json | undefined,
    ];

export type Mapping = {
  readonly type: string;
  readonly properties: Readonly<Record<string, Property>>;
};

/** Properties by attribute of a block. */
type Fields = Readonly<Record<string, string>>;

function fieldsOf(value: Json | undefined, fields: Fields): JsonObject {
  const found = Object.entries(fields).flatMap(([property, attribute]) => {
    const own = isObject(value) ? value[attribute] : undefined;
    return own === undefined || own === null ? [] : [[property, own] as const];
  });
  return Object.fromEntries(found);
}

const blocks = (resource: WrittenResource, name: string): readonly Json[] =>
  [jsonOf(resource.written(name))].flat().filter((each) => each !== null);

/** The first block of a type, as an object with properties. */
const block = (name: string, fields: Fields): Property => [
  name,
  (resource) => {
    const [first] = blocks(resource, name);
    return first === undefined ? undefined : fieldsOf(first, fields);
  },
];
const list = (name: string, fields: Fields): Property => [
  name,
  (resource) => blocks(resource, name).map((each) => fieldsOf(each, fields)),
];
const named = (attribute: string): Property => [attribute, nameOf];
const value = (attribute: string): Property => [
  attribute,
  (resource) => jsonOf(resource.value(attribute)),
];

/** An attribute that contains JSON. */
const json = (attribute: string): Property => [
  attribute,
  (resource) => parsed(resource.written(attribute) ?? null, attribute),
];

function parsed(given: unknown, attribute: string): Json | undefined {
  if (given === null) return undefined;
  if (typeof given !== "string") return jsonOf(given as never);
  try {
    return JSON.parse(given) as Json; // JSON has no other values
  } catch {
    throw new ValueFault(`${attribute} is not JSON.`);
  }
}

const ROUTE_SETTINGS = {
  DataTraceEnabled: "data_trace_enabled",
  DetailedMetricsEnabled: "detailed_metrics_enabled",
  LoggingLevel: "logging_level",
  ThrottlingBurstLimit: "throttling_burst_limit",
  ThrottlingRateLimit: "throttling_rate_limit",
};
const THROTTLE = { BurstLimit: "burst_limit", RateLimit: "rate_limit" };

const API_GATEWAY: Readonly<Record<string, Mapping>> = {
  aws_apigatewayv2_api: {
    type: "AWS::ApiGatewayV2::Api",
    properties: {
      ApiKeySelectionExpression: "api_key_selection_expression",
      Body: json("body"),
      Description: "description",
      Name: named("name"),
      ProtocolType: "protocol_type",
      RouteSelectionExpression: "route_selection_expression",
    },
  },
  aws_apigatewayv2_api_mapping: {
    type: "AWS::ApiGatewayV2::ApiMapping",
    properties: {
      ApiId: "api_id",
      ApiMappingKey: "api_mapping_key",
      DomainName: "domain_name",
      Stage: "stage",
    },
  },
  aws_apigatewayv2_authorizer: {
    type: "AWS::ApiGatewayV2::Authorizer",
    properties: {
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
  },
  aws_apigatewayv2_deployment: {
    type: "AWS::ApiGatewayV2::Deployment",
    properties: { ApiId: "api_id" },
  },
  aws_apigatewayv2_domain_name: {
    type: "AWS::ApiGatewayV2::DomainName",
    properties: { DomainName: "domain_name" },
  },
  aws_apigatewayv2_integration: {
    type: "AWS::ApiGatewayV2::Integration",
    properties: {
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
  },
  aws_apigatewayv2_integration_response: {
    type: "AWS::ApiGatewayV2::IntegrationResponse",
    properties: {
      ApiId: "api_id",
      ContentHandlingStrategy: "content_handling_strategy",
      IntegrationId: "integration_id",
      IntegrationResponseKey: "integration_response_key",
      ResponseTemplates: "response_templates",
      TemplateSelectionExpression: "template_selection_expression",
    },
  },
  aws_apigatewayv2_model: {
    type: "AWS::ApiGatewayV2::Model",
    properties: {
      ApiId: "api_id",
      ContentType: "content_type",
      Name: "name",
      Schema: json("schema"),
    },
  },
  aws_apigatewayv2_route: {
    type: "AWS::ApiGatewayV2::Route",
    properties: {
      ApiId: "api_id",
      ApiKeyRequired: "api_key_required",
      AuthorizationType: "authorization_type",
      AuthorizerId: "authorizer_id",
      ModelSelectionExpression: "model_selection_expression",
      OperationName: "operation_name",
      RequestModels: "request_models",
      RequestParameters: [
        "request_parameter",
        (route) =>
          Object.fromEntries(
            blocks(route, "request_parameter")
              .filter(isObject)
              .map((each) => [
                String(each.request_parameter_key),
                { Required: each.required ?? false },
              ]),
          ),
      ],
      RouteKey: "route_key",
      RouteResponseSelectionExpression: "route_response_selection_expression",
      Target: "target",
    },
  },
  aws_apigatewayv2_route_response: {
    type: "AWS::ApiGatewayV2::RouteResponse",
    properties: { ApiId: "api_id", RouteId: "route_id", RouteResponseKey: "route_response_key" },
  },
  aws_apigatewayv2_stage: {
    type: "AWS::ApiGatewayV2::Stage",
    properties: {
      AccessLogSettings: block("access_log_settings", {
        DestinationArn: "destination_arn",
        Format: "format",
      }),
      ApiId: "api_id",
      DefaultRouteSettings: block("default_route_settings", ROUTE_SETTINGS),
      Description: "description",
      RouteSettings: [
        "route_settings",
        (stage) =>
          Object.fromEntries(
            blocks(stage, "route_settings").map((each) => [
              isObject(each) ? String(each.route_key) : "",
              fieldsOf(each, ROUTE_SETTINGS),
            ]),
          ),
      ],
      StageName: "name",
      StageVariables: "stage_variables",
    },
  },
};

const REST: Readonly<Record<string, Mapping>> = {
  aws_api_gateway_api_key: {
    type: "AWS::ApiGateway::ApiKey",
    // Terraform enables by default, unlike CloudFormation
    properties: {
      Description: "description",
      Enabled: ["enabled", (key) => jsonOf(key.written("enabled") ?? true)],
      Name: "name",
      Value: "value",
    },
  },
  aws_api_gateway_integration: {
    type: "AWS::ApiGateway::Method",
    properties: {
      HttpMethod: "http_method",
      Integration: [
        "uri",
        (method) =>
          fieldsOf(
            { uri: jsonOf(method.written("uri")), type: jsonOf(method.written("type")) },
            { Type: "type", Uri: "uri" },
          ),
      ],
      ResourceId: "resource_id",
      RestApiId: "rest_api_id",
    },
  },
  aws_api_gateway_resource: {
    type: "AWS::ApiGateway::Resource",
    properties: { ParentId: "parent_id", PathPart: "path_part", RestApiId: "rest_api_id" },
  },
  aws_api_gateway_rest_api: {
    type: "AWS::ApiGateway::RestApi",
    properties: { Body: json("body"), Name: "name" },
  },
  aws_api_gateway_usage_plan: {
    type: "AWS::ApiGateway::UsagePlan",
    properties: {
      ApiStages: list("api_stages", { ApiId: "api_id", Stage: "stage" }),
      Description: "description",
      Quota: block("quota_settings", { Limit: "limit", Offset: "offset", Period: "period" }),
      Throttle: block("throttle_settings", THROTTLE),
    },
  },
  aws_api_gateway_usage_plan_key: {
    type: "AWS::ApiGateway::UsagePlanKey",
    properties: { KeyId: "key_id", KeyType: "key_type", UsagePlanId: "usage_plan_id" },
  },
};

const LAMBDA: Readonly<Record<string, Mapping>> = {
  aws_lambda_alias: {
    type: "AWS::Lambda::Alias",
    properties: {
      FunctionName: "function_name",
      FunctionVersion: "function_version",
      Name: "name",
    },
  },
  aws_lambda_event_source_mapping: {
    type: "AWS::Lambda::EventSourceMapping",
    properties: {
      EventSourceArn: "event_source_arn",
      FilterCriteria: [
        "filter_criteria",
        (mapping) => {
          const [criteria] = blocks(mapping, "filter_criteria");
          const filters = isObject(criteria) ? [criteria.filter ?? []].flat() : [];
          return filters.length === 0
            ? undefined
            : { Filters: filters.map((each) => fieldsOf(each, { Pattern: "pattern" })) };
        },
      ],
      FunctionName: "function_name",
    },
  },
  aws_lambda_function: {
    type: "AWS::Lambda::Function",
    properties: {
      Architectures: "architectures",
      Code: ["filename", (fn, { codeOf }) => codeOf(fn)],
      Description: "description",
      Environment: block("environment", { Variables: "variables" }),
      FunctionName: named("function_name"),
      Handler: "handler",
      Layers: "layers",
      MemorySize: "memory_size",
      PackageType: "package_type",
      Role: "role",
      Runtime: "runtime",
      Timeout: "timeout",
    },
  },
  aws_lambda_layer_version: {
    type: "AWS::Lambda::LayerVersion",
    properties: {
      Content: ["filename", (layer, { codeOf }) => codeOf(layer)],
      LayerName: "layer_name",
    },
  },
  aws_lambda_permission: {
    type: "AWS::Lambda::Permission",
    properties: {
      Action: "action",
      FunctionName: "function_name",
      Principal: "principal",
      Qualifier: "qualifier",
      SourceArn: "source_arn",
    },
  },
};

type Keys = { readonly hash_key?: Json; readonly range_key?: Json };

/** The keys of a table or an index. */
function keySchema({ hash_key: hash, range_key: range }: Keys): readonly Json[] {
  return [
    ...(hash ? [{ AttributeName: hash, KeyType: "HASH" }] : []),
    ...(range ? [{ AttributeName: range, KeyType: "RANGE" }] : []),
  ];
}

const indexes = (name: string): Property => [
  name,
  (table) =>
    blocks(table, name)
      .filter(isObject)
      .map((index) => ({
        IndexName: index.name ?? "",
        KeySchema: keySchema({ hash_key: jsonOf(table.written("hash_key")), ...index }),
        Projection: fieldsOf(index, {
          NonKeyAttributes: "non_key_attributes",
          ProjectionType: "projection_type",
        }),
      })),
];

const DATA: Readonly<Record<string, Mapping>> = {
  aws_dynamodb_table: {
    type: "AWS::DynamoDB::Table",
    properties: {
      AttributeDefinitions: list("attribute", { AttributeName: "name", AttributeType: "type" }),
      GlobalSecondaryIndexes: indexes("global_secondary_index"),
      KeySchema: [
        "hash_key",
        (table) =>
          keySchema({
            hash_key: jsonOf(table.written("hash_key")),
            range_key: jsonOf(table.written("range_key")),
          }),
      ],
      LocalSecondaryIndexes: indexes("local_secondary_index"),
      ProvisionedThroughput: [
        "read_capacity",
        (table) => {
          if (table.written("billing_mode") === "PAY_PER_REQUEST") return undefined;
          const read = {
            read: jsonOf(table.written("read_capacity")),
            write: jsonOf(table.written("write_capacity")),
          };
          return fieldsOf(read, { ReadCapacityUnits: "read", WriteCapacityUnits: "write" });
        },
      ],
      StreamSpecification: [
        "stream_enabled",
        (table) =>
          String(table.written("stream_enabled")) === "true"
            ? { StreamViewType: jsonOf(table.written("stream_view_type")) }
            : undefined,
      ],
      TableName: named("name"),
      TimeToLiveSpecification: block("ttl", {
        AttributeName: "attribute_name",
        Enabled: "enabled",
      }),
    },
  },
  aws_sns_topic: {
    type: "AWS::SNS::Topic",
    properties: { FifoTopic: "fifo_topic", TopicName: named("name") },
  },
  aws_sns_topic_policy: { type: "AWS::SNS::TopicPolicy", properties: {} },
  aws_sns_topic_subscription: {
    type: "AWS::SNS::Subscription",
    properties: {
      Endpoint: "endpoint",
      FilterPolicy: json("filter_policy"),
      Protocol: "protocol",
      TopicArn: "topic_arn",
    },
  },
  aws_sqs_queue: {
    type: "AWS::SQS::Queue",
    properties: { FifoQueue: "fifo_queue", QueueName: named("name") },
  },
  aws_sqs_queue_policy: { type: "AWS::SQS::QueuePolicy", properties: {} },
};

const EVENTS: Readonly<Record<string, Mapping>> = {
  aws_cloudwatch_event_bus: { type: "AWS::Events::EventBus", properties: { Name: "name" } },
  aws_cloudwatch_event_rule: {
    type: "AWS::Events::Rule",
    properties: {
      EventPattern: json("event_pattern"),
      Name: named("name"),
      ScheduleExpression: "schedule_expression",
      Targets: [
        "name",
        (rule, { all }) =>
          all("aws_cloudwatch_event_target")
            .filter((target) => textIn(target, "rule") === textIn(rule, "name"))
            .map((target) => ({ Arn: jsonOf(target.written("arn")), Id: target.key })),
      ],
    },
  },
  aws_pipes_pipe: {
    type: "AWS::Pipes::Pipe",
    properties: { Name: "name", Source: "source", Target: "target" },
  },
  aws_scheduler_schedule: {
    type: "AWS::Scheduler::Schedule",
    properties: {
      Name: named("name"),
      ScheduleExpression: "schedule_expression",
      Target: block("target", { Arn: "arn" }),
    },
  },
};

const IAM: Readonly<Record<string, Mapping>> = {
  aws_iam_policy: {
    type: "AWS::IAM::ManagedPolicy",
    properties: { ManagedPolicyName: named("name"), PolicyDocument: json("policy") },
  },
  aws_iam_role: {
    type: "AWS::IAM::Role",
    properties: {
      AssumeRolePolicyDocument: json("assume_role_policy"),
      ManagedPolicyArns: [
        "managed_policy_arns",
        (role, { all }) => [
          ...[jsonOf(role.written("managed_policy_arns")) ?? []].flat(),
          ...attachedTo(role, all),
        ],
      ],
      PermissionsBoundary: "permissions_boundary",
      Policies: [
        "inline_policy",
        (role) =>
          blocks(role, "inline_policy")
            .filter(isObject)
            .map((each) => ({
              PolicyName: each.name ?? "",
              PolicyDocument: parsed(each.policy, "policy") ?? null,
            })),
      ],
      RoleName: named("name"),
    },
  },
  aws_iam_role_policy: {
    type: "AWS::IAM::RolePolicy",
    properties: { PolicyDocument: json("policy"), RoleName: value("role") },
  },
};

/** The ARNs of policies attached to a role by separate resources. */
function attachedTo(role: WrittenResource, all: Resources): readonly Json[] {
  const name = textIn(role, "name");
  const single = all("aws_iam_role_policy_attachment").filter(
    (each) => textIn(each, "role") === name,
  );
  const several = all("aws_iam_policy_attachment").filter((each) =>
    [jsonOf(each.written("roles"))].flat().includes(name ?? ""),
  );
  return [...single, ...several].map((each) => jsonOf(each.written("policy_arn")));
}

/** The types that take part in what runs here, with their CloudFormation equivalents. */
export const MAPPINGS: Readonly<Record<string, Mapping>> = {
  ...API_GATEWAY,
  ...REST,
  ...LAMBDA,
  ...DATA,
  ...EVENTS,
  ...IAM,
};

/** Types that are part of others, or have no effect here. */
export const GATHERED: ReadonlySet<string> = new Set([
  "aws_cloudwatch_event_target",
  "aws_iam_policy_attachment",
  "aws_iam_role_policy_attachment",
  "aws_s3_bucket_object",
  "aws_s3_object",
]);
