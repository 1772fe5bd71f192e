import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { ref, sub } from "../../cloudformation/rules/write-intrinsics.ts";
import { locationOf } from "./code-uri.ts";
import type { SamEvent } from "./event.ts";
import { type ApiPath, type Expansion, onlyIf, pick, type SamResource, word } from "./expansion.ts";
import { plainTags } from "./tags.ts";

const FUNCTIONS =
  "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";

/** Notes the path of an `Api` or `HttpApi` event; it becomes part of the body of its API. */
export function addApiEvent(
  expansion: Expansion,
  { sam, type, properties, target }: SamEvent,
): void {
  const integration = {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: sub(`${FUNCTIONS}\${${target.uriPart}}/invocations`),
  };
  addPath(expansion, sam, type === "Api" ? "Api" : "HttpApi", properties, integration);
}

/** Notes the path of an `Api` event of a state machine. */
export function addStateMachinePath(expansion: Expansion, { sam, properties }: SamEvent): void {
  const uri = sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution");
  addPath(expansion, sam, "Api", properties, { type: "aws", httpMethod: "POST", uri });
}

function addPath(
  expansion: Expansion,
  sam: SamResource,
  type: ApiPath["type"],
  properties: JsonObject,
  integration: JsonObject,
): void {
  const api = properties[type === "Api" ? "RestApiId" : "ApiId"];
  const named = isObject(api) && typeof api.Ref === "string" ? api.Ref : api;
  if (named !== undefined && typeof named !== "string") return; // an API of another stack
  const { Path, Method } = properties;
  const isDefault = type === "HttpApi" && Path === undefined && Method === undefined;
  if (!isDefault && type === "HttpApi" && (Path === undefined || Method === undefined)) {
    const what = `Function ${JSON.stringify(sam.id)}: an HttpApi event`;
    expansion.error(`${what} has both Path and Method, or neither.`, properties);
    return;
  }
  const version = type === "HttpApi" && {
    payloadFormatVersion: properties.PayloadFormatVersion ?? "2.0",
  };
  const operation = {
    "x-amazon-apigateway-integration": { ...integration, ...version },
    ...(isDefault ? { isDefaultRoute: true } : {}),
    responses: {},
  };
  const method = isDefault ? "any" : word(Method).toLowerCase();
  expansion.apiPaths.push({
    type,
    api: named,
    path: isDefault ? "$default" : word(Path),
    method: method === "any" ? "x-amazon-apigateway-any-method" : method,
    operation: expansion.from(operation, properties),
    condition: sam.written.Condition,
  });
}

/** The APIs that SAM creates for events without an API, by event type. */
export const IMPLICIT = {
  Api: { id: "ServerlessRestApi", properties: { StageName: "Prod" } },
  HttpApi: { id: "ServerlessHttpApi", properties: {} },
} as const;

/** The common condition of all paths of an implicit API. */
export function sharedCondition(paths: readonly ApiPath[]): JsonObject {
  const conditions = new Set(paths.map(({ condition }) => condition));
  const [condition] = conditions;
  return conditions.size !== 1 || condition === undefined ? {} : { Condition: condition };
}

/** `AWS::Serverless::Api`: a REST API with its paths, its stage and deployment. */
export function expandRestApi(expansion: Expansion, sam: SamResource): void {
  const { id, properties } = sam;
  const taken =
    "Name Description BinaryMediaTypes MinimumCompressionSize Policy Mode DisableExecuteApiEndpoint ApiKeySourceType SecurityPolicy EndpointAccessMode";
  const api = {
    ...pick(properties, taken.split(" ")),
    ...bodyOf(expansion, sam, "swagger"),
    ...endpointOf(properties),
  };
  expansion.main(sam, "AWS::ApiGateway::RestApi", expansion.from(api, properties, BODY_PLACES));
  const deployment = `${id}Deployment`;
  expansion.beside(sam, deployment, "AWS::ApiGateway::Deployment", {
    RestApiId: ref(id),
    StageName: "Stage",
  });
  const stage = stageId(sam, "Stage");
  const made = {
    RestApiId: ref(id),
    DeploymentId: ref(deployment),
    ...pick(
      properties,
      "StageName CacheClusterEnabled CacheClusterSize Variables MethodSettings AccessLogSetting CanarySetting TracingEnabled".split(
        " ",
      ),
    ),
    ...tagList(properties),
  };
  expansion.beside(sam, stage, "AWS::ApiGateway::Stage", expansion.from(made, properties));
  expansion.references.set(`${id}.Stage`, stage).set(`${id}.Deployment`, deployment);
}

