import { partitionOf } from "../../../definition/region.ts";
import { hex, resourceValue, type StackPlace } from "../../cloudformation/rules/resource-values.ts";
import { textOf, type Value } from "./values.ts";
import type { WrittenResource } from "./written-resource.ts";

/** Region, account and name of the project on this machine. */
export type Place = StackPlace;

type Compute = (resource: WrittenResource, place: Place) => Value;

/**
 * A supported Terraform type: its CloudFormation type, the attribute with its name by CloudFormation
 * property, and the computed attributes as `Ref` or an attribute of `Fn::GetAtt`.
 */
type Known = {
  readonly is: string;
  readonly named?: readonly [property: string, attribute: string];
  readonly more?: Readonly<Record<string, string | Compute>>;
};

const KNOWN: Readonly<Record<string, Known>> = {
  aws_api_gateway_api_key: { is: "AWS::ApiGateway::ApiKey" },
  aws_api_gateway_rest_api: {
    is: "AWS::ApiGateway::RestApi",
    more: {
      root_resource_id: "RootResourceId",
      execution_arn: (api, place) => executeArn(textOf(refOf(api, place)), place),
    },
  },
  aws_api_gateway_usage_plan: { is: "AWS::ApiGateway::UsagePlan" },
  aws_apigatewayv2_api: {
    is: "AWS::ApiGatewayV2::Api",
    named: ["Name", "name"],
    more: {
      api_endpoint: "ApiEndpoint",
      arn: (api, place) =>
        `arn:${partitionOf(place.region).name}:apigateway:${place.region}::/apis/${refOf(api, place)}`,
      execution_arn: (api, place) => executeArn(textOf(refOf(api, place)), place),
    },
  },
  aws_apigatewayv2_authorizer: { is: "AWS::ApiGatewayV2::Authorizer" },
  aws_apigatewayv2_deployment: { is: "AWS::ApiGatewayV2::Deployment" },
  aws_apigatewayv2_domain_name: {
    is: "AWS::ApiGatewayV2::DomainName",
    named: ["DomainName", "domain_name"],
  },
  aws_apigatewayv2_integration: { is: "AWS::ApiGatewayV2::Integration" },
  aws_apigatewayv2_model: { is: "AWS::ApiGatewayV2::Model" },
  aws_apigatewayv2_route: { is: "AWS::ApiGatewayV2::Route" },
  aws_apigatewayv2_stage: {
    is: "AWS::ApiGatewayV2::Stage",
    named: ["StageName", "name"],
    more: {
      execution_arn: (stage, place) =>
        `${executeArn(ofStage(stage, "api_id"), place)}/${ofStage(stage, "name")}`,
      invoke_url: (stage, place) => {
        const host = `${ofStage(stage, "api_id")}.execute-api.${place.region}.${partitionOf(place.region).domain}`;
        return `wss://${host}/${ofStage(stage, "name")}`;
      },
    },
  },
  aws_cloudwatch_event_bus: { is: "AWS::Events::EventBus", named: ["Name", "name"] },
  aws_cloudwatch_event_rule: { is: "AWS::Events::Rule", named: ["Name", "name"] },
  aws_cloudwatch_log_group: {
    is: "AWS::Logs::LogGroup",
    named: ["LogGroupName", "name"],
    // Terraform's ARN names the group only, without its streams
    more: { arn: (group, place) => attributeOf(group, place, "Arn").replace(/:\*$/, "") },
  },
  aws_cognito_identity_pool: { is: "AWS::Cognito::IdentityPool" },
  aws_cognito_user_pool: { is: "AWS::Cognito::UserPool", more: { endpoint: "ProviderName" } },
  aws_cognito_user_pool_client: { is: "AWS::Cognito::UserPoolClient" },
  aws_dynamodb_table: {
    is: "AWS::DynamoDB::Table",
    named: ["TableName", "name"],
    more: { stream_arn: "StreamArn" },
  },
  aws_iam_policy: {
    is: "AWS::IAM::ManagedPolicy",
    named: ["ManagedPolicyName", "name"],
    more: { arn: "Ref" },
  },
  aws_iam_role: {
    is: "AWS::IAM::Role",
    named: ["RoleName", "name"],
    more: { unique_id: "RoleId" },
  },
  aws_kinesis_stream: { is: "AWS::Kinesis::Stream", named: ["Name", "name"], more: { id: "Arn" } },
  aws_kms_key: { is: "AWS::KMS::Key", more: { key_id: "Ref" } },
  aws_lambda_alias: {
    is: "AWS::Lambda::Alias",
    more: {
      arn: "Ref",
      invoke_arn: (alias, place) => invokeArn(textOf(refOf(alias, place)), place),
    },
  },
  aws_lambda_function: {
    is: "AWS::Lambda::Function",
    named: ["FunctionName", "function_name"],
    more: {
      invoke_arn: (fn, place) => invokeArn(attributeOf(fn, place, "Arn"), place),
      qualified_arn: (fn, place) => `${attributeOf(fn, place, "Arn")}:1`,
      qualified_invoke_arn: (fn, place) => invokeArn(`${attributeOf(fn, place, "Arn")}:1`, place),
      version: () => "1",
    },
  },
  aws_lambda_layer_version: {
    is: "AWS::Lambda::LayerVersion",
    named: ["LayerName", "layer_name"],
    more: { arn: "Ref" },
  },
  aws_s3_bucket: {
    is: "AWS::S3::Bucket",
    named: ["BucketName", "bucket"],
    more: { bucket_domain_name: "DomainName", bucket_regional_domain_name: "RegionalDomainName" },
  },
  aws_scheduler_schedule: { is: "AWS::Scheduler::Schedule", named: ["Name", "name"] },
  aws_secretsmanager_secret: {
    is: "AWS::SecretsManager::Secret",
    named: ["Name", "name"],
    more: { arn: "Ref" },
  },
  aws_sfn_state_machine: {
    is: "AWS::StepFunctions::StateMachine",
    named: ["StateMachineName", "name"],
  },
  aws_sns_topic: { is: "AWS::SNS::Topic", named: ["TopicName", "name"] },
  aws_sqs_queue: { is: "AWS::SQS::Queue", named: ["QueueName", "name"], more: { url: "Ref" } },
  aws_ssm_parameter: {
    is: "AWS::SSM::Parameter",
    named: ["Name", "name"],
    more: {
      arn: (parameter, place) =>
        `${arnStart("ssm", place)}parameter/${textOf(refOf(parameter, place)).replace(/^\//, "")}`,
    },
  },
};

