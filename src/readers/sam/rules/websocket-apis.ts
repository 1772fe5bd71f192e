import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { ref, sub } from "../../cloudformation/rules/write-intrinsics.ts";
import { type Expansion, pick, type SamResource, word } from "./expansion.ts";
import { ROUTE_PROPERTIES } from "./vocabulary.ts";

const URI =
  "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations";
const EXECUTE_API = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:";
const MARK = { "websocketapi:createdBy": "SAM" };

/**
 * `AWS::Serverless::WebSocketApi`: the API, its stage, and integration and permission for each route.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-websocketapi.html
 */
export function expandWebSocketApi(expansion: Expansion, resource: SamResource): void {
  const { id, properties } = resource;
  const what = `WebSocketApi ${JSON.stringify(id)}`;
  const sam = { ...resource, written: withoutCondition(expansion, what, resource.written) };
  const taken =
    "Description ApiKeySelectionExpression DisableExecuteApiEndpoint DisableSchemaValidation IpAddressType RouteSelectionExpression";
  const api = {
    Name: properties.Name ?? id,
    ProtocolType: "WEBSOCKET",
    ...pick(properties, taken.split(" ")),
    Tags: { ...expansion.map(what, properties, "Tags"), ...MARK },
  };
  expansion.main(sam, "AWS::ApiGatewayV2::Api", expansion.from(api, properties));
  const routes = expansion.map(what, properties, "Routes");
  if (properties.Routes !== undefined && Object.keys(routes).length === 0) {
    expansion.error(`${what} needs at least one route.`, properties, "Routes");
  }
  const authorization = authorizationOf(expansion, sam, routes);
  const routeIds = Object.keys(routes).flatMap(
    (key) => addRoute(expansion, sam, routes, key, authorization) ?? [],
  );
  addStage(expansion, sam, routeIds);
  addDomain(expansion, sam);
}

/** SAM 1.110 creates the API whatever its `Condition`; so does wsgw, with a warning. */
function withoutCondition(expansion: Expansion, what: string, written: JsonObject): JsonObject {
  if (written.Condition !== undefined) {
    const problem = `${what}: SAM ignores the Condition of a WebSocketApi and always creates its resources.`;
    expansion.warn(problem, written, "Condition");
  }
  return expansion.origins.inherit(pick(written, ["DependsOn", "Metadata"]), written);
}

/** Adds a route with its integration, and returns its id. */
function addRoute(
  expansion: Expansion,
  sam: SamResource,
  routes: JsonObject,
  key: string,
  authorization: JsonObject,
): string | undefined {
  const what = `WebSocketApi ${JSON.stringify(sam.id)}: route ${JSON.stringify(key)}`;
  const special = ["$connect", "$disconnect", "$default"].includes(key);
  if (!special && !/^[\p{L}\p{N}]+$/u.test(key)) {
    const allowed = "letters and digits, $connect, $disconnect or $default";
    expansion.error(`${what}: SAM accepts only ${allowed} as a route key.`, routes, key);
    return undefined;
  }
  const route = expansion.properties(what, routes, key);
  expansion.checkWords(what, route, ROUTE_PROPERTIES, "ignored");
  if (key !== "$connect" && route.RequestParameters !== undefined) {
    const problem = `${what}: RequestParameters work on $connect only.`;
    expansion.error(problem, route, "RequestParameters");
  }
  const word = key.replace("$", "");
  const base = `${sam.id}${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`;
  const taken =
    "ApiKeyRequired ModelSelectionExpression OperationName RequestModels RequestParameters RouteResponseSelectionExpression";
  const made = {
    ApiId: ref(sam.id),
    RouteKey: key,
    ...pick(route, taken.split(" ")),
    ...(key === "$connect" ? authorization : {}),
    Target: { "Fn::Join": ["/", ["integrations", ref(`${base}Integration`)]] },
  };
  expansion.beside(sam, `${base}Route`, "AWS::ApiGatewayV2::Route", expansion.from(made, route));
  addIntegration(expansion, sam, key, base, route);
  return `${base}Route`;
}

