import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/deploy/template.ts";
import { direct } from "../../definition/definitions.ts";
import { templateOf } from "../apis.ts";

const { Resources: resources } = templateOf(direct);

const propertiesOf = (type: string, test: (properties: JsonObject) => boolean): JsonObject =>
  Object.values(resources).find(
    ({ Type, Properties = {} }) => Type === `AWS::ApiGatewayV2::${type}` && test(Properties),
  )?.Properties ?? {};
const integration = (type: string) =>
  propertiesOf("Integration", ({ IntegrationType }) => IntegrationType === type);

test("a call of a service has a role of the stack's own with the stated rights", () => {
  expect(resources.ConnectIntegration?.Properties).toMatchObject({
    IntegrationType: "AWS",
    IntegrationMethod: "POST",
    IntegrationUri: { "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem" },
    CredentialsArn: { "Fn::GetAtt": ["ConnectIntegrationRole", "Arn"] },
    RequestTemplates: {
      $default: {
        "Fn::Sub":
          '{"TableName":"${RoomsTable}","Item":{"id":{"S":"$context.connectionId"},"by":{"S":"${!context.apiId}"}}}',
      },
    },
  });
  expect(resources.ConnectIntegrationRole?.Properties).toMatchObject({
    AssumeRolePolicyDocument: {
      Statement: [{ Principal: { Service: "apigateway.amazonaws.com" } }],
    },
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            {
              Effect: "Allow",
              Action: "dynamodb:PutItem",
              Resource: { "Fn::GetAtt": ["RoomsTable", "Arn"] },
            },
          ],
        },
      },
    ],
  });
});

test("$connect has an integration response and a route response, and its parameters", () => {
  expect(resources.ConnectRoute?.Properties).toMatchObject({
    RequestParameters: { "route.request.querystring.room": { Required: true } },
    Target: { "Fn::Sub": "integrations/${ConnectIntegration}" },
  });
  expect(resources.ConnectRouteResponse?.Properties).toMatchObject({
    RouteResponseKey: "$default",
  });
  expect(
    propertiesOf("IntegrationResponse", (each) => JSON.stringify(each).includes('"ConnectI')),
  ).toMatchObject({ IntegrationResponseKey: "/200/" });
});

test("each type has the properties that it was defined with", () => {
  expect(integration("MOCK")).toEqual({
    ApiId: { Ref: "Api" },
    IntegrationType: "MOCK",
    PassthroughBehavior: "WHEN_NO_MATCH",
    RequestTemplates: { "200": '{"statusCode":200}' },
    TemplateSelectionExpression: "200",
  });
  expect(integration("HTTP")).toMatchObject({
    IntegrationMethod: "PUT",
    IntegrationUri: "https://${stageVariables.backend}/in/{room}",
    ConnectionType: "VPC_LINK",
    ConnectionId: "${stageVariables.link}",
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    RequestParameters: { "integration.request.path.room": "route.request.body.room" },
  });
  expect(integration("HTTP_PROXY")).toMatchObject({
    IntegrationMethod: "POST",
    IntegrationUri: "https://backend.example.com",
  });
  expect(resources.OrderIntegration?.Properties).toMatchObject({
    CredentialsArn: "arn:aws:iam::123456789012:role/sends",
    PassthroughBehavior: "NEVER",
    TimeoutInMillis: 5_000,
  });
  expect(resources.SumIntegration?.Properties).toMatchObject({
    IntegrationType: "AWS",
    IntegrationUri: { "Fn::Sub": expect.stringContaining("${SumFunction.Arn}/invocations") },
  });
  expect(resources.SumPermission?.Type).toBe("AWS::Lambda::Permission");
});
