import { didYouMean } from "../../../definition/faults.ts";
import { given } from "../../../values/given.ts";
import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject, objectOf } from "../../cloudformation/rules/tree.ts";
import { ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { nameInArn, normalized, routeId } from "./names.ts";
import {
  arnOf,
  invocationUri,
  permission,
  type ServiceEvent,
  type Spot,
  textOr,
  type Written,
} from "./written.ts";

const API = "WebsocketsApi";
const STAGE = "WebsocketsDeploymentStage";
const DEPLOYMENT = "WebsocketsDeployment";
const DEFAULT_IDENTITY = ["route.request.header.Auth"];

type Authorizer = {
  readonly name: string;
  readonly arn: Json;
  readonly identitySource: Json;
};

/**
 * Writes the WebSocket API of the `websocket` events: routes, integrations, authorizers, permissions, the
 * stage.
 */
export function addWebSockets(written: Written, events: readonly ServiceEvent[]): void {
  if (events.length === 0) return;
  addApi(written);
  const routes = new Map<string, string>();
  for (const event of events) {
    const route = routeOf(event);
    if (route === undefined) {
      written.error(
        `the websocket event of ${event.name} has no route. Add one, such as $connect.`,
        event,
      );
      continue;
    }
    const other = routes.get(route);
    if (other !== undefined && other !== event.name) {
      written.warn(
        `the route ${route} is also one of ${other}. Serverless deploys the last one.`,
        event,
      );
    }
    routes.set(route, event.name);
    addRoute(written, event, route);
  }
}

function addApi(written: Written): void {
  const { provider, name, stage } = written.service;
  const spot = { node: provider };
  const description = textOr(provider.websocketsDescription, "Serverless Websockets");
  const external = objectOf(provider.apiGateway).websocketApiId;
  if (external !== undefined) {
    const problem =
      "websocketApiId refers to the API of another service. wsgw serves the routes of this service as a separate API.";
    written.warn(problem, { node: provider.apiGateway, key: "websocketApiId" });
  }
  const ownName = provider.websocketsApiName ?? provider.websocketApiName;
  const expression =
    provider.websocketsApiRouteSelectionExpression ??
    provider.websocketApiRouteSelectionExpression ??
    "$request.body.action";
  const properties = {
    Name: textOr(ownName, `${stage}-${name}-websockets`),
    RouteSelectionExpression: expression,
    Description: description,
    ProtocolType: "WEBSOCKET",
  };
  const renamed = {
    Name: "websocketsApiName",
    RouteSelectionExpression: "websocketsApiRouteSelectionExpression",
  };
  written.put(API, "AWS::ApiGatewayV2::Api", properties, spot, renamed);
  written.put(DEPLOYMENT, "AWS::ApiGatewayV2::Deployment", { ApiId: ref(API) }, spot);
  const stageProperties = {
    ApiId: ref(API),
    StageName: stage,
    Description: description,
    DeploymentId: ref(DEPLOYMENT),
    ...logsOf(written),
  };
  written.put(STAGE, "AWS::ApiGatewayV2::Stage", stageProperties, spot, {
    StageName: "stage",
  });
  written.statements.push({
    Effect: "Allow",
    Action: ["execute-api:ManageConnections"],
    Resource: [{ "Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*" }],
  });
}

/** Of the access log of a service that gives none, as Serverless 3 and osls write it. */
const ACCESS_LOG_FORMAT = `$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.requestId`;

/** The stage's settings from `provider.logs.websocket`. */
function logsOf({ service }: Written): JsonObject {
  const logs = objectOf(service.provider.logs).websocket;
  if (logs === undefined || logs === null || logs === false) return {};
  const { executionLogging, fullExecutionData = true, level = "INFO" } = objectOf(logs);
  const { accessLogging, format } = objectOf(logs);
  const route = {
    DataTraceEnabled: fullExecutionData,
    LoggingLevel: executionLogging === false ? "OFF" : level,
  };
  return {
    DefaultRouteSettings: route,
    ...(accessLogging !== false && { AccessLogSettings: { Format: format || ACCESS_LOG_FORMAT } }),
  };
}

/** The old plugin for WebSockets used `routeKey`. */
function routeOf({ value }: ServiceEvent): string | undefined {
  const route = isObject(value) ? (value.route ?? value.routeKey) : value;
  return typeof route === "string" && route !== "" ? route : undefined;
}

function addRoute(written: Written, event: ServiceEvent, route: string): void {
  const { name } = event;
  const value = objectOf(event.value);
  const spot = isObject(event.value) ? { node: value } : event;
  const integration = `${normalized(name)}WebsocketsIntegration`;
  written.put(
    integration,
    "AWS::ApiGatewayV2::Integration",
    { ApiId: ref(API), IntegrationType: "AWS_PROXY", IntegrationUri: invocationUri(arnOf(name)) },
    spot,
  );
  allow(written, name, arnOf(name), event);
  const authorizer = authorizerOf(written, value);
  const expression = value.routeResponseSelectionExpression;
  const properties = given({
    ApiId: ref(API),
    RouteKey: route,
    AuthorizationType: authorizer === undefined ? "NONE" : "CUSTOM",
    AuthorizerId: authorizer && ref(authorizerId(authorizer.name)),
    RouteResponseSelectionExpression: expression,
    Target: { "Fn::Join": ["/", ["integrations", ref(integration)]] },
  });
  const id = routeId(route);
  written.put(id, "AWS::ApiGatewayV2::Route", properties, spot, {
    RouteKey: "route",
    AuthorizerId: "authorizer",
    RouteResponseSelectionExpression: "routeResponseSelectionExpression",
  });
  if (expression !== undefined) {
    const response = { ApiId: ref(API), RouteId: ref(id), RouteResponseKey: "$default" };
    written.put(`${id}Response`, "AWS::ApiGatewayV2::RouteResponse", response, spot);
  }
  if (authorizer !== undefined) addAuthorizer(written, authorizer, value);
}

function addAuthorizer(written: Written, authorizer: Authorizer, value: JsonObject): void {
  const { name, arn, identitySource } = authorizer;
  const properties = {
    ApiId: ref(API),
    Name: name,
    AuthorizerType: "REQUEST",
    AuthorizerUri: invocationUri(arn),
    IdentitySource: identitySource,
  };
  const spot = isObject(value.authorizer)
    ? { node: value.authorizer }
    : { node: value, key: "authorizer" };
  written.put(authorizerId(name), "AWS::ApiGatewayV2::Authorizer", properties, spot, {
    IdentitySource: "identitySource",
    Name: "name",
  });
  allow(written, name, arn, spot);
}

function authorizerId(name: string): string {
  return `${normalized(name)}WebsocketsAuthorizer`;
}

/** `auth`, an ARN, `{ name, arn, identitySource }`; undefined without one, or after a reported error. */
function authorizerOf(written: Written, event: JsonObject): Authorizer | undefined {
  const { authorizer } = event;
  if (authorizer === undefined || authorizer === null) return undefined;
  const { name, arn, identitySource } = isObject(authorizer) ? authorizer : parts(authorizer);
  const sources = identitySource ?? DEFAULT_IDENTITY;
  const spot = { node: event, key: "authorizer" };
  if (arn !== undefined) {
    const ownName = isObject(arn) ? name : nameInArn(String(arn));
    if (typeof ownName === "string") {
      return { name: ownName, arn, identitySource: sources };
    }
    written.error("an authorizer whose arn is not a string needs a name. Add one.", spot);
    return undefined;
  }
  if (typeof name !== "string") {
    written.error("an authorizer needs the name of a function, or an arn.", spot);
    return undefined;
  }
  if (!Object.hasOwn(written.service.functions, name)) {
    const advice = didYouMean(name, Object.keys(written.service.functions)) ?? ".";
    written.error(`the authorizer "${name}" is not a function of this service${advice}`, spot);
    return undefined;
  }
  return { name, arn: arnOf(name), identitySource: sources };
}

function parts(authorizer: Json): { name?: Json; arn?: Json; identitySource?: Json } {
  return String(authorizer).includes(":") ? { arn: authorizer } : { name: authorizer };
}

function allow(written: Written, name: string, arn: Json, spot: Spot): void {
  const id = `${normalized(name)}LambdaPermissionWebsockets`;
  written.put(id, "AWS::Lambda::Permission", permission(arn, "apigateway.amazonaws.com"), spot);
}
