import { expect, test } from "vitest";
import type { Json } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { expanded } from "../expanded.ts";

const HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n";

const fn = (events: string, more = "") => `  Door:
    Type: AWS::Serverless::Function${more}
    Properties:
      Runtime: nodejs24.x
      Handler: app.handler
      CodeUri: src
      Events:
${events}
`;
const event = (name: string, type: string, properties = "{}") =>
  `        ${name}: { Type: ${type}, Properties: ${properties} }`;
const resource = (id: string, type: string, properties: string) =>
  `  ${id}: { Type: AWS::Serverless::${type}, Properties: ${properties} }\n`;

const FUNCTIONS =
  "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/";
const operation = (more: Readonly<Record<string, Json>> = {}, others = {}) => ({
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: { "Fn::Sub": `${FUNCTIONS}\${Door.Arn}/invocations` },
    ...more,
  },
  responses: {},
  ...others,
});
const V2 = { payloadFormatVersion: "2.0" };

test("an Api event makes a REST API with its stage and deployment", () => {
  const text = fn(event("Get", "Api", "{ Path: /rooms, Method: GET }"));
  const { resources, findings } = expanded(HEAD + text);

  expect(findings).toEqual([]);
  expect(resources.ServerlessRestApi).toEqual({
    Type: "AWS::ApiGateway::RestApi",
    Properties: {
      Body: {
        swagger: "2.0",
        info: { version: "1.0", title: { Ref: "AWS::StackName" } },
        paths: { "/rooms": { get: operation() } },
        securityDefinitions: {},
      },
    },
  });
  expect(resources.ServerlessRestApiDeployment).toEqual({
    Type: "AWS::ApiGateway::Deployment",
    Properties: { RestApiId: { Ref: "ServerlessRestApi" }, StageName: "Stage" },
  });
  expect(resources.ServerlessRestApiProdStage).toEqual({
    Type: "AWS::ApiGateway::Stage",
    Properties: {
      RestApiId: { Ref: "ServerlessRestApi" },
      DeploymentId: { Ref: "ServerlessRestApiDeployment" },
      StageName: "Prod",
    },
  });
});

test("HttpApi events make an HTTP API, one without a path its default route", () => {
  const events = [
    event("Get", "HttpApi", "{ Path: /rooms, Method: get, PayloadFormatVersion: '1.0' }"),
    event("Any", "HttpApi", "{ Path: /rooms, Method: ANY }"),
    event("Else", "HttpApi"),
  ].join("\n");
  const { resources, findings } = expanded(HEAD + fn(events));
  const any = "x-amazon-apigateway-any-method";

  expect(findings).toEqual([]);
  expect(resources.ServerlessHttpApi).toEqual({
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Body: {
        openapi: "3.0.1",
        info: { version: "1.0", title: { Ref: "AWS::StackName" } },
        paths: {
          "/rooms": { get: operation({ payloadFormatVersion: "1.0" }), [any]: operation(V2) },
          $default: { [any]: operation(V2, { isDefaultRoute: true }) },
        },
        components: { securitySchemes: {} },
      },
    },
  });
  expect(resources.ServerlessHttpApiApiGatewayDefaultStage).toEqual({
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: {
      ApiId: { Ref: "ServerlessHttpApi" },
      StageName: "$default",
      Tags: { "httpapi:createdBy": "SAM" },
      AutoDeploy: true,
    },
  });
});

test.each(["{ Path: /a }", "{ Method: get }"])(
  "an HttpApi event with %s only is a fault",
  (half) => {
    const { findings, resources } = expanded(HEAD + fn(event("Get", "HttpApi", half)));

    expect(findings).toEqual([
      expect.stringMatching(
        /^10:\d+ error: Function "Door": an HttpApi event has both Path and Method, or neither\.$/,
      ),
    ]);
    expect(resources.ServerlessHttpApi).toBeUndefined();
  },
);

test("an event of another stack's API makes no API here", () => {
  const other = "{ Path: /a, Method: get, RestApiId: { 'Fn::ImportValue': api } }";

  expect(expanded(HEAD + fn(event("Get", "Api", other))).resources.ServerlessRestApi).toBe(
    undefined,
  );
});

test("a REST API keeps its settings, and has the paths of its events only", () => {
  const api = resource(
    "Rest",
    "Api",
    `{ Name: rest, Description: d, StageName: live, Variables: { a: b }, TracingEnabled: true, Tags: { team: chat },
      EndpointConfiguration: { Type: PRIVATE, VPCEndpointIds: [vpce-1] },
      Auth: { Authorizers: { Own: { FunctionArn: 'arn:f' }, New: { AuthorizerFunctionArn: 'arn:g', FunctionArn: 'arn:f' }, Pool: { UserPoolArn: p } } } }`,
  );
  const events = [
    event("Own", "Api", "{ Path: /own, Method: post, RestApiId: { Ref: Rest } }"),
    event("ById", "Api", "{ Path: /own, Method: get, RestApiId: Rest }"),
    event("Implicit", "Api", "{ Path: /other, Method: get }"),
  ].join("\n");
  const { resources, path } = expanded(HEAD + api + fn(events));
  const authorizer = (FunctionArn: string) => ({
    "x-amazon-apigateway-authorizer": {
      authorizerUri: { "Fn::Sub": [`${FUNCTIONS}\${FunctionArn}/invocations`, { FunctionArn }] },
    },
  });

  expect(resources.Rest).toEqual({
    Type: "AWS::ApiGateway::RestApi",
    Properties: {
      Name: "rest",
      Description: "d",
      Body: {
        swagger: "2.0",
        info: { version: "1.0", title: { Ref: "AWS::StackName" } },
        paths: { "/own": { post: operation(), get: operation() } },
        securityDefinitions: { Own: authorizer("arn:f"), New: authorizer("arn:g") },
      },
      EndpointConfiguration: { Types: ["PRIVATE"], VpcEndpointIds: ["vpce-1"] },
      Parameters: { endpointConfigurationTypes: "PRIVATE" },
    },
  });
  expect(resources.RestliveStage).toEqual({
    Type: "AWS::ApiGateway::Stage",
    Properties: {
      RestApiId: { Ref: "Rest" },
      DeploymentId: { Ref: "RestDeployment" },
      StageName: "live",
      Variables: { a: "b" },
      TracingEnabled: true,
      Tags: [{ Key: "team", Value: "chat" }],
    },
  });
  expect(path("Rest", "Body")).toEqual(["Resources", "Rest", "Properties", "DefinitionBody"]);
});

