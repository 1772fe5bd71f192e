import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { addEvents } from "../../../../src/readers/serverless/rules/events.ts";
import { addWebSockets } from "../../../../src/readers/serverless/rules/websockets.ts";
import type { Service } from "../../../../src/readers/serverless/rules/written.ts";
import { arn, invocationOf, writtenBy } from "./written.ts";

const DOOR = arn("DoorLambdaFunction");
const API: Json = { Ref: "WebsocketsApi" };

const sockets = (list: Json, more: Partial<Service> = {}) =>
  writtenBy(addEvents, { functions: { door: { events: list }, auth: {} }, ...more });

const permission = (of: Json) => ({
  Type: "AWS::Lambda::Permission",
  Properties: {
    FunctionName: of,
    Action: "lambda:InvokeFunction",
    Principal: "apigateway.amazonaws.com",
  },
});

test("a route has an API, a stage, a deployment, an integration and a permission", () => {
  const { resources, statements, reported, pathOf } = sockets([{ websocket: "$connect" }]);

  expect(resources).toEqual({
    WebsocketsApi: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: {
        Name: "dev-chat-websockets",
        RouteSelectionExpression: "$request.body.action",
        Description: "Serverless Websockets",
        ProtocolType: "WEBSOCKET",
      },
    },
    WebsocketsDeployment: { Type: "AWS::ApiGatewayV2::Deployment", Properties: { ApiId: API } },
    WebsocketsDeploymentStage: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: {
        ApiId: API,
        StageName: "dev",
        Description: "Serverless Websockets",
        DeploymentId: { Ref: "WebsocketsDeployment" },
      },
    },
    DoorWebsocketsIntegration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId: API,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: invocationOf(DOOR),
      },
    },
    DoorLambdaPermissionWebsockets: permission(DOOR),
    SconnectWebsocketsRoute: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId: API,
        RouteKey: "$connect",
        AuthorizationType: "NONE",
        Target: { "Fn::Join": ["/", ["integrations", { Ref: "DoorWebsocketsIntegration" }]] },
      },
    },
  });
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["execute-api:ManageConnections"],
      Resource: [{ "Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*" }],
    },
  ]);
  expect(reported).toEqual([]);
  expect(pathOf("SconnectWebsocketsRoute")).toBe("functions.door.events.0.websocket");
  expect(pathOf("WebsocketsApi", "Name")).toBe("provider.websocketsApiName");
  expect(pathOf("WebsocketsApi", "RouteSelectionExpression")).toBe(
    "provider.websocketsApiRouteSelectionExpression",
  );
  expect(pathOf("WebsocketsDeploymentStage", "StageName")).toBe("provider.stage");
});

test("without routes there is no API", () => {
  const { resources, statements } = writtenBy((written) => addWebSockets(written, []));

  expect([resources, statements]).toEqual([{}, []]);
});

const apiOf = (provider: JsonObject) =>
  sockets([{ websocket: "a" }], { provider }).resources.WebsocketsApi?.Properties;

test.each<[JsonObject, string, string, string]>([
  [
    {
      websocketsApiName: "room",
      websocketApiName: "old",
      websocketsApiRouteSelectionExpression: "$request.body.kind",
      websocketApiRouteSelectionExpression: "$request.body.old",
      websocketsDescription: "Rooms",
    },
    "room",
    "$request.body.kind",
    "Rooms",
  ],
  [
    { websocketApiName: "old", websocketApiRouteSelectionExpression: "$request.body.old" },
    "old",
    "$request.body.old",
    "Serverless Websockets",
  ],
])("the API takes name, expression and description from %j", (provider, name, expression, text) => {
  expect(apiOf(provider)).toEqual({
    Name: name,
    RouteSelectionExpression: expression,
    Description: text,
    ProtocolType: "WEBSOCKET",
  });
});

test("routes of another service's API are served as an API of their own", () => {
  const provider = { apiGateway: { websocketApiId: "abc" } };

  expect(sockets([{ websocket: "a" }], { provider }).reported).toEqual([
    "warning provider.apiGateway.websocketApiId: websocketApiId refers to the API of another service. wsgw serves the routes of this service as a separate API.",
  ]);
});

const FORMAT =
  '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.requestId';
const settings = (DataTraceEnabled: boolean, LoggingLevel: string) => ({
  DefaultRouteSettings: { DataTraceEnabled, LoggingLevel },
});

test.each<[Json, JsonObject]>([
  [false, {}],
  [null, {}],
  [true, { ...settings(true, "INFO"), AccessLogSettings: { Format: FORMAT } }],
  [
    { level: "ERROR", fullExecutionData: false, format: "$context.requestId" },
    { ...settings(false, "ERROR"), AccessLogSettings: { Format: "$context.requestId" } },
  ],
  [{ executionLogging: false, level: "INFO", accessLogging: false }, settings(true, "OFF")],
  [
    { executionLogging: true, accessLogging: true },
    { ...settings(true, "INFO"), AccessLogSettings: { Format: FORMAT } },
  ],
])("logs.websocket: %j is in the stage as %j", (websocket, expected) => {
  const { resources } = sockets([{ websocket: "a" }], { provider: { logs: { websocket } } });
  const {
    ApiId: _,
    StageName: __,
    Description: ___,
    DeploymentId: ____,
    ...logs
  } = (resources.WebsocketsDeploymentStage?.Properties ?? {}) as JsonObject;

  expect(logs).toEqual(expected);
});

test.each<[Json, string]>([
  [{ route: "say" }, "say"],
  [{ routeKey: "say" }, "say"],
  [{ route: "say", routeKey: "other" }, "say"],
])("the route of %j is %s", (websocket, key) => {
  const { resources, pathOf } = sockets([{ websocket }]);

  expect(resources.sayWebsocketsRoute).toMatchObject({ Properties: { RouteKey: key } });
  expect(pathOf("sayWebsocketsRoute", "RouteKey")).toBe("functions.door.events.0.websocket.route");
});

