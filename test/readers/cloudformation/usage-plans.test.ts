import { expect, onTestFinished, test } from "vitest";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import { mayAllow } from "../../../src/emulator/iam/rules/function-role.ts";
import { readTemplate } from "../../../src/readers/cloudformation/read-template.ts";
import { startGateway } from "../../../src/testing/index.ts";
import { stopChecked } from "../../checked-facts.ts";
import { project } from "../projects.ts";

const API = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Open:
    Type: AWS::Lambda::Function
    Properties:
      { Code: ., Handler: app.handler, Runtime: nodejs22.x, Environment: { Variables: { KEY_ID: !Ref Web } } }
  Opens:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Open.Arn}/invocations
  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Open
      Principal: apigateway.amazonaws.com
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      { ApiId: !Ref Api, RouteKey: $connect, ApiKeyRequired: true, Target: !Sub 'integrations/\${Opens}' }
  Say:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: say, Target: !Sub 'integrations/\${Opens}' }`;

const STAGE = `
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: prod }`;

const key = (more = "Enabled: true") => `
  Web:
    Type: AWS::ApiGateway::ApiKey
    Properties: { Name: web, ${more} }`;

const plan = (more = "", stage = "!Ref Prod") => `
  Free:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ ApiId: !Ref Api, Stage: ${stage} }]
      ${more}
  Member:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: { KeyId: !Ref Web, KeyType: API_KEY, UsagePlanId: !Ref Free }`;

/** Tells the ids of the key, by `Ref` and by its event, to a client that asks by a query. */
const APP = `exports.handler = async ({ queryStringParameters, requestContext }) => ({
  statusCode: queryStringParameters ? 418 : 200,
  body: process.env.KEY_ID + " " + requestContext.identity.apiKeyId,
});`;

function fileOf(template: string): ReturnType<typeof project> & { readonly file: string } {
  const made = project({ "app.js": APP, "template.yaml": template });
  return { ...made, file: made.path("template.yaml") };
}

async function read(template: string) {
  const { root, path, file } = fileOf(template);
  const loaded = await readTemplate({
    ...{ file, cwd: root, stackName: "chat", region: "eu-west-1", accountId: "123456789012" },
    ...{
      parameters: {},
      envVars: {},
      apiIdOf: (name) => `id-of-${name}`,
      mayAllow,
      stateDir: path("state"),
    },
  });
  return { ...loaded, definition: loaded.definition as ProjectDefinition };
}

async function started(template: string) {
  const gateway = await startGateway({ template: fileOf(template).file });
  onTestFinished(() => stopChecked(gateway));
  return gateway;
}

test("5: keys, plans and their members are read, and $connect requires a key", async () => {
  const limits =
    "Throttle: { RateLimit: 5, BurstLimit: 2 }\n      Quota: { Limit: 9, Period: WEEK }";
  const { definition, source } = await read(
    API +
      STAGE +
      key("Enabled: true, Value: abcdefghij0123456789, Description: Pages") +
      plan(limits),
  );

  expect(definition.apiKeys).toEqual({
    Web: { value: "abcdefghij0123456789", enabled: true, description: "Pages" },
  });
  expect(definition.usagePlans).toEqual({
    Free: {
      apiKeys: ["Web"],
      apiStages: [{ api: "Api", stage: "prod" }],
      throttle: { rateLimit: 5, burstLimit: 2 },
      quota: { limit: 9, period: "WEEK" },
    },
  });
  expect(definition.apis.Api?.routes.$connect).toEqual({ function: "Open", apiKeyRequired: true });
  expect(source.notServed).toEqual([]);
});

test("5: the id of a key in events is what Ref gives", async () => {
  const gateway = await started(
    API + STAGE + key("Enabled: true, Value: abcdefghij0123456789") + plan(),
  );
  const headers = { "x-api-key": "abcdefghij0123456789" };

  expect(await gateway.handshake({ query: { ids: "?" } })).toMatchObject({ statusCode: 403 });
  expect(await gateway.handshake({ headers, query: { ids: "?" } })).toMatchObject({
    statusCode: 418,
    body: expect.stringMatching(/^([a-z0-9]{10}) \1$/),
  });
});

test("5: a plan of another stage rejects all clients", async () => {
  const other = `
  Beta:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: beta }`;
  const gateway = await started(
    API + STAGE + other + key("Enabled: true, Value: abcdefghij0123456789") + plan("", "!Ref Beta"),
  );
  const headers = { "x-api-key": "abcdefghij0123456789" };

  expect(await gateway.handshake({ headers })).toMatchObject({ statusCode: 403 });
  expect(await gateway.handshake({ headers, stage: "beta" })).toMatchObject({ kind: "open" });
});

test("5: a key that its template does not enable is not enabled, with a warning", async () => {
  const { definition, source } = await read(API + STAGE + key("Description: x") + plan());

  expect(definition.apiKeys?.Web).toEqual({ enabled: false, description: "x" });
  expect(source.remarks.join()).toMatch(
    /^template\.yaml:\d+:\d+: Resources\.Web: the API key Web is not enabled, so API Gateway rejects clients that send it\. Set Enabled: true\./,
  );
});

test("accepts all clients, with a warning, when no plan of the template has the key", async () => {
  const { definition, source } = await read(API + STAGE + key());

  expect(definition.apis.Api?.routes.$connect).toEqual({ function: "Open" });
  expect(definition.apiKeys).toBeUndefined();
  expect(source.notServed).toEqual([
    {
      what: "API key",
      of: "route $connect of Api",
      at: expect.stringMatching(/^template\.yaml:25:/),
      why: "is in no usage plan of the template, so all clients can connect",
    },
  ]);
});

test("a plan of a REST API alone, and its keys, are left aside", async () => {
  const { definition } = await read(
    `${API}${STAGE}${key()}
  Rest:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: rest }
  Free:
    Type: AWS::ApiGateway::UsagePlan
    Properties: { ApiStages: [{ ApiId: !Ref Rest, Stage: prod }] }`,
  );

  expect(definition.apiKeys).toBeUndefined();
});

test("limits of single methods and the offset of a quota are named, and the rest of the plan counts", async () => {
  const more = plan("Quota: { Limit: 1, Period: DAY, Offset: 1 }").replace(
    "Stage: !Ref Prod",
    "Stage: !Ref Prod, Throttle: { say: { RateLimit: 1 } }",
  );
  const { definition, source } = await read(API + STAGE + key() + more);

  expect(definition.usagePlans?.Free?.quota).toEqual({ limit: 1, period: "DAY" });
  expect(source.notServed.map(({ what, of }) => `${what} of ${of}`)).toEqual([
    "Throttle of individual methods of usage plan Free",
    "Offset of the quota of usage plan Free",
  ]);
});

test("a member of a plan whose key is elsewhere is named with its place", async () => {
  const { source } = await read(
    API + STAGE + key() + plan().replace("KeyId: !Ref Web", "KeyId: abc123"),
  );

  expect(source.notServed).toMatchObject([
    { what: "API key", of: "usage plan Free", why: "is not in the template" },
  ]);
});

test.each([
  [
    "a short value",
    key("Enabled: true, Value: short") + plan(),
    /template\.yaml:\d+:\d+: Resources\.Web\.Properties\.Value: "short" is not/,
  ],
  [
    "another period",
    key() + plan("Quota: { Limit: 1, Period: YEAR }"),
    /template\.yaml:\d+:\d+: Resources\.Free\.Properties\.Quota: "YEAR" is not/,
  ],
  [
    "an unknown stage",
    key() + plan("", "live"),
    /template\.yaml:\d+:\d+: Resources\.Free\.Properties\.ApiStages: "live" is not the name of a stage\. The API Api has prod\./,
  ],
])("rejects a template with %s, with its place", async (_, more, fault) => {
  await expect(startGateway({ template: fileOf(API + STAGE + more).file })).rejects.toThrow(fault);
});

test("rejects another source of keys, with its place", async () => {
  const wrong = API.replace(
    "{ Name: chat,",
    "{ Name: chat, ApiKeySelectionExpression: $request.header.key,",
  );

  await expect(
    startGateway({ template: fileOf(wrong + STAGE + key() + plan()).file }),
  ).rejects.toThrow(
    /template\.yaml:\d+:\d+: Resources\.Api\.Properties\.ApiKeySelectionExpression: "\$request\.header\.key"/,
  );
});

test("6: limits of a stage and of its routes are read", async () => {
  const { definition } = await read(
    `${API}
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 20 }
      RouteSettings: { say: { ThrottlingBurstLimit: 5 }, $connect: { LoggingLevel: INFO } }${key()}`,
  );

  expect(definition.apis.Api?.stages.prod).toEqual({
    variables: {},
    throttle: { rateLimit: 50, burstLimit: 20, routes: { say: { burstLimit: 5 } } },
    executionLog: { routes: { $connect: { level: "INFO" } } },
  });
});

test("6: rejects limits of a route that is not in the template, with their place", async () => {
  const stage = STAGE.replace(
    "StageName: prod",
    "StageName: prod, RouteSettings: { sya: { ThrottlingRateLimit: 1 } }",
  );

  await expect(startGateway({ template: fileOf(API + stage + key()).file })).rejects.toThrow(
    /template\.yaml:\d+:\d+: Resources\.Prod\.Properties\.RouteSettings: "sya" is not a route. Did you mean "say"\?/,
  );
});

test("5, 6: SAM's WebSocketApi has keys and limits in the same words", async () => {
  const { definition } = await read(`
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      StageName: prod
      RouteSelectionExpression: $request.body.action
      ApiKeySelectionExpression: $request.header.x-api-key
      DefaultRouteSettings: { ThrottlingRateLimit: 50 }
      RouteSettings: { say: { ThrottlingBurstLimit: 5 } }
      Routes:
        $connect: { FunctionArn: !GetAtt Open.Arn, ApiKeyRequired: true }
        say: { FunctionArn: !GetAtt Open.Arn }
  Open:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, CodeUri: ., Handler: app.handler }${key()}${plan("", "prod")}`);

  expect(definition.apis.Api).toMatchObject({
    apiKeySelectionExpression: "$request.header.x-api-key",
    routes: { $connect: { apiKeyRequired: true } },
    stages: { prod: { throttle: { rateLimit: 50, routes: { say: { burstLimit: 5 } } } } },
  });
  expect(definition.usagePlans?.Free).toEqual({
    apiKeys: ["Web"],
    apiStages: [{ api: "Api", stage: "prod" }],
  });
});