test.each<[string, unknown]>([
  ["EndpointConfiguration: EDGE", { EndpointConfiguration: { Types: ["EDGE"] } }],
  ["EndpointConfiguration: { Types: [EDGE] }", { EndpointConfiguration: { Types: ["EDGE"] } }],
  [
    "EndpointConfiguration: { Type: EDGE }",
    {
      EndpointConfiguration: { Types: ["EDGE"] },
      Parameters: { endpointConfigurationTypes: "EDGE" },
    },
  ],
])("a REST API with %s has the endpoint %j", (written, endpoint) => {
  const body = "DefinitionBody: { swagger: '2.0' }";
  const text = resource("Rest", "Api", `{ StageName: a, ${body}, ${written} }`);

  expect(expanded(HEAD + text).propertiesOf("Rest")).toEqual({
    Body: { swagger: "2.0" },
    ...(endpoint as object),
  });
});

test.each<[string, Json]>([
  ["s3://bucket/api.yaml?versionId=3", { Bucket: "bucket", Key: "api.yaml", Version: "3" }],
  ["api.yaml", "api.yaml"],
])("the definition of an API at %s is at %j", (uri, location) => {
  const text = resource("Rest", "Api", `{ StageName: a, DefinitionUri: '${uri}' }`);
  const { propertiesOf, path } = expanded(HEAD + text);

  expect(propertiesOf("Rest")).toEqual({ BodyS3Location: location });
  expect(path("Rest", "BodyS3Location")?.at(-1)).toBe("DefinitionUri");
});

test("an HTTP API keeps its settings and names, and those of its stage", () => {
  const api = resource(
    "Web",
    "HttpApi",
    "{ Name: web, FailOnWarnings: true, StageName: live, StageVariables: { a: b }, Tags: { team: chat } }",
  );
  const text = api + fn(event("Get", "HttpApi", "{ Path: /a, Method: get, ApiId: { Ref: Web } }"));
  const { resources } = expanded(HEAD + text);

  expect(resources.Web).toEqual({
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Body: {
        openapi: "3.0.1",
        info: { version: "1.0", title: "web" },
        paths: { "/a": { get: operation(V2) } },
        components: { securitySchemes: {} },
      },
      FailOnWarnings: true,
    },
  });
  expect(resources.WebliveStage).toEqual({
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: {
      ApiId: { Ref: "Web" },
      StageName: "live",
      StageVariables: { a: "b" },
      Tags: { "httpapi:createdBy": "SAM", team: "chat" },
      AutoDeploy: true,
    },
  });
});

test("other resources refer to stage and deployment of an API by its name", () => {
  const outputs =
    "Outputs:\n  Stage: { Value: { Ref: Rest.Stage } }\n  Deployment: { Value: { Ref: Rest.Deployment } }\n  Web: { Value: { Ref: Web.Stage } }\n";
  const apis = resource("Rest", "Api", "{ StageName: live }") + resource("Web", "HttpApi", "{}");

  expect(expanded(HEAD + apis + outputs).template.Outputs).toEqual({
    Stage: { Value: { Ref: "RestliveStage" } },
    Deployment: { Value: { Ref: "RestDeployment" } },
    Web: { Value: { Ref: "WebApiGatewayDefaultStage" } },
  });
});

test("paths of a function with a condition have it, and so has an API of these alone", () => {
  const text = fn(event("Get", "Api", "{ Path: /a, Method: get }"), "\n    Condition: IsLive");
  const { resources } = expanded(
    `${HEAD}${text}Conditions: { IsLive: { 'Fn::Equals': [a, a] } }\n`,
  );

  expect(resources.ServerlessRestApi).toMatchObject({
    Condition: "IsLive",
    Properties: {
      Body: {
        paths: {
          "/a": { get: { "Fn::If": ["IsLive", operation(), { Ref: "AWS::NoValue" }] } },
        },
      },
    },
  });
});

test("an Api event of a state machine starts it", () => {
  const text = `  Steps:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {}
      Events:
        Start: { Type: Api, Properties: { Path: /start, Method: post } }
`;
  const { Body } = expanded(HEAD + text).propertiesOf("ServerlessRestApi");

  expect(Body).toMatchObject({
    paths: {
      "/start": {
        post: {
          "x-amazon-apigateway-integration": {
            type: "aws",
            httpMethod: "POST",
            uri: {
              "Fn::Sub":
                "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution",
            },
          },
        },
      },
    },
  });
});
