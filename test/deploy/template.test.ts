import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ApiDefinition } from "../../src/definition/project.ts";
import { checkTemplate } from "../../src/deploy/template/check.ts";
import { apiKeyLogicalId } from "../../src/deploy/template/logical-ids.ts";
import {
  type JsonObject,
  renderTemplate,
  synthesize,
  type Template,
} from "../../src/deploy/template.ts";
import { projectOf, rich, sample, templateOf } from "./apis.ts";

const properties = (template: Template, id: string): JsonObject =>
  template.Resources[id]?.Properties ?? {};

/** The same definition written down the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, item]) => [name, reversed(item)])) as T;
}

test("the sample's template is the one in fixtures", () => {
  const golden = fileURLToPath(
    new URL("../../fixtures/templates/sample-chat.json", import.meta.url),
  );

  expect(renderTemplate(templateOf(sample))).toBe(readFileSync(golden, "utf8"));
});

test.each([
  ["the sample", sample],
  ["a rich definition", rich],
])(
  "the template of %s does not depend on the order in which the definition is written",
  (_, definition) => {
    const text = renderTemplate(templateOf(definition));

    expect(renderTemplate(templateOf(definition))).toBe(text);
    expect(renderTemplate(templateOf(reversed(definition)))).toBe(text);
  },
);

test("$connect with AWS_IAM has that as its AuthorizationType, and nothing of the identities goes to AWS", () => {
  const { $connect, ...routes } = sample.routes;
  const signed: ApiDefinition = {
    ...sample,
    routes: { ...routes, $connect: { function: "connect", ...$connect, authorizer: "AWS_IAM" } },
    identities: { ann: { statements: [{ Effect: "Deny", Action: "*", Resource: "*" }] } },
  };
  const template = templateOf(signed);

  expect(checkTemplate(template)).toEqual([]);
  expect(properties(template, "ConnectRoute")).toEqual({
    ...properties(templateOf(sample), "ConnectRoute"),
    AuthorizationType: "AWS_IAM",
  });
  expect(Object.keys(template.Resources)).toHaveLength(
    Object.keys(templateOf(sample).Resources).length,
  );
});

test("outputs begin with the URL for clients", () => {
  const { Outputs } = JSON.parse(renderTemplate(templateOf(sample)));

  expect(Object.keys(Outputs).slice(0, 2)).toEqual(["WebSocketUrl", "CallbackUrl"]);
  expect(Outputs.WebSocketUrl.Value).toEqual({
    "Fn::Sub": "wss://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1",
  });
  expect(Outputs.BuildId.Value).toBe("0123456");
  expect(Object.keys(Outputs)).toEqual(
    expect.arrayContaining(["ConnectFunctionName", "ConnectionsTableName"]),
  );
});

test("functions find their tables by the name that CloudFormation makes up", () => {
  expect(properties(templateOf(sample), "ConnectFunction").Environment).toEqual({
    Variables: { CONNECTIONS_TABLE: { Ref: "ConnectionsTable" } },
  });
  expect(properties(templateOf(rich), "ConnectionsTable").TableName).toBeUndefined();
});

test("an authorizer has its function and its sources, a permission, and the route that asks it", () => {
  const template = templateOf(rich);

  expect(properties(template, "WhoAuthorizer")).toEqual({
    ApiId: { Ref: "Api" },
    AuthorizerType: "REQUEST",
    AuthorizerUri: {
      "Fn::Sub":
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${ConnectFunction.Arn}/invocations",
    },
    IdentitySource: ["route.request.header.Auth", "route.request.querystring.token"],
    Name: "who",
  });
  expect(properties(template, "WhoAuthorizerPermission")).toMatchObject({
    FunctionName: { "Fn::GetAtt": ["ConnectFunction", "Arn"] },
    SourceArn: {
      "Fn::Sub":
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/${WhoAuthorizer}",
    },
  });
  expect(properties(template, "ConnectRoute")).toMatchObject({
    AuthorizationType: "CUSTOM",
    AuthorizerId: { Ref: "WhoAuthorizer" },
  });
  expect(properties(template, "DefaultRoute").AuthorizationType).toBe("NONE");
});

test("a stage's own access log takes the place of that of all stages, and its file stays here", () => {
  const accessLog = { format: "own $context.requestId", file: "access.log" };
  const logging = { accessLog: "all $context.requestId" };
  const own = { name: "live", accessLog };

  const template = templateOf({ ...rich, stage: own, deploy: { logging } });
  const alone = templateOf({ ...rich, stage: own, deploy: {} });

  for (const each of [template, alone]) {
    expect(properties(each, "Stage").AccessLogSettings).toEqual({
      DestinationArn: { "Fn::GetAtt": ["AccessLogs", "Arn"] },
      Format: "own $context.requestId",
    });
    expect(each.Resources.AccessLogs?.Type).toBe("AWS::Logs::LogGroup");
  }
  expect(JSON.stringify(template)).not.toContain("access.log");
});

test("a two-way route has its response", () => {
  const template = templateOf(rich);

  expect(properties(template, "DefaultRoute")).toMatchObject({
    RouteKey: "$default",
    RouteResponseSelectionExpression: "$default",
  });
  expect(properties(template, "DefaultRouteResponse")).toEqual({
    ApiId: { Ref: "Api" },
    RouteId: { Ref: "DefaultRoute" },
    RouteResponseKey: "$default",
  });
  expect(properties(template, "DefaultIntegration").TimeoutInMillis).toBe(5000);
  expect(properties(template, "ConnectRoute").RouteResponseSelectionExpression).toBeUndefined();
});

test("models refer to each other by API Gateway's URL, and what names a model waits for it", () => {
  const template = templateOf(rich);

  expect(template.Resources.JoiningModel).toEqual({
    Type: "AWS::ApiGatewayV2::Model",
    DependsOn: ["RoomModel"],
    Properties: {
      ApiId: { Ref: "Api" },
      ContentType: "application/json",
      Name: "joining",
      Schema: expect.objectContaining({
        properties: {
          room: {
            $ref: { "Fn::Sub": "https://apigateway.amazonaws.com/restapis/${Api}/models/room" },
          },
          since: { $ref: "#/definitions/time" },
        },
      }),
    },
  });
  expect(template.Resources.RoomJoinMef24a80f5Route).toMatchObject({
    DependsOn: ["JoiningModel"],
    Properties: {
      ModelSelectionExpression: "$request.body.kind",
      RequestModels: { $default: "joining" },
    },
  });
  expect(properties(template, "DefaultRoute")).not.toHaveProperty("RequestModels");
});

test("an API with disableSchemaValidation has it on AWS too", () => {
  const template = templateOf({ ...rich, disableSchemaValidation: true });

  expect(properties(template, "Api").DisableSchemaValidation).toBe(true);
  expect(properties(templateOf(rich), "Api")).not.toHaveProperty("DisableSchemaValidation");
});

test("tables are encrypted, and say what becomes of them", () => {
  const { Resources } = templateOf(rich);

  expect(Resources.ConnectionsTable).toMatchObject({
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
    Properties: { BillingMode: "PAY_PER_REQUEST", SSESpecification: { SSEEnabled: true } },
  });
  expect(Resources.MessagesTable).toMatchObject({
    DeletionPolicy: "RetainExceptOnCreate",
    UpdateReplacePolicy: "Retain",
    Properties: {
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    },
  });
  expect(Resources.AuditTable?.DependsOn).toBeUndefined();
  expect(Resources.MessagesTable?.DependsOn).toEqual(["AuditTable"]);
});

test("the stage logs when asked to", () => {
  const template = templateOf(rich);

  expect(properties(template, "Stage")).toMatchObject({
    AccessLogSettings: {
      DestinationArn: { "Fn::GetAtt": ["AccessLogs", "Arn"] },
      Format: expect.stringContaining('"connectionId":"$context.connectionId"'),
    },
    DefaultRouteSettings: { LoggingLevel: "INFO", DataTraceEnabled: true },
    StageVariables: { level: "debug", b: "c" },
  });
  expect(properties(template, "AccessLogs").RetentionInDays).toBe(7);
  expect(properties(templateOf(sample), "Stage").AccessLogSettings).toBeUndefined();
});

test("a stage's own execution log takes the place of that of all stages, and routes have theirs", () => {
  const executionLog = { level: "ERROR", routes: { $connect: { level: "OFF" } } } as const;
  const stage = { name: "a", executionLog, detailedMetrics: true };

  expect(properties(templateOf({ ...rich, stage }), "Stage")).toMatchObject({
    DefaultRouteSettings: {
      DataTraceEnabled: false,
      DetailedMetricsEnabled: true,
      LoggingLevel: "ERROR",
    },
    RouteSettings: {
      $connect: { DataTraceEnabled: false, DetailedMetricsEnabled: true, LoggingLevel: "OFF" },
    },
  });
});

test("functions have their aliases, and routes call them by alias or stage variable", () => {
  const fn = (name: string) => ({ handler: "a.handler", aliases: [name] });
  const template = templateOf({
    name: "aliased",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "v1", variables: { fn: { ref: "function.say.name" } } },
    functions: { say: fn("blue"), ask: fn("green") },
    routes: {
      ask: { function: "ask:green" },
      say: { function: "${stageVariables.fn}:blue" },
    },
  });
  const uriOf = (id: string) => JSON.stringify(properties(template, id).IntegrationUri);

  expect(properties(template, "AskFunctionAliasGreen")).toEqual({
    FunctionName: { Ref: "AskFunction" },
    FunctionVersion: "$LATEST",
    Name: "green",
  });
  expect(uriOf("AskIntegration")).toContain("/functions/${AskFunction.Arn}:green/invocations");
  expect(uriOf("SayIntegration")).toContain(":function:${!stageVariables.fn}:blue/invocations");
  expect(properties(template, "AskPermission").FunctionName).toEqual({
    Ref: "AskFunctionAliasGreen",
  });
  expect(properties(template, "SayPermission").FunctionName).toEqual({
    Ref: "SayFunctionAliasBlue",
  });
});

test("code says how its handler is called", () => {
  const project = projectOf(sample);
  const code = new Map(
    Object.keys(project.functions).map((name) => [name, { key: "k", handler: "index.handler" }]),
  );

  const fn = properties(synthesize(project, { code, buildId: "1" }), "ConnectFunction");

  expect(fn.Handler).toBe("index.handler");
});

test("an executable has the handler of its directory", () => {
  const fn = Object.values(templateOf(rich).Resources).find(
    ({ Properties }) => Properties?.Runtime === "provided.al2023",
  );

  expect(fn?.Properties?.Handler).toBe("list.handler");
});

test("API keys are enabled, have their values, and are of the plans that name them", () => {
  const template = templateOf(rich);

  expect(properties(template, "WebApiKey")).toEqual({
    Description: "Pages",
    Enabled: true,
    Name: { "Fn::Sub": "${AWS::StackName}-web" },
  });
  expect(properties(template, apiKeyLogicalId("partner-1"))).toEqual({
    Enabled: false,
    Name: { "Fn::Sub": "${AWS::StackName}-partner-1" },
    Value: "partner-0123456789-0123",
  });
  expect(properties(template, "FreeUsagePlan")).toEqual({
    ApiStages: [{ ApiId: { Ref: "Api" }, Stage: { Ref: "Stage" } }],
    Description: "For everybody",
    Quota: { Limit: 1000, Period: "MONTH" },
    Throttle: { BurstLimit: 2, RateLimit: 10 },
    UsagePlanName: { "Fn::Sub": "${AWS::StackName}-free" },
  });
  expect(properties(template, "FreeUsagePlanWebApiKey")).toEqual({
    KeyId: { Ref: "WebApiKey" },
    KeyType: "API_KEY",
    UsagePlanId: { Ref: "FreeUsagePlan" },
  });
  expect(properties(template, "ConnectRoute")).toMatchObject({ ApiKeyRequired: true });
  expect(properties(template, "Api")).toMatchObject({
    ApiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
  });
  expect(template.Outputs?.WebApiKeyId).toEqual({
    Description: "Id of the API key web",
    Value: { Ref: "WebApiKey" },
  });
});

test("a stage has its limits in addition to its logging, and routes with their own have both", () => {
  const { stage: _, ...bare } = rich;

  expect(properties(templateOf(rich), "Stage")).toMatchObject({
    DefaultRouteSettings: {
      DataTraceEnabled: true,
      LoggingLevel: "INFO",
      ThrottlingBurstLimit: 50,
      ThrottlingRateLimit: 100.5,
    },
    RouteSettings: {
      "room/join me": {
        DataTraceEnabled: true,
        LoggingLevel: "INFO",
        ThrottlingBurstLimit: 5,
        ThrottlingRateLimit: 100.5,
      },
    },
  });
  expect(properties(templateOf({ ...bare, stage: { name: "a" } }), "Stage")).not.toHaveProperty(
    "RouteSettings",
  );
});

test("a stage that deploys itself waits for the routes that it limits", () => {
  expect(templateOf(rich, true).Resources.Stage?.DependsOn).toEqual([
    expect.stringMatching(/^RoomJoinMe\w+Route$/),
  ]);
  expect(templateOf(rich).Resources.Stage).not.toHaveProperty("DependsOn");
});
