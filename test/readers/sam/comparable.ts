import type { Json, JsonObject } from "../../../src/readers/cloudformation/rules/origins.ts";

const COMPARED = new Set([
  "AWS::ApiGatewayV2::Api",
  "AWS::ApiGatewayV2::ApiMapping",
  "AWS::ApiGatewayV2::Authorizer",
  "AWS::ApiGatewayV2::DomainName",
  "AWS::ApiGatewayV2::Integration",
  "AWS::ApiGatewayV2::Route",
  "AWS::ApiGatewayV2::Stage",
  "AWS::ApiGateway::RestApi",
  "AWS::ApiGateway::Stage",
  "AWS::CloudFormation::Stack",
  "AWS::Cognito::UserPool",
  "AWS::DynamoDB::Table",
  "AWS::Events::Rule",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Role",
  "AWS::IoT::TopicRule",
  "AWS::Lambda::Alias",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Lambda::LayerVersion",
  "AWS::Lambda::Url",
  "AWS::Lambda::Version",
  "AWS::Logs::SubscriptionFilter",
  "AWS::S3::Bucket",
  "AWS::SNS::Subscription",
  "AWS::SQS::Queue",
  "AWS::Scheduler::Schedule",
  "AWS::StepFunctions::StateMachine",
]);

/** Ids that SAM makes end with a hash of what they stand for; ours do not. */
const HASHED = /^(\w+?)[0-9a-f]{10}$/;

/** The resources that are compared, each with its properties in one form. */
export function comparable(template: JsonObject, ours: JsonObject): JsonObject {
  const known = ours.Resources as JsonObject;
  const renamed = new Map<string, string>();
  for (const id of Object.keys(template.Resources as JsonObject)) {
    const plain = HASHED.exec(id)?.[1];
    const domain = plain === "ApiGatewayDomainNameV2" ? "DoorDomainName" : plain;
    if (domain !== undefined && domain in known) renamed.set(id, domain);
  }
  const text = JSON.stringify(template.Resources).replaceAll(
    /\w+[0-9a-f]{10}\b/g,
    (id) => renamed.get(id) ?? id,
  );
  const resources = Object.entries(JSON.parse(text) as Record<string, JsonObject>);
  return Object.fromEntries(
    resources
      .filter(([id, resource]) => COMPARED.has(String(resource.Type)) || isPermission(id, known))
      .map(([id, resource]) => [id, resourceForm(resource)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/** Permissions of WebSocket APIs; wsgw makes no others, but for Alexa. */
function isPermission(id: string, ours: JsonObject): boolean {
  return id in ours && (ours[id] as JsonObject).Type === "AWS::Lambda::Permission";
}

function resourceForm(resource: JsonObject): JsonObject {
  // SAM forgets the metadata of layers; wsgw makes no permissions for what it does not deliver.
  const { Properties = {}, Metadata: _, DependsOn, ...rest } = resource;
  const waits = [DependsOn ?? []].flat().filter((id) => !String(id).endsWith("Permission"));
  const attributes = { ...rest, waits };
  const properties = plain(Properties) as Record<string, Json>;
  if (resource.Type === "AWS::IAM::Role") return { ...attributes, ...roleForm(properties) };
  if ("Body" in properties) properties.Body = leadsTo(properties.Body as JsonObject);
  // Local code lies in a made-up bucket for the translator.
  for (const name of ["Code", "Content", "DefinitionS3Location"]) {
    const code = properties[name];
    const words = name.startsWith("D") ? ["Bucket", "Key"] : ["S3Bucket", "S3Key"];
    if (typeof code !== "string") continue;
    properties[name] = { [words[0]!]: "local", [words[1]!]: code };
  }
  return { ...attributes, Properties: properties };
}

/** What a role allows, in whatever number of policies. */
function roleForm({ Policies = [], ManagedPolicyArns = [], ...others }: JsonObject): JsonObject {
  const statements = (Policies as readonly JsonObject[]).flatMap((policy) => {
    const { Statement } = (policy.PolicyDocument ?? { Statement: policy }) as JsonObject;
    return (Array.isArray(Statement) ? Statement : [Statement]) as readonly Json[];
  });
  return {
    ...others,
    allowed: statements.map((statement) => JSON.stringify(statementForm(statement))).sort(),
    managed: (ManagedPolicyArns as readonly Json[]).map((arn) => JSON.stringify(arn)).sort(),
  };
}

function statementForm(statement: Json): Json {
  if (Array.isArray(statement)) return statement.map(statementForm);
  if (typeof statement !== "object" || statement === null) return statement;
  const { Effect, Action, Resource, ...others } = statement as JsonObject;
  if (Action === undefined) {
    const { PolicyName: _, Version: __, ...rest } = statement as JsonObject;
    return Object.fromEntries(
      Object.entries(rest).map(([key, item]) => [key, statementForm(item)]),
    );
  }
  return {
    Effect: Effect ?? null,
    Action: [...new Set([Action].flat())],
    Resource: [Resource ?? null].flat(),
    ...others,
  };
}

/** The functions that the paths of a body lead to. */
function leadsTo(body: JsonObject): JsonObject {
  const paths = Object.entries(always(body.paths) as JsonObject).map(([path, methods]) => {
    const uris = Object.entries(always(methods) as JsonObject)
      .filter(([method]) => method !== "options") // CORS
      .map(([method, operation]) => {
        const of = always(operation) as JsonObject;
        const integration = of["x-amazon-apigateway-integration"] as JsonObject;
        return [method, always(integration.uri)];
      });
    return [path, Object.fromEntries(uris)];
  });
  return { info: body.info ?? null, paths: Object.fromEntries(paths) };
}

/** SAM makes a path conditional as often as it comes by; the condition stands at the function. */
function always(value: Json | undefined): Json {
  const choice =
    typeof value === "object" && value !== null ? (value as JsonObject)["Fn::If"] : null;
  return Array.isArray(choice) ? always(choice[1]) : (value ?? null);
}

/** Keys in order, and strings with variables as strings. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "string")
    return value.replaceAll("${AWS::Partition}", "aws").replaceAll("${AWS::Region}", "us-east-1");
  if (typeof value !== "object" || value === null) return value;
  const { "Fn::Sub": sub, ...others } = value as JsonObject;
  if (sub !== undefined && Object.keys(others).length === 0) return substituted(sub);
  const entries = Object.entries(value).map(([key, item]) => [key, plain(item)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function substituted(sub: Json): Json {
  const [text, variables] = (Array.isArray(sub) ? sub : [sub, {}]) as [string, JsonObject];
  return text
    .replaceAll("${AWS::Partition}", "aws")
    .replaceAll("${AWS::Region}", "us-east-1")
    .replaceAll(/\$\{(\w+)\}/g, (all, name: string) => {
      const value = variables[name];
      if (value === undefined) return all;
      return typeof value === "string" ? value : `<${JSON.stringify(plain(value))}>`;
    });
}
