import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { addEvents } from "../../../../src/readers/serverless/rules/events.ts";
import { addHttpApi, addRestApi } from "../../../../src/readers/serverless/rules/http.ts";
import { arn, invocationOf, writtenBy } from "./written.ts";

const DOOR = arn("DoorLambdaFunction");
const REST: Json = { Ref: "ApiGatewayRestApi" };

const served = (list: Json, provider: JsonObject = {}) =>
  writtenBy(addEvents, { functions: { door: { events: list } }, provider }).resources;

const method = (HttpMethod: string, ResourceId: Json) => ({
  Type: "AWS::ApiGateway::Method",
  Properties: {
    HttpMethod,
    ResourceId,
    RestApiId: REST,
    Integration: {
      IntegrationHttpMethod: "POST",
      Type: "AWS_PROXY",
      Uri: invocationOf(DOOR),
    },
  },
});
const part = (ParentId: Json, PathPart: string) => ({
  Type: "AWS::ApiGateway::Resource",
  Properties: { ParentId, PathPart, RestApiId: REST },
});
const ROOT: Json = { "Fn::GetAtt": ["ApiGatewayRestApi", "RootResourceId"] };

test("http events are methods of resources of a REST API", () => {
  const list: Json = [
    { http: "GET /rooms/{id}" },
    { http: { method: "post", path: "rooms" } },
    { http: { path: "/" } },
  ];

  expect(served(list)).toEqual({
    ApiGatewayRestApi: { Type: "AWS::ApiGateway::RestApi", Properties: { Name: "dev-chat" } },
    ApiGatewayResourceRooms: part(ROOT, "rooms"),
    ApiGatewayResourceRoomsIdVar: part({ Ref: "ApiGatewayResourceRooms" }, "{id}"),
    ApiGatewayMethodRoomsIdVarGet: method("GET", { Ref: "ApiGatewayResourceRoomsIdVar" }),
    ApiGatewayMethodRoomsPost: method("POST", { Ref: "ApiGatewayResourceRooms" }),
    ApiGatewayMethodAny: method("ANY", ROOT),
  });
});

test("a REST API has the name that the service gives it", () => {
  expect(served([{ http: "GET /" }], { apiName: "own" }).ApiGatewayRestApi).toEqual({
    Type: "AWS::ApiGateway::RestApi",
    Properties: { Name: "own" },
  });
  expect(served([{ http: "GET /" }], { apiName: { Ref: "A" } }).ApiGatewayRestApi).toEqual({
    Type: "AWS::ApiGateway::RestApi",
    Properties: { Name: "dev-chat" },
  });
});

test("APIs have the place of the provider", () => {
  const { pathOf } = writtenBy(addEvents, {
    functions: { door: { events: [{ http: "GET /" }, { httpApi: "*" }] } },
  });

  expect(pathOf("ApiGatewayRestApi")).toBe("provider");
  expect(pathOf("HttpApi")).toBe("provider");
});

const HTTP: Json = { Ref: "HttpApi" };
const route = (RouteKey: string) => ({
  Type: "AWS::ApiGatewayV2::Route",
  Properties: {
    ApiId: HTTP,
    RouteKey,
    Target: { "Fn::Join": ["/", ["integrations", { Ref: "HttpApiIntegrationDoor" }]] },
  },
});

test("httpApi events are routes of an HTTP API", () => {
  const list: Json = [
    { httpApi: " get  /rooms/{id} " },
    { httpApi: { method: "*", path: "/all" } },
    { httpApi: "/bare" },
    { httpApi: "*" },
  ];

  expect(served(list)).toEqual({
    HttpApi: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: { Name: "dev-chat", ProtocolType: "HTTP" },
    },
    HttpApiIntegrationDoor: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: { ApiId: HTTP, IntegrationType: "AWS_PROXY", IntegrationUri: DOOR },
    },
    HttpApiRouteGetRoomsIdVar: route("GET /rooms/{id}"),
    HttpApiRouteAnyAll: route("ANY /all"),
    HttpApiRouteAnyBare: route("ANY /bare"),
    HttpApiRouteDefault: route("$default"),
  });
});

test("an httpApi event without a path is the default route", () => {
  expect(served([{ httpApi: { method: "GET" } }])).toHaveProperty("HttpApiRouteDefault");
});

test("an HTTP API has the name that the service gives it", () => {
  const nameOf = (name: Json) =>
    served([{ httpApi: "*" }], { httpApi: { name } }).HttpApi?.Properties;

  expect(nameOf("own")).toEqual({ Name: "own", ProtocolType: "HTTP" });
  expect(nameOf({ Ref: "A" })).toEqual({ Name: "dev-chat", ProtocolType: "HTTP" });
});

test("routes of APIs of other services are not served, and without events there is no API", () => {
  expect(served([{ http: "GET /" }], { apiGateway: { restApiId: "abc" } })).toEqual({});
  expect(served([{ httpApi: "*" }], { httpApi: { id: "abc" } })).toEqual({});
  expect(writtenBy((written) => addRestApi(written, [])).resources).toEqual({});
  expect(writtenBy((written) => addHttpApi(written, [])).resources).toEqual({});
});