/** `AWS::Serverless::HttpApi`: an HTTP API with its paths, and its stage. */
export function expandHttpApi(expansion: Expansion, sam: SamResource): void {
  const { id, properties } = sam;
  const body = bodyOf(expansion, sam, "openapi");
  const api = expansion.from(
    { ...body, ...pick(properties, ["FailOnWarnings"]) },
    properties,
    BODY_PLACES,
  );
  expansion.main(sam, "AWS::ApiGatewayV2::Api", api);
  const stage = stageId(sam, "ApiGatewayDefaultStage");
  const tags = objectOf(properties.Tags);
  const made = {
    ApiId: ref(id),
    StageName: "$default",
    ...pick(
      properties,
      "StageName StageVariables AccessLogSettings DefaultRouteSettings RouteSettings".split(" "),
    ),
    Tags: { "httpapi:createdBy": "SAM", ...tags },
    AutoDeploy: true,
  };
  expansion.beside(sam, stage, "AWS::ApiGatewayV2::Stage", expansion.from(made, properties));
  expansion.references.set(`${id}.Stage`, stage);
}

function stageId({ id, properties }: SamResource, nameless: string): string {
  const name = properties.StageName;
  if (name === undefined || name === "$default") return id + nameless;
  return `${id}${typeof name === "string" ? name : ""}Stage`;
}

function endpointOf(properties: JsonObject): JsonObject {
  const endpoint = properties.EndpointConfiguration;
  if (endpoint === undefined) return {};
  if (!isObject(endpoint) || endpoint.Type === undefined) {
    return { EndpointConfiguration: isObject(endpoint) ? endpoint : { Types: [endpoint] } };
  }
  const { Type, VPCEndpointIds } = endpoint;
  const ids = VPCEndpointIds === undefined ? {} : { VpcEndpointIds: VPCEndpointIds };
  return {
    EndpointConfiguration: { Types: [Type ?? ""], ...ids },
    Parameters: { endpointConfigurationTypes: Type ?? "" },
  };
}

function tagList(properties: JsonObject): JsonObject {
  const tags = plainTags(properties.Tags);
  return tags.length === 0 ? {} : { Tags: tags };
}

const BODY_PLACES = { Body: "DefinitionBody", BodyS3Location: "DefinitionUri" };
const BODY_LOCATION = { bucket: "Bucket", key: "Key", version: "Version" };

/** The author's body, or the paths of the events that reference this API. */
function bodyOf(expansion: Expansion, sam: SamResource, format: "swagger" | "openapi"): JsonObject {
  const { DefinitionUri, DefinitionBody } = sam.properties;
  if (DefinitionBody !== undefined) return { Body: DefinitionBody };
  if (DefinitionUri !== undefined) {
    return { BodyS3Location: locationOf(DefinitionUri, BODY_LOCATION) ?? DefinitionUri };
  }
  const name = format === "openapi" ? sam.properties.Name : undefined;
  const title = name ?? ref("AWS::StackName");
  const security = authorizersOf(sam);
  return {
    Body: {
      [format]: format === "swagger" ? "2.0" : "3.0.1",
      info: { version: "1.0", title },
      paths: pathsOf(expansion, sam),
      ...(format === "swagger"
        ? { securityDefinitions: security }
        : { components: { securitySchemes: security } }),
    },
  };
}

function pathsOf(expansion: Expansion, sam: SamResource): JsonObject {
  const paths = new Map<string, [string, Json][]>();
  for (const { type, api, path, method, operation, condition } of expansion.apiPaths) {
    if (type !== sam.type || (api ?? IMPLICIT[type].id) !== sam.id) continue;
    const methods = paths.get(path) ?? [];
    paths.set(path, [...methods, [method, onlyIf(condition, operation)]]);
  }
  return Object.fromEntries(
    [...paths].map(([path, methods]) => [path, Object.fromEntries(methods)]),
  );
}

/** The functions that authorize calls of an API. */
function authorizersOf({ properties }: SamResource): JsonObject {
  const { Authorizers } = objectOf(properties.Auth);
  return Object.fromEntries(
    Object.entries(objectOf(Authorizers)).flatMap(([name, authorizer]) => {
      if (!isObject(authorizer)) return [];
      const arn = authorizer.AuthorizerFunctionArn ?? authorizer.FunctionArn;
      if (arn === undefined) return [];
      const uri = sub(`${FUNCTIONS}\${FunctionArn}/invocations`, { FunctionArn: arn });
      return [[name, { "x-amazon-apigateway-authorizer": { authorizerUri: uri } }]];
    }),
  );
}