function addIntegration(
  expansion: Expansion,
  sam: SamResource,
  key: string,
  base: string,
  route: JsonObject,
): void {
  const { FunctionArn = "", IntegrationTimeout } = route;
  const integration = {
    ApiId: ref(sam.id),
    IntegrationType: "AWS_PROXY",
    IntegrationUri: sub(URI, { FunctionArn }),
    ...(IntegrationTimeout !== undefined && { TimeoutInMillis: IntegrationTimeout }),
  };
  const places = { IntegrationUri: "FunctionArn", TimeoutInMillis: "IntegrationTimeout" };
  const made = expansion.from(integration, route, places);
  expansion.beside(sam, `${base}Integration`, "AWS::ApiGatewayV2::Integration", made);
  const stage = stageName(sam);
  const source = `${EXECUTE_API}\${${sam.id}.ApiId}/`;
  const permission = {
    Action: "lambda:InvokeFunction",
    FunctionName: FunctionArn,
    Principal: "apigateway.amazonaws.com",
    SourceArn:
      typeof stage === "string"
        ? sub(`${source}${stage}/${key}`)
        : sub(`${source}\${__StageName__}/${key}`, { __StageName__: stage }),
  };
  const allowed = expansion.from(permission, route, { FunctionName: "FunctionArn" });
  expansion.beside(sam, `${base}Permission`, "AWS::Lambda::Permission", allowed);
}

/** The authorization of `$connect` from `Auth`; adds its authorizer. */
function authorizationOf(expansion: Expansion, sam: SamResource, routes: JsonObject): JsonObject {
  if (sam.properties.Auth === undefined) return {};
  const what = `WebSocketApi ${JSON.stringify(sam.id)}`;
  const auth = expansion.properties(what, sam.properties, "Auth");
  if (routes.$connect === undefined) {
    expansion.error(`${what}: Auth needs a route for $connect.`, sam.properties, "Auth");
  }
  expansion.checkWords(
    `${what}: Auth`,
    auth,
    "AuthType* AuthArn InvokeRole IdentitySource Name",
    "ignored",
  );
  const type = word(auth.AuthType).toUpperCase();
  if (auth.AuthType === undefined) return {};
  if (!["NONE", "AWS_IAM", "CUSTOM"].includes(type)) {
    expansion.error(`${what}: AuthType must be CUSTOM, AWS_IAM or NONE.`, auth, "AuthType");
    return {};
  }
  if (type !== "CUSTOM") {
    for (const name of Object.keys(auth).filter((each) => each !== "AuthType")) {
      expansion.error(`${what}: ${name} works with AuthType CUSTOM only.`, auth, name);
    }
  } else if (auth.AuthArn === undefined) {
    expansion.error(
      `${what}: AuthType CUSTOM needs AuthArn, the ARN of a function.`,
      auth,
      "AuthType",
    );
    return {};
  }
  if (type !== "NONE" && type !== auth.AuthType) {
    const problem = `${what}: AuthType must be ${type} in this spelling. SAM accepts ${auth.AuthType}, and all clients can connect.`;
    expansion.warn(problem, auth, "AuthType");
    return { AuthorizationType: "NONE" };
  }
  if (type !== "CUSTOM" || auth.AuthArn === undefined) return { AuthorizationType: type };
  return addAuthorizer(expansion, sam, auth, auth.AuthArn);
}

function addAuthorizer(
  expansion: Expansion,
  sam: SamResource,
  auth: JsonObject,
  arn: Json,
): JsonObject {
  const id = `${sam.id}ConnectAuthorizer`;
  const authorizer = {
    ApiId: ref(sam.id),
    AuthorizerType: "REQUEST",
    AuthorizerUri: sub(URI.replace("FunctionArn", "AuthArn"), { AuthArn: arn }),
    Name: auth.Name ?? id,
    ...pick(auth, ["IdentitySource"]),
    ...(auth.InvokeRole !== undefined && { AuthorizerCredentialsArn: auth.InvokeRole }),
  };
  const places = { AuthorizerUri: "AuthArn", AuthorizerCredentialsArn: "InvokeRole" };
  const made = expansion.from(authorizer, auth, places);
  expansion.beside(sam, id, "AWS::ApiGatewayV2::Authorizer", made);
  if (auth.InvokeRole === undefined) {
    const permission = {
      Action: "lambda:InvokeFunction",
      FunctionName: arn,
      Principal: "apigateway.amazonaws.com",
      SourceArn: sub(`${EXECUTE_API}\${__ApiId__}/authorizers/*`, { __ApiId__: ref(sam.id) }),
    };
    const allowed = expansion.from(permission, auth, { FunctionName: "AuthArn" });
    expansion.beside(sam, `${sam.id}AuthorizerPermission`, "AWS::Lambda::Permission", allowed);
  }
  return { AuthorizationType: "CUSTOM", AuthorizerId: ref(id) };
}

