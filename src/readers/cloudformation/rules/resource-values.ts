import { createHash } from "node:crypto";
import { partitionOf } from "../../../definition/region.ts";
import type { Json } from "./origins.ts";

/** Region, account and name of a stack on this machine. */
export type StackPlace = {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  /** The id of a WebSocket or HTTP API, by name. */
  readonly apiIdOf: (name: string) => string;
};

/** The parts of a resource that its values depend on. */
export type NamedResource = {
  /** Its logical id, prefixed with the logical ids of nested stacks. */
  readonly key: string;
  readonly logicalId: string;
  readonly type: string;
  /** An evaluated string property; undefined if it is not a string. */
  readonly text: (property: string) => string | undefined;
};

/** A stack name from a directory or application name: letters, digits and hyphens, starting with a letter. */
export function stackNameOf(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9-]+/g, "-")
      .replace(/^[^A-Za-z]+/, "")
      .slice(0, 128) || "app"
  );
}

/** The property with the name of a resource, by type; CloudFormation generates a name if it is absent. */
const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  "AWS::ApiGatewayV2::Api": "Name",
  "AWS::ApiGatewayV2::DomainName": "DomainName",
  "AWS::ApiGatewayV2::Stage": "StageName",
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::Cognito::UserPool": "UserPoolName",
  "AWS::DynamoDB::GlobalTable": "TableName",
  "AWS::DynamoDB::Table": "TableName",
  "AWS::Events::EventBus": "Name",
  "AWS::Events::Rule": "Name",
  "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
  "AWS::IAM::Role": "RoleName",
  "AWS::Kinesis::Stream": "Name",
  "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Lambda::LayerVersion": "LayerName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SNS::Topic": "TopicName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::SSM::Parameter": "Name",
  "AWS::Scheduler::Schedule": "Name",
  "AWS::SecretsManager::Secret": "Name",
  "AWS::StepFunctions::StateMachine": "StateMachineName",
};

/** The physical name of a resource. */
export function physicalName(resource: NamedResource, { stackName }: StackPlace): string {
  const property = NAME_PROPERTIES[resource.type];
  const given = property === undefined ? undefined : resource.text(property);
  if (given !== undefined) return given;
  const made = `${stackName}-${resource.logicalId}`;
  switch (resource.type) {
    case "AWS::Lambda::Function":
      return made.slice(-64).replace(/^[^A-Za-z0-9]+/, "");
    case "AWS::S3::Bucket":
      return made.toLowerCase();
    case "AWS::SQS::Queue":
      return resource.text("FifoQueue") === "true" ? `${made}.fifo` : made;
    default:
      return made;
  }
}

/** A placeholder of letters and digits that looks like AWS's and is always the same. */
function made(seed: string, length: number): string {
  return createHash("sha256")
    .update(seed)
    .digest("base64url")
    .replace(/[-_]/g, "")
    .slice(0, length);
}

type Parts = {
  readonly name: string;
  readonly resource: NamedResource;
  readonly place: StackPlace;
  /** Of a service in the region and account: `arn:aws:sqs:us-east-1:123456789012:` and `rest`. */
  readonly arn: (service: string, rest: string) => string;
  readonly suffix: string;
};
type Value = (parts: Parts) => Json | undefined;
type Values = { readonly Ref?: Value } & Readonly<Record<string, Value>>;

const name: Value = (parts) => parts.name;
/** Generated ids that only API Gateway's own resources use. */
const ownId: Value = ({ resource }) => resource.key;
const own =
  (service: string, prefix = ""): Value =>
  ({ arn, name: called }) =>
    arn(service, `${prefix}${called}`);
const property =
  (called: string): Value =>
  ({ resource }) =>
    resource.text(called);

const table: Values = {
  Ref: name,
  Arn: own("dynamodb", "table/"),
  StreamArn: ({ arn, name: called }) =>
    arn("dynamodb", `table/${called}/stream/2026-01-01T00:00:00.000`),
  TableId: ({ name: called }) => made(`table ${called}`, 32).toLowerCase(),
};

/** The same as in events: see apiKeyIdOf of the emulator. */
const apiKeyId: Value = ({ resource, place }) => place.apiIdOf(`API key ${resource.key}`);
const apiId: Value = ({ name: called, place }) => place.apiIdOf(called);

/**
 * The values of `Ref` and `Fn::GetAtt`, by resource type.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html "Return values"
 */