test.each<[Json]>([[{}], [""], [{ route: "" }], [{ route: 7 }]])(
  "the event %j has no route",
  (websocket) => {
    const { resources, reported } = sockets([{ websocket }]);

    expect(reported).toEqual([
      "error functions.door.events.0.websocket: the websocket event of door has no route. Add one, such as $connect.",
    ]);
    expect(Object.keys(resources)).toEqual([
      "WebsocketsApi",
      "WebsocketsDeployment",
      "WebsocketsDeploymentStage",
    ]);
  },
);

test("of two functions with the same route the last one counts", () => {
  const events = [{ websocket: "say" }, { websocket: "say" }];
  const { reported, resources } = writtenBy(addEvents, {
    functions: { door: { events }, hall: { events: [{ websocket: "say" }] } },
  });

  expect(reported).toEqual([
    "warning functions.hall.events.0.websocket: the route say is also one of door. Serverless deploys the last one.",
  ]);
  expect(resources.sayWebsocketsRoute).toMatchObject({
    Properties: {
      Target: { "Fn::Join": ["/", ["integrations", { Ref: "HallWebsocketsIntegration" }]] },
    },
  });
});

test("a route with an expression for responses has the response $default", () => {
  const { resources, pathOf } = sockets([
    { websocket: { route: "say", routeResponseSelectionExpression: "$default" } },
  ]);

  expect(resources.sayWebsocketsRoute).toMatchObject({
    Properties: { RouteResponseSelectionExpression: "$default" },
  });
  expect(pathOf("sayWebsocketsRoute", "RouteResponseSelectionExpression")).toBe(
    "functions.door.events.0.websocket.routeResponseSelectionExpression",
  );
  expect(resources.sayWebsocketsRouteResponse).toEqual({
    Type: "AWS::ApiGatewayV2::RouteResponse",
    Properties: {
      ApiId: API,
      RouteId: { Ref: "sayWebsocketsRoute" },
      RouteResponseKey: "$default",
    },
  });
});

const OTHER = "arn:aws:lambda:us-east-1:1:function:other";

test.each<[Json, string, Json, Json, string]>([
  ["auth", "auth", arn("AuthLambdaFunction"), ["route.request.header.Auth"], ".authorizer"],
  [
    { name: "auth", identitySource: ["route.request.querystring.token"] },
    "auth",
    arn("AuthLambdaFunction"),
    ["route.request.querystring.token"],
    ".authorizer.name",
  ],
  [OTHER, "other", OTHER, ["route.request.header.Auth"], ".authorizer"],
  [{ arn: OTHER, identitySource: ["a"] }, "other", OTHER, ["a"], ".authorizer.name"],
  [
    { name: "own", arn: arn("AuthLambdaFunction") },
    "own",
    arn("AuthLambdaFunction"),
    ["route.request.header.Auth"],
    ".authorizer.name",
  ],
])("the authorizer %j is %s", (authorizer, name, of, IdentitySource, place) => {
  const { resources, reported, pathOf } = sockets([
    { websocket: { route: "$connect", authorizer } },
  ]);
  const id = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

  expect(reported).toEqual([]);
  expect(resources[`${id}WebsocketsAuthorizer`]).toEqual({
    Type: "AWS::ApiGatewayV2::Authorizer",
    Properties: {
      ApiId: API,
      Name: name,
      AuthorizerType: "REQUEST",
      AuthorizerUri: invocationOf(of),
      IdentitySource,
    },
  });
  expect(resources[`${id}LambdaPermissionWebsockets`]).toEqual(permission(of));
  expect(resources.SconnectWebsocketsRoute).toMatchObject({
    Properties: { AuthorizationType: "CUSTOM", AuthorizerId: { Ref: `${id}WebsocketsAuthorizer` } },
  });
  expect(pathOf("SconnectWebsocketsRoute", "AuthorizerId")).toBe(
    "functions.door.events.0.websocket.authorizer",
  );
  expect(pathOf(`${id}WebsocketsAuthorizer`, "Name")).toContain(`websocket${place}`);
});

test("the identity source of an authorizer has its place in the service", () => {
  const authorizer = { name: "auth", identitySource: ["a"] };
  const { pathOf } = sockets([{ websocket: { route: "$connect", authorizer } }]);

  expect(pathOf("AuthWebsocketsAuthorizer", "IdentitySource")).toBe(
    "functions.door.events.0.websocket.authorizer.identitySource",
  );
});

test.each<[Json, string]>([
  [{ arn: { Ref: "Auth" } }, "an authorizer whose arn is not a string needs a name. Add one."],
  [{ identitySource: "a" }, "an authorizer needs the name of a function, or an arn."],
  [{ name: 7 }, "an authorizer needs the name of a function, or an arn."],
  ["auht", 'the authorizer "auht" is not a function of this service. Did you mean "auth"?'],
  ["else", 'the authorizer "else" is not a function of this service.'],
])("the authorizer %j is a fault", (authorizer, problem) => {
  const { reported, resources } = sockets([{ websocket: { route: "$connect", authorizer } }]);

  expect(reported).toEqual([`error functions.door.events.0.websocket.authorizer: ${problem}`]);
  expect(resources.SconnectWebsocketsRoute).toMatchObject({
    Properties: { AuthorizationType: "NONE" },
  });
});

test("a route without an authorizer may say so", () => {
  const { reported } = sockets([{ websocket: { route: "$connect", authorizer: null } }]);

  expect(reported).toEqual([]);
});
