import { expect, test } from "vitest";
import { runMain } from "../cli/run-main.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { project } from "./projects.ts";

const CODE = "exports.handler = async () => ({ statusCode: 200 });\n";

const CONFIG = `import { defineApi } from "wsgw";
export default defineApi({
  name: "chat",
  routeSelectionExpression: "request.body.action",
  stage: { name: "dev" },
  functions: { all: { handler: "a.handler" } },
  routes: { connect: { function: "all" } },
});
`;

const resources = (api: string, route: string, functionType = "AWS::Lambda::Function") => `
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: dev } }
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt All.Arn }
  All: { Type: ${functionType}, Properties: { ${functionType === "AWS::Lambda::Function" ? "Code" : "CodeUri"}: ., Handler: a.handler, Runtime: nodejs24.x } }
  May: { Type: AWS::Lambda::Permission, Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref All, Principal: apigateway.amazonaws.com } }${api}${route}
`;

const API = `
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: request.body.action }`;

const ROUTE = `
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: connect, Target: !Sub "integrations/\${Integration}" }`;

const SERVERLESS = `service: chat
provider:
  name: aws
  runtime: nodejs24.x
  websocketsApiRouteSelectionExpression: request.body.action
functions:
  all:
    handler: a.handler
    events:
      - websocket:
          route: connect
`;

const TERRAFORM = `resource "aws_apigatewayv2_api" "chat" {
  name                       = "chat"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "request.body.action"
}
resource "aws_apigatewayv2_stage" "dev" {
  api_id = aws_apigatewayv2_api.chat.id
  name   = "dev"
}
resource "aws_lambda_function" "all" {
  function_name = "all"
  handler       = "a.handler"
  runtime       = "nodejs24.x"
  filename      = "a.js"
  role          = "arn:aws:iam::123456789012:role/app"
}
resource "aws_apigatewayv2_integration" "all" {
  api_id           = aws_apigatewayv2_api.chat.id
  integration_type = "AWS_PROXY"
  integration_uri  = aws_lambda_function.all.invoke_arn
}
resource "aws_apigatewayv2_route" "connect" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "connect"
  target    = "integrations/\${aws_apigatewayv2_integration.all.id}"
}
`;

const FORMS: readonly (readonly [
  form: string,
  file: string,
  text: string,
  places: readonly [expression: string, route: string],
])[] = [
  [
    "a config file",
    "wsgw.config.ts",
    CONFIG,
    [":4:3: routeSelectionExpression", ":7:13: routes.connect"],
  ],
  [
    "CloudFormation",
    "template.yaml",
    `Resources:${resources(API, ROUTE)}`,
    [
      ":10:56: Resources.Api.Properties.RouteSelectionExpression",
      ":13:36: Resources.Route.Properties.RouteKey",
    ],
  ],
  [
    "SAM",
    "template.yaml",
    `Transform: AWS::Serverless-2016-10-31\nResources:${resources(API, ROUTE, "AWS::Serverless::Function")}`,
    [
      ":11:56: Resources.Api.Properties.RouteSelectionExpression",
      ":14:36: Resources.Route.Properties.RouteKey",
    ],
  ],
];

const NOT_DEPLOYED: typeof FORMS = [
  [
    "Serverless",
    "serverless.yml",
    SERVERLESS,
    [
      ":5:3: provider.websocketsApiRouteSelectionExpression",
      ":11:11: functions.all.events[0].websocket.route",
    ],
  ],
  [
    "Terraform",
    "main.tf",
    TERRAFORM,
    [
      ":4:3: aws_apigatewayv2_api.chat.route_selection_expression",
      ":24:3: aws_apigatewayv2_route.connect.route_key",
    ],
  ],
];

const OF_SAM: typeof FORMS = [
  [
    "the WebSocketApi of SAM",
    "template.yaml",
    `Transform: AWS::Serverless-2016-10-31
Resources:
  All: { Type: AWS::Serverless::Function, Properties: { CodeUri: ., Handler: a.handler, Runtime: nodejs24.x } }
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: request.body.action
      StageName: dev
      Routes:
        connect: { FunctionArn: !GetAtt All.Arn }
`,
    [
      ":7:7: Resources.Api.Properties.RouteSelectionExpression",
      ":10:9: Resources.Api.Properties.Routes.connect",
    ],
  ],
];

const expressionLine = (place: string) =>
  `${place}: "request.body.action" does not contain a variable, so every message selects the route with that name. Write it like "$request.body.action".`;
const routeLine = (place: string) =>
  `${place}: only messages select the route "connect". API Gateway invokes "$connect" when a client connects. Write that if you mean it.`;

test.each([...FORMS, ...NOT_DEPLOYED])(
  "describe and doctor warn of keys and expressions without $ in %s",
  { tags: ["journey"] },
  async (_, file, text, [expression, route]) => {
    const { root: cwd } = project({ "a.js": CODE, [file]: text });
    const state = ["--state-dir", temporaryDirectory()];

    const { err } = await runMain(["describe", ...state], { cwd });
    const { out } = await runMain(["doctor", "--port", "0", ...state], { cwd });

    for (const said of [err, out]) {
      expect(said).toContain(`! ${file}${expressionLine(expression)}`);
      expect(said).toContain(`! ${file}${routeLine(route)}`);
    }
  },
);

test.each([...FORMS, ...OF_SAM])(
  "deploy --noop warns of keys and expressions without $ in %s",
  { tags: ["journey"] },
  async (_, file, text, [expression, route]) => {
    const { root: cwd } = project({ "a.js": CODE, [file]: text });

    const { out, err } = await runMain(
      ["deploy", "--noop", "--out", `${temporaryDirectory()}/out`],
      {
        cwd,
      },
    );

    expect(out + err).toContain(`${file}${expressionLine(expression)}`);
    expect(out + err).toContain(`${file}${routeLine(route)}`);
  },
);