const VALUES: Readonly<Record<string, Values>> = {
  "AWS::ApiGateway::ApiKey": { Ref: apiKeyId, APIKeyId: apiKeyId },
  "AWS::ApiGateway::UsagePlan": { Ref: ownId, Id: ownId },
  "AWS::ApiGateway::UsagePlanKey": { Ref: ownId, Id: ownId },
  "AWS::ApiGateway::VpcLink": { Ref: ownId, VpcLinkId: ownId },
  "AWS::ApiGateway::RestApi": {
    Ref: ({ name: called }) => made(`rest ${called}`, 10).toLowerCase(),
    RootResourceId: ({ name: called }) => made(`root ${called}`, 10).toLowerCase(),
  },
  "AWS::ApiGatewayV2::VpcLink": { Ref: ownId, VpcLinkId: ownId },
  "AWS::ApiGatewayV2::Api": {
    Ref: apiId,
    ApiId: apiId,
    ApiEndpoint: ({ name: called, place, resource, suffix }) => {
      const scheme = resource.text("ProtocolType") === "WEBSOCKET" ? "wss" : "https";
      return `${scheme}://${place.apiIdOf(called)}.execute-api.${place.region}.${suffix}`;
    },
  },
  "AWS::ApiGatewayV2::Authorizer": { Ref: ownId, AuthorizerId: ownId },
  "AWS::ApiGatewayV2::Deployment": { Ref: ownId, DeploymentId: ownId },
  "AWS::ApiGatewayV2::DomainName": {
    Ref: name,
    RegionalDomainName: ({ name: called, place, suffix }) =>
      `d-${made(called, 10).toLowerCase()}.execute-api.${place.region}.${suffix}`,
    RegionalHostedZoneId: ({ name: called }) => `Z${made(called, 13).toUpperCase()}`,
  },
  "AWS::ApiGatewayV2::Integration": { Ref: ownId, IntegrationId: ownId },
  "AWS::ApiGatewayV2::Model": { Ref: ownId, ModelId: ownId },
  "AWS::ApiGatewayV2::Route": { Ref: ownId, RouteId: ownId },
  "AWS::Cognito::IdentityPool": {
    Ref: ({ resource, place }) =>
      `${place.region}:00000000-0000-4000-8000-${hex(resource.key, 12)}`,
  },
  "AWS::Cognito::UserPool": {
    Ref: userPool,
    UserPoolId: userPool,
    Arn: (parts) => parts.arn("cognito-idp", `userpool/${userPool(parts)}`),
    ProviderName: (parts) => `cognito-idp.${parts.place.region}.${parts.suffix}/${userPool(parts)}`,
    ProviderURL: (parts) =>
      `https://cognito-idp.${parts.place.region}.${parts.suffix}/${userPool(parts)}`,
  },
  "AWS::Cognito::UserPoolClient": {
    Ref: ({ resource }) => made(`client ${resource.key}`, 26).toLowerCase(),
    ClientId: ({ resource }) => made(`client ${resource.key}`, 26).toLowerCase(),
  },
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::DynamoDB::Table": table,
  "AWS::Events::EventBus": { Ref: name, Name: name, Arn: own("events", "event-bus/") },
  "AWS::Events::Rule": { Ref: name, Arn: own("events", "rule/") },
  "AWS::IAM::ManagedPolicy": { Ref: iam("policy/"), PolicyArn: iam("policy/") },
  "AWS::IAM::Role": { Ref: name, Arn: iam("role/"), RoleId: roleId },
  "AWS::KMS::Key": {
    Ref: ({ resource }) => `00000000-0000-4000-8000-${hex(resource.key, 12)}`,
    Arn: ({ arn, resource }) => arn("kms", `key/00000000-0000-4000-8000-${hex(resource.key, 12)}`),
  },
  "AWS::Kinesis::Stream": { Ref: name, Arn: own("kinesis", "stream/") },
  "AWS::Lambda::Alias": {
    Ref: ({ arn, resource }) =>
      arn("lambda", `function:${functionIn(resource)}:${resource.text("Name") ?? "live"}`),
    AliasArn: ({ arn, resource }) =>
      arn("lambda", `function:${functionIn(resource)}:${resource.text("Name") ?? "live"}`),
  },
  "AWS::Lambda::Function": { Ref: name, Arn: own("lambda", "function:") },
  "AWS::Lambda::LayerVersion": {
    Ref: ({ arn, name: called }) => arn("lambda", `layer:${called}:1`),
    LayerVersionArn: ({ arn, name: called }) => arn("lambda", `layer:${called}:1`),
  },
  "AWS::Lambda::Url": {
    Ref: ({ arn, resource }) => arn("lambda", `function:${functionIn(resource)}`),
    FunctionUrl: ({ resource, place }) =>
      `https://${made(`url ${resource.key}`, 32).toLowerCase()}.lambda-url.${place.region}.on.aws/`,
  },
  "AWS::Lambda::Version": {
    Ref: ({ arn, resource }) => arn("lambda", `function:${functionIn(resource)}:1`),
    FunctionArn: ({ arn, resource }) => arn("lambda", `function:${functionIn(resource)}:1`),
    Version: () => "1",
  },
  "AWS::Logs::LogGroup": {
    Ref: name,
    Arn: ({ arn, name: called }) => arn("logs", `log-group:${called}:*`),
  },
  "AWS::S3::Bucket": {
    Ref: name,
    Arn: ({ name: called, place }) => `arn:${partitionOf(place.region).name}:s3:::${called}`,
    DomainName: ({ name: called, suffix }) => `${called}.s3.${suffix}`,
    RegionalDomainName: ({ name: called, place, suffix }) =>
      `${called}.s3.${place.region}.${suffix}`,
    WebsiteURL: ({ name: called, place, suffix }) =>
      `http://${called}.s3-website-${place.region}.${suffix}`,
  },
  "AWS::SNS::Topic": {
    Ref: own("sns"),
    TopicArn: own("sns"),
    TopicName: name,
  },
  "AWS::SQS::Queue": {
    Ref: queueUrl,
    QueueUrl: queueUrl,
    Arn: own("sqs"),
    QueueName: name,
  },
  "AWS::SSM::Parameter": { Ref: name, Type: property("Type"), Value: property("Value") },
  "AWS::Scheduler::Schedule": { Ref: name, Arn: own("scheduler", "schedule/default/") },
  "AWS::SecretsManager::Secret": {
    Ref: secretArn,
    Id: secretArn,
  },
  "AWS::StepFunctions::StateMachine": {
    Ref: own("states", "stateMachine:"),
    Arn: own("states", "stateMachine:"),
    Name: name,
  },
};