function stageName({ properties }: SamResource): Json {
  return properties.StageName ?? "default";
}

function addStage(expansion: Expansion, sam: SamResource, routeIds: readonly string[]): void {
  const { id, properties } = sam;
  const name = stageName(sam);
  if (name === "$default") {
    const problem = `WebSocketApi ${JSON.stringify(id)}: a stage of a WebSocket API cannot be named $default.`;
    expansion.error(problem, properties, "StageName");
  }
  const word = name === "default" ? "Default" : typeof name === "string" ? name : "";
  const taken = "StageVariables AccessLogSettings DefaultRouteSettings RouteSettings";
  const stage = {
    ApiId: ref(id),
    StageName: name,
    ...pick(properties, taken.split(" ")),
    Tags: MARK,
    AutoDeploy: true,
  };
  const waits = properties.RouteSettings === undefined ? {} : { DependsOn: routeIds };
  const made = expansion.from(stage, properties);
  expansion.beside(sam, `${id}${word}Stage`, "AWS::ApiGatewayV2::Stage", made, waits);
  expansion.references.set(`${id}.Stage`, `${id}${word}Stage`);
}

/** The domain of an API, mapped to its stage. */
function addDomain(expansion: Expansion, sam: SamResource): void {
  const { id, properties } = sam;
  if (properties.Domain === undefined) return;
  const what = `WebSocketApi ${JSON.stringify(id)}`;
  const domain = expansion.properties(what, properties, "Domain");
  const words =
    "DomainName* CertificateArn* EndpointConfiguration IpAddressType OwnershipVerificationCertificateArn Route53 BasePath SecurityPolicy MutualTlsAuthentication";
  expansion.checkWords(`${what}: Domain`, domain, words, "ignored");
  if (domain.MutualTlsAuthentication !== undefined) {
    const problem = `${what}: a WebSocket API cannot have MutualTlsAuthentication. Remove it.`;
    expansion.error(problem, domain, "MutualTlsAuthentication");
  }
  const domainId = `${id}DomainName`;
  const { CertificateArn, EndpointConfiguration } = domain;
  const configuration = {
    ...(CertificateArn !== undefined && { CertificateArn }),
    EndpointType: EndpointConfiguration ?? "REGIONAL",
    ...pick(domain, ["SecurityPolicy", "OwnershipVerificationCertificateArn", "IpAddressType"]),
  };
  const name = {
    ...pick(domain, ["DomainName"]),
    DomainNameConfigurations: [configuration],
    Tags: MARK,
  };
  expansion.beside(sam, domainId, "AWS::ApiGatewayV2::DomainName", expansion.from(name, domain));
  expansion.references.set(`${id}.DomainName`, domainId);
  const paths = Array.isArray(domain.BasePath) ? domain.BasePath : [domain.BasePath];
  for (const path of paths) {
    const key = path === undefined || path === "/" ? undefined : path;
    const suffix = word(key).replaceAll(/\W/g, "");
    const mapping = {
      ApiId: ref(id),
      DomainName: ref(domainId),
      Stage: ref(expansion.references.get(`${id}.Stage`) ?? ""),
      ...(key !== undefined && { ApiMappingKey: key }),
    };
    const made = expansion.from(mapping, domain, { ApiMappingKey: "BasePath" });
    expansion.beside(sam, `${id}${suffix}ApiMapping`, "AWS::ApiGatewayV2::ApiMapping", made);
  }
}