/** A computed attribute, which Terraform knows only after the deployment; undefined for an unknown one. */
export function computed(resource: WrittenResource, name: string, place: Place): Value | undefined {
  const known = Object.hasOwn(KNOWN, resource.type) ? KNOWN[resource.type] : undefined;
  if (known === undefined) return ofOther(resource, name, place);
  const [, nameAttribute] = known.named ?? [];
  if (name === nameAttribute) return refName(resource, place);
  const way = known.more?.[name];
  if (typeof way === "function") return way(resource, place);
  if (way !== undefined) return valueFrom(resource, place, way);
  if (name === "id" || name === "name" || name === "bucket") return refOf(resource, place);
  return name === "arn" ? valueFrom(resource, place, "Arn") : undefined;
}

/** The CloudFormation type of a Terraform type; undefined if it has none. */
export function cloudFormationType(type: string): string | undefined {
  return Object.hasOwn(KNOWN, type) ? KNOWN[type]?.is : undefined;
}

/** Whether attributes of a type have placeholder values in AWS's format. */
export function hasOwnValues(type: string): boolean {
  return cloudFormationType(type) !== undefined;
}

/** The name of a resource, or its prefix; undefined if AWS generates it. */
export function nameOf(resource: WrittenResource): string | undefined {
  const [, attribute] = KNOWN[resource.type]?.named ?? [];
  if (attribute === undefined) return undefined;
  const given = resource.written(attribute);
  if (given !== undefined) return textOf(given);
  const prefix = resource.written(`${attribute}_prefix`);
  return prefix === undefined ? undefined : `${textOf(prefix)}${hex(resource.address, 8)}`;
}

function valueFrom(resource: WrittenResource, place: Place, attribute: string): Value {
  const known = KNOWN[resource.type];
  const [nameProperty] = known?.named ?? [];
  const value = resourceValue(
    {
      key: resource.key,
      logicalId: resource.key,
      type: known?.is ?? resource.type,
      text: (property) => {
        if (property === nameProperty) return nameOf(resource);
        const own = resource.written(OTHER_PROPERTIES[property] ?? "");
        return own === undefined ? undefined : textOf(own);
      },
    },
    place,
    attribute === "Ref" ? undefined : attribute,
  );
  return typeof value === "string" ? value : "";
}

/** Properties besides names that values of resources depend on. */
const OTHER_PROPERTIES: Readonly<Record<string, string>> = {
  FifoQueue: "fifo_queue",
  FunctionName: "function_name",
  Name: "name",
  ProtocolType: "protocol_type",
};

function refOf(resource: WrittenResource, place: Place): Value {
  return valueFrom(resource, place, "Ref");
}

/** The physical name of a resource whose `Ref` is its ARN or URL. */
function refName(resource: WrittenResource, place: Place): Value {
  return nameOf(resource) ?? textOf(refOf(resource, place)).split(/[:/]/).at(-1) ?? "";
}

function attributeOf(resource: WrittenResource, place: Place, attribute: string): string {
  return textOf(valueFrom(resource, place, attribute));
}

function invokeArn(arn: string, { region }: Place): string {
  return `arn:${partitionOf(region).name}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

function executeArn(api: string, place: Place): string {
  return `${arnStart("execute-api", place)}${api}`;
}

function arnStart(service: string, { region, accountId }: Place): string {
  return `arn:${partitionOf(region).name}:${service}:${region}:${accountId}:`;
}

function ofStage(stage: WrittenResource, attribute: string): string {
  return textOf(stage.written(attribute) ?? "");
}

/** For types without effect here, and for random ones: a string in the expected format. */
function ofOther(
  { type, address, key }: WrittenResource,
  name: string,
  place: Place,
): Value | undefined {
  if (type === "random_integer") return name === "result" ? 4 : undefined;
  if (type.startsWith("random_")) return hex(address, type === "random_id" ? 8 : 16);
  if (name === "arn") {
    return `${arnStart(type.split("_")[1] ?? type, place)}${key}`;
  }
  return name === "id" || name === "name" ? key : `${key}.${name}`;
}