function userPool({ resource, place }: Parts): string {
  return `${place.region}_${made(`pool ${resource.key}`, 9)}`;
}

function queueUrl({ name: called, place, suffix }: Parts): string {
  return `https://sqs.${place.region}.${suffix}/${place.accountId}/${called}`;
}

function secretArn({ arn, name: called }: Parts): string {
  return arn("secretsmanager", `secret:${called}-${made(called, 6)}`);
}

function iam(prefix: string): Value {
  return ({ name: called, place }) =>
    `arn:${partitionOf(place.region).name}:iam::${place.accountId}:${prefix}${called}`;
}

function roleId({ resource }: Parts): string {
  return `AROA${made(`role ${resource.key}`, 17).toUpperCase()}`;
}

/** Hexadecimal digits that are the same for the same seed. */
export function hex(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** The function's name of a version, alias or URL, which may contain its ARN. */
function functionIn(resource: NamedResource): string {
  const given = resource.text("FunctionName") ?? resource.text("TargetFunctionArn") ?? "";
  return /:function:([^:]+)/.exec(given)?.[1] ?? given;
}

/** Whether a value of `Ref` or `Fn::GetAtt` comes from the template; otherwise only AWS knows it. */
export function isFromTemplate({ type }: NamedResource, attribute?: string): boolean {
  return VALUES[type]?.[attribute ?? "Ref"] !== undefined;
}

/**
 * The local value of `Ref` (without an attribute) or `Fn::GetAtt` of a resource. Values that only AWS knows,
 * such as attributes of types that wsgw does not emulate, are placeholders in AWS's format.
 */
export function resourceValue(
  resource: NamedResource,
  place: StackPlace,
  attribute?: string,
): Json {
  const partition = partitionOf(place.region);
  const parts: Parts = {
    name: physicalName(resource, place),
    resource,
    place,
    arn: (service, rest) =>
      `arn:${partition.name}:${service}:${place.region}:${place.accountId}:${rest}`,
    suffix: partition.domain,
  };
  const known = VALUES[resource.type]?.[attribute ?? "Ref"]?.(parts);
  if (known !== undefined) return known;
  if (attribute === undefined) return parts.name;
  const service = resource.type.split("::")[1]?.toLowerCase() ?? "custom";
  return /arn$/i.test(attribute) ? parts.arn(service, parts.name) : `${parts.name}.${attribute}`;
}
