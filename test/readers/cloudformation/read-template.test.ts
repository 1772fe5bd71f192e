import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { checkProject } from "../../../src/definition/checks.ts";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import { parseRouteExpression } from "../../../src/emulator/apigateway/message/rules/route-expression.ts";
import { mayAllow } from "../../../src/emulator/iam/rules/function-role.ts";
import {
  readTemplate,
  type TemplateOptions,
} from "../../../src/readers/cloudformation/read-template.ts";
import { notServedText, sourceNotes } from "../../../src/readers/rules/undelivered.ts";
import { project } from "../projects.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;
type Options = Partial<TemplateOptions>;

async function read(resources: string, files: Files = {}, options: Options = {}) {
  const template = resources.includes("Resources:")
    ? resources
    : `Resources:${resources}${permissionsFor(resources)}`;
  const { root } = project({ "app.js": "", ...files });
  return readIn(root, template, options);
}

async function readIn(root: string, template: string, options: Options = {}) {
  const path = (name: string) => join(root, name);
  writeFileSync(path("template.yaml"), template);
  writeFileSync(path("app.js"), "");
  const loaded = await readTemplate({
    file: path("template.yaml"),
    cwd: root,
    stackName: "chat",
    region: "eu-west-1",
    accountId: "123456789012",
    parameters: {},
    envVars: {},
    apiIdOf: (name) => `id-of-${name}`,
    mayAllow,
    stateDir: path("state"),
    ...options,
  });
  return { ...loaded, root, definition: loaded.definition as ProjectDefinition };
}

/** API Gateway may invoke every function. */
function permissionsFor(resources: string): string {
  const functions = resources.matchAll(/^ {2}(\w+):\s+Type: AWS::Lambda::Function$/gm);
  return [...functions].map(([, id]) => permission(`!Ref ${id}`)).join("");
}

const permission = (name: string, more = "") => `
  Allow${name.replace(/\W/g, "")}:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: ${name}
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com${more}`;

async function faultsOf(...parameters: Parameters<typeof read>): Promise<string> {
  return read(...parameters).then(
    () => "none",
    (error: Error) => error.message,
  );
}

const API = `
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: my chat
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Prod:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: Prod, StageVariables: { mood: calm } }`;

const fn = (name: string, more = "") => `
  ${name}:
    Type: AWS::Lambda::Function
    Properties: { Code: ., Handler: app.handler, Runtime: nodejs22.x${more} }`;

const route = (key: string, more: string) => `
  Route${key.replace(/\W/g, "")}:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: ${key}, ${more} }`;

const proxy = (id: string, uri: string, more = "") => `
  ${id}:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: ${uri}${more}`;

const URI =
  "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Send.Arn}/invocations";
const SENDS = API + fn("Send") + proxy("Sends", URI);

test("a stage has its description", async () => {
  const { definition } = await read(
    API.replace("StageVariables", "Description: Calm, StageVariables"),
  );

  expect(definition.apis.Api?.stages).toEqual({
    Prod: { description: "Calm", variables: { mood: "calm" } },
  });
});

test("a stage has the format of its access log", async () => {
  const settings =
    "AccessLogSettings: { DestinationArn: !GetAtt Log.Arn, Format: $context.requestId }";
  const { definition } = await read(
    `${API.replace("StageVariables", `${settings}, StageVariables`)}
  Log:
    Type: AWS::Logs::LogGroup`,
  );

  expect(definition.apis.Api?.stages).toEqual({
    Prod: { accessLog: { format: "$context.requestId" }, variables: { mood: "calm" } },
  });
});

test("a stage has the levels of its execution log, and whether its routes are counted", async () => {
  const stageWith = async (settings: string) => {
    const { definition } = await read(API.replace("StageVariables", `${settings}, StageVariables`));
    return definition.apis.Api?.stages.Prod;
  };
  const variables = { mood: "calm" };

  const shared = "DefaultRouteSettings: { LoggingLevel: ERROR, DetailedMetricsEnabled: true }";
  const own = "RouteSettings: { send: { LoggingLevel: INFO, DataTraceEnabled: true } }";
  expect(await stageWith(`${shared}, ${own}`)).toEqual({
    executionLog: { level: "ERROR", routes: { send: { level: "INFO", dataTrace: true } } },
    detailedMetrics: true,
    variables,
  });
  const unknown = "DefaultRouteSettings: { LoggingLevel: DEBUG, DataTraceEnabled: true }";
  expect(await stageWith(unknown)).toEqual({ variables });
});

test("an API has its name, expression, stages with their variables, and routes", async () => {
  const { definition, source } = await read(
    SENDS + route("send", "Target: !Sub 'integrations/${Sends}'"),
  );

  expect(definition.apis).toEqual({
    Api: {
      name: "my chat",
      routeSelectionExpression: "$request.body.action",
      stages: { Prod: { variables: { mood: "calm" } } },
      routes: { send: { function: "Send" } },
    },
  });
  expect(source).toEqual({
    kind: "cloudformation",
    remarks: [],
    triggers: [],
    httpApis: [],
    notServed: [],
    unserved: [],
  });
});

test.each([
  ["joined with a slash", "!Join ['/', [integrations, !Ref Sends]]"],
  ["joined with nothing", "!Join ['', ['integrations/', !Ref Sends]]"],
  ["substituted", "!Sub 'integrations/${Sends}'"],
])("a target that is %s leads to its integration", async (_, target) => {
  const { definition } = await read(SENDS + route("send", `Target: ${target}`));

  expect(definition.apis.Api?.routes).toEqual({ send: { function: "Send" } });
});

test.each([
  ["an ARN", "!GetAtt Send.Arn"],
  ["a name", "!Ref Send"],
  ["a literal name", "chat-Send"],
  [
    "stage variables",
    "!Sub 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:chat-${!stageVariables.fn}/invocations'",
  ],
])("an integration names its function by %s", async (_, uri) => {
  const { definition } = await read(
    API.replace("mood: calm", "fn: Send") +
      fn("Send") +
      proxy("Sends", uri) +
      route("send", "Target: !Sub 'integrations/${Sends}'"),
  );

  expect(definition.apis.Api?.routes.send).toEqual({ function: "Send" });
});

test("an integration names an alias, which its function lists", async () => {
  const { definition } = await read(
    API +
      fn("Send") +
      permission("!Sub '${Send}:live'") + // that for the function without an alias is not for its aliases
      proxy("Sends", "!Sub '${Send.Arn}:live'") +
      route("send", "Target: !Sub 'integrations/${Sends}'"),
  );

  expect(definition.apis.Api?.routes.send).toEqual({ function: "Send:live" });
  expect(definition.functions.Send).toMatchObject({ aliases: ["live"] });
});

test("a route response, or an expression for one, makes a route two-way", async () => {
  const { definition } = await read(
    SENDS +
      route(
        "a",
        "Target: !Sub 'integrations/${Sends}', RouteResponseSelectionExpression: $default",
      ) +
      route("b", "Target: !Sub 'integrations/${Sends}'") +
      route("c", "Target: !Sub 'integrations/${Sends}'") +
      `
  Answer:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref Routeb, RouteResponseKey: $default }`,
  );

  expect(definition.apis.Api?.routes).toEqual({
    a: { function: "Send", routeResponse: true },
    b: { function: "Send", routeResponse: true },
    c: { function: "Send" },
  });
});

test("an expression for a route response without one is a warning with its place", async () => {
  const asked = "RouteResponseSelectionExpression: $default, Target: !Sub 'integrations/${Sends}'";
  const response = `
  SendResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref Routesend, RouteResponseKey: $default }`;

  const alone = await read(SENDS + route("send", asked));
  const both = await read(SENDS + route("send", asked) + response);

  expect(alone.source.remarks).toEqual([
    "template.yaml:22:52: Resources.Routesend.Properties.RouteResponseSelectionExpression: the template has no AWS::ApiGatewayV2::RouteResponse for the route send, so AWS may not send a reply; wsgw does. Add one with RouteResponseKey: $default.",
  ]);
  expect(both.source.remarks).toEqual([]);
});

test("an integration's time limit and a route's operation name are kept", async () => {
  const { definition } = await read(
    API +
      fn("Send") +
      proxy("Sends", URI, "\n      TimeoutInMillis: 500") +
      route("send", "Target: !Sub 'integrations/${Sends}', OperationName: Send"),
  );

  expect(definition.apis.Api?.routes.send).toEqual({
    function: "Send",
    operationName: "Send",
    integrationTimeout: 500,
  });
});

test("a route without a target has no integration", async () => {
  const { definition } = await read(SENDS + route("$connect", "AuthorizationType: NONE"));

  expect(definition.apis.Api?.routes.$connect).toEqual({ integration: { type: "none" } });
});

test("what is not emulated is named with its place, and the rest is served", async () => {
  const { definition, source } = await read(
    SENDS +
      route(
        "$connect",
        "Target: !Sub 'integrations/${Sends}', AuthorizationType: CUSTOM, ApiKeyRequired: true",
      ) +
      route("$disconnect", "Target: !Sub 'integrations/${Sends}', AuthorizationType: AWS_IAM") +
      route("mock", "Target: !Sub 'integrations/${Mock}'") +
      route("queue", "Target: !Sub 'integrations/${Queue}'") +
      `
  Mock:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: MOCK }
  Queue:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:sqs:path/1/q`,
  );

  expect(definition.apis.Api?.routes).toEqual({
    $connect: { function: "Send" },
    $disconnect: { function: "Send" },
    mock: { integration: { type: "mock" } },
    queue: {
      integration: {
        type: "aws",
        uri: expect.stringMatching(/:sqs:path\/1\/q$/),
        denied: "sqs may not be called without a role. Add CredentialsArn to the integration",
      },
    },
  });
  expect(source.notServed.map(({ what, of }) => `${what}: ${of}`)).toEqual([
    "authorizer: route $connect of Api",
    "API key: route $connect of Api",
    "IAM authorization: route $disconnect of Api",
    "call of sqs: route queue of Api",
  ]);
  for (const { at } of source.notServed) expect(at).toMatch(/^template\.yaml:\d+:\d+$/);
});

const authorizer = (more: string) => `
  Who:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: { ApiId: !Ref Api, Name: who, ${more} }`;
const CHECK_URI = `!Sub '${URI.slice("!Sub ".length).replace("Send", "Check")}'`;
const BY_WHO = route("$connect", "AuthorizationType: CUSTOM, AuthorizerId: !Ref Who");

test("3.1 (2): an authorizer has its function and its identity sources, and $connect names it", async () => {
  const who = authorizer(
    `AuthorizerType: REQUEST, IdentitySource: [route.request.header.Auth], AuthorizerUri: ${CHECK_URI}`,
  );
  const { definition, source } = await read(SENDS + fn("Check") + who + BY_WHO);

  expect(definition.apis.Api).toMatchObject({
    authorizers: { Who: { function: "Check", identitySource: ["route.request.header.Auth"] } },
    routes: { $connect: { authorizer: "Who", integration: { type: "none" } } },
  });
  expect(source.notServed).toEqual([]);
});

test("3.1 (2): an authorizer names its function by a stage variable", async () => {
  const uri = CHECK_URI.replace(
    "${Check.Arn}",
    "arn:aws:lambda:eu-west-1:123456789012:function:chat-${!stageVariables.fn}",
  );
  const { definition, source } = await read(
    API.replace("mood: calm", "fn: Check") +
      TEST_STAGE +
      fn("Check") +
      authorizer(`AuthorizerType: REQUEST, AuthorizerUri: ${uri}`) +
      BY_WHO,
  );

  expect(definition.apis.Api?.authorizers).toMatchObject({ Who: { function: "Check" } });
  expect(source.remarks).toContainEqual(
    expect.stringContaining(
      "authorizer Who of Api: on AWS the stage test calls the function chat-Other. Here every stage calls chat-Check.",
    ),
  );
});

test.each(["", "IdentitySource: [],", "IdentitySource: [''],"])(
  "3.1 (4): an authorizer without identity sources is always asked: %s",
  async (sources) => {
    const who = authorizer(`AuthorizerType: REQUEST, ${sources} AuthorizerUri: ${CHECK_URI}`);
    const { definition } = await read(SENDS + fn("Check") + who + BY_WHO);

    expect(definition.apis.Api?.authorizers).toEqual({
      Who: { function: "Check", identitySource: [] },
    });
  },
);

test("$connect with AuthorizationType AWS_IAM takes signed handshakes", async () => {
  const { definition, source } = await read(
    SENDS + route("$connect", "AuthorizationType: AWS_IAM"),
  );

  expect(definition.apis.Api?.routes.$connect).toEqual({
    authorizer: "AWS_IAM",
    integration: { type: "none" },
  });
  expect(source.notServed).toEqual([]);
});

test("an authorizer whose function does not run here is named", async () => {
  const uri = CHECK_URI.replace("${Check.Arn}", "arn:aws:lambda:eu-west-1:1:function:other");
  const { definition, source } = await read(
    SENDS + authorizer(`AuthorizerType: REQUEST, AuthorizerUri: ${uri}`) + BY_WHO,
  );

  expect(definition.apis.Api?.routes.$connect).toEqual({ integration: { type: "none" } });
  expect(source.notServed).toMatchObject([
    {
      what: "function other",
      why: "is not in the template, so all clients can connect",
      of: "authorizer Who of Api",
    },
  ]);
});

test.each([
  ["AuthorizerType: JWT", "AuthorizerType", "Invalid authorizer type. Only REQUEST"],
  ["AuthorizerType: TOKEN", "AuthorizerType", "Invalid authorizer type. Only REQUEST"],
  [
    "AuthorizerType: REQUEST, AuthorizerResultTtlInSeconds: 0",
    "AuthorizerResultTtlInSeconds",
    "AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis.",
  ],
  [
    "AuthorizerType: REQUEST, AuthorizerPayloadFormatVersion: '2.0'",
    "AuthorizerPayloadFormatVersion",
    "AuthorizerPayloadFormatVersion cannot be set for WEBSOCKET protocol Apis.",
  ],
  [
    "AuthorizerType: REQUEST, EnableSimpleResponses: false",
    "EnableSimpleResponses",
    "EnableSimpleResponses cannot be set for WEBSOCKET protocol Apis.",
  ],
  [
    "AuthorizerType: REQUEST, IdentityValidationExpression: ''",
    "IdentityValidationExpression",
    "IdentityValidationExpression must not be empty.",
  ],
  [
    "AuthorizerType: REQUEST, IdentityValidationExpression: '['",
    "IdentityValidationExpression",
    "Invalid validation expression: [",
  ],
  [
    "AuthorizerType: REQUEST, AuthorizerCredentialsArn: not-an-arn",
    "AuthorizerCredentialsArn",
    "Invalid role ARN",
  ],
])("3.1: rejects an authorizer with %s as API Gateway does", async (more, property, problem) => {
  const faults = await faultsOf(
    SENDS + fn("Check") + authorizer(`${more}, AuthorizerUri: ${CHECK_URI}`) + BY_WHO,
  );

  expect(faults).toContain(`: Resources.Who.Properties.${property}: ${problem}`);
});

test("a duplicate route key is an error", async () => {
  const twice = route("send", "Target: x") + route("send", "Target: x").replace("Route", "Other");

  expect(await faultsOf(SENDS + twice)).toMatch(
    /^template\.yaml:\d+:\d+: Resources\.Othersend\.Properties\.RouteKey: the route send is in the template twice/,
  );
});

test("an API without a stage is served as dev, with a remark", async () => {
  const { definition, source } = await read(
    API.replace(/\n {2}Prod:[\s\S]*/, "") +
      fn("Send") +
      route("$connect", "AuthorizationType: NONE"),
  );

  expect(definition.apis.Api?.stages).toEqual({ dev: { variables: {} } });
  expect(source.remarks.join()).toContain("no stage of Api is in the template");
});

test("a mapping gives an API its custom domain", async () => {
  const { definition } = await read(
    `${API}
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: { ApiId: !Ref Api, DomainName: !Ref Domain, Stage: !Ref Prod, ApiMappingKey: v1 }
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: { DomainName: chat.example.com }`,
  );

  expect(definition.apis.Api?.customDomain).toEqual({ name: "chat.example.com", mappingKey: "v1" });
});

const TEST_STAGE = `
  Test:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: test, StageVariables: { fn: Other } }`;
const mapping = (id: string, more: string) => `
  ${id}:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: { ApiId: !Ref Api, ${more} }`;

test("15 (7): mappings give an API several keys on its domain, each with its stage", async () => {
  const { definition, source } = await read(
    API +
      TEST_STAGE +
      mapping("Live", "DomainName: a.example.com, Stage: !Ref Prod") +
      mapping("Next", "DomainName: a.example.com, Stage: !Ref Test, ApiMappingKey: next") +
      mapping("Other", "DomainName: b.example.com, Stage: !Ref Prod"),
  );

  expect(definition.apis.Api?.customDomain).toEqual({
    name: "a.example.com",
    mappings: { "": "Prod", next: "test" },
  });
  expect(source.notServed.map(notServedText)).toEqual([
    expect.stringContaining("domain b.example.com"),
  ]);
});

test("15 (7): one mapping to another stage than the first leads there", async () => {
  const { definition } = await read(
    API + TEST_STAGE + mapping("Next", "DomainName: a.example.com, Stage: !Ref Test"),
  );

  expect(definition.apis.Api?.customDomain).toEqual({
    name: "a.example.com",
    mappings: { "": "test" },
  });
});

test("15 (6): an API says that its own host is disabled, and that it has IPv6", async () => {
  const { definition } = await read(
    API.replace(
      "ProtocolType: WEBSOCKET",
      "ProtocolType: WEBSOCKET\n      DisableExecuteApiEndpoint: true\n      IpAddressType: dualstack",
    ),
  );

  expect(definition.apis.Api).toMatchObject({
    disableExecuteApiEndpoint: true,
    ipAddressType: "dualstack",
  });
});

const BY_STAGE = proxy(
  "Sends",
  URI.replace(
    "${Send.Arn}",
    "arn:aws:lambda:eu-west-1:123456789012:function:chat-${!stageVariables.fn}",
  ),
);
const SAYS = route("say", "Target: !Sub 'integrations/${Sends}'");

test("11 (2): a stage whose variable names a function that is missing has a reason of its own", async () => {
  const { definition, source } = await read(
    API.replace("mood: calm", "fn: Send") + TEST_STAGE + fn("Send") + BY_STAGE + SAYS,
  );

  const why = "is not in the template";
  expect(definition.apis.Api?.routes.say?.integration).toEqual({
    type: "lambda-proxy",
    function: "Send",
    missingAt: { test: `the function chat-Other ${why}` },
  });
  expect(source.notServed.map(notServedText)).toEqual([
    `function chat-Other ${why}; route say of Api on the stage test runs without it, template.yaml:22:7`,
  ]);
});

test("11 (2): a stage without the variable that names the function has none", async () => {
  const { definition } = await read(
    API + TEST_STAGE.replace("Other", "Send") + fn("Send") + BY_STAGE + SAYS,
  );

  expect(definition.apis.Api?.routes.say?.integration).toMatchObject({
    function: "Send",
    missingAt: { Prod: expect.stringContaining("the stage does not set ${stageVariables.fn}") },
  });
});

test("a permission for one stage leaves the others without", async () => {
  const { definition, source } = await read(
    `Resources:${GATEWAY}${TEST_STAGE}${permission("!Ref Send", "\n      SourceArn: !Sub 'arn:aws:execute-api:us-east-1:999999999999:${Api}/Prod/*'")}`,
  );

  const { integration } = definition.apis.Api?.routes.send ?? {};
  expect(integration).toMatchObject({ type: "lambda-proxy", function: "Send" });
  expect(integration).toHaveProperty(
    "deniedAt.test",
    expect.stringContaining("may not be invoked"),
  );
  expect(integration).not.toHaveProperty("deniedAt.Prod");
  expect(source.notServed.map(notServedText)).toEqual([
    expect.stringContaining("route send of Api on the stage test"),
  ]);
});

test("a function has its settings, and variables are text", async () => {
  const { definition } = await read(
    API +
      fn(
        "Send",
        `, FunctionName: sender, MemorySize: "256", Timeout: 7, Description: Sends,
      Environment: { Variables: { N: 3, YES: true, API: !Ref Api, TABLE: !Ref Table, URL: !GetAtt Api.ApiEndpoint } }`,
      ) +
      `
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]`,
  );

  expect(definition.functions).toEqual({
    Send: {
      handler: "app.handler",
      functionName: "sender",
      runtime: "nodejs22.x",
      description: "Sends",
      memory: 256,
      timeout: 7,
      environment: {
        N: "3",
        YES: "true",
        API: "id-of-my chat",
        TABLE: "chat-Table",
        URL: "wss://id-of-my chat.execute-api.eu-west-1.amazonaws.com",
      },
    },
  });
  expect(definition.tables?.Table).toMatchObject({ name: "chat-Table", functions: ["Send"] });
});

test("env-vars set variables, declared or not: of all functions, by logical id, by name", async () => {
  const { definition } = await read(
    API +
      fn("A", ", Environment: { Variables: { X: '1', Y: '2' } }") +
      fn("B", ", FunctionName: b"),
    {},
    { envVars: { Parameters: { X: "all" }, A: { Y: "a" }, b: { Z: "b" } } },
  );

  expect(definition.functions.A?.environment).toEqual({ X: "all", Y: "a" });
  expect(definition.functions.B?.environment).toEqual({ X: "all", Z: "b" });
});

test("code is a directory, a zip file, the template itself, an asset, or the output of sam build", async () => {
  const code = (name: string, value: string, more = "") => `
  ${name}:
    Type: AWS::Lambda::Function
    ${more}
    Properties: { Handler: index.handler, Runtime: nodejs22.x, Code: ${value} }`;
  const source = "exports.handler = () => {};";
  const { definition, inputs, root } = await read(
    API +
      code("Folder", "folder/") +
      code("Zip", "code.zip") +
      code("Inline", `{ ZipFile: "${source}" }`) +
      code("Asset", "{ S3Bucket: b, S3Key: k }", "Metadata: { 'aws:asset:path': asset }") +
      code("Built", "source"),
    {
      "folder/index.js": source,
      "code.zip": zipSync({ "index.js": strToU8(source) }),
      "asset/index.js": source,
      "source/main.go": "",
      ".aws-sam/build/Built/index.js": source,
    },
  );

  const roots = Object.entries(definition.functions).map(([name, { root: own = "." }]) => [
    name,
    own,
  ]);
  expect(Object.fromEntries(roots)).toEqual({
    Folder: "folder",
    Zip: expect.stringMatching(/^state\/code\/Zip\/\w+$/),
    Inline: expect.stringMatching(/^state\/code\/Inline\/\w+$/),
    Asset: "asset",
    Built: ".aws-sam/build/Built",
  });
  for (const own of ["Zip", "Inline"]) {
    const at = definition.functions[own]?.root ?? "";
    expect(readFileSync(join(root, at, "index.js"), "utf8")).toBe(source);
  }
  expect(inputs).toEqual([join(root, "template.yaml"), join(root, "code.zip")]);
});

test.each([
  [
    "in S3",
    "Code: { S3Bucket: b, S3Key: k.zip }, Runtime: nodejs22.x",
    "has its code in S3 (b/k.zip)",
  ],
  [
    "not there",
    "Code: nowhere, Runtime: nodejs22.x",
    "has its code in nowhere, which does not exist",
  ],
  ["an image", "Code: { ImageUri: x }, PackageType: Image", "is a container image"],
  ["for a runtime of another language", "Code: ., Runtime: java21", "runs on java21"],
])("a function whose code is %s is named, and its route answers an error", async (_, code, why) => {
  const { definition, source } = await read(
    `${API}
  Send:
    Type: AWS::Lambda::Function
    Properties: { ${code}, Handler: app.handler }` +
      proxy("Sends", URI) +
      route("send", "Target: !Sub 'integrations/${Sends}'"),
  );

  expect(definition.functions).toEqual({});
  expect(definition.apis.Api?.routes.send).toEqual({
    integration: { type: "none", because: expect.stringContaining(why) },
  });
  expect(source.notServed[0]?.why).toContain(why);
});

test("names that objects of JavaScript have are names like any other", async () => {
  const { definition, source } = await read(
    API +
      fn("constructor", ", Environment: { Variables: { KEY: '{{resolve:ssm:constructor}}' } }") +
      proxy("Sends", "!Sub 'arn:aws:lambda:eu-west-1:1:function:${!stageVariables.constructor}'") +
      route("send", "Target: !Sub 'integrations/${Sends}'"),
  );

  expect(definition.functions.constructor).toMatchObject({
    environment: { KEY: "{{resolve:ssm:constructor}}" },
  });
  expect(source.notServed[0]?.what).not.toContain("native code");
});

test("reports inline code whose directory cannot be created", async () => {
  const inline = fn("Send").replace("Code: .", "Code: { ZipFile: 'exports.handler = 1' }");
  const { path } = project({ file: "" });

  const error = await read(API + inline, {}, { stateDir: path("file") }).catch((cause) => cause);

  expect(error).toMatchObject({
    code: "PROJECT_UNWRITABLE",
    message: expect.stringContaining("a file is where a directory is needed"),
  });
});

test("does not unpack a zip file with paths outside its directory", async () => {
  const { source } = await read(
    `${API}
  Send:
    Type: AWS::Lambda::Function
    Properties: { Code: evil.zip, Runtime: nodejs22.x, Handler: index.handler }` +
      proxy("Sends", URI) +
      route("send", "Target: !Sub 'integrations/${Sends}'"),
    { "evil.zip": zipSync({ "../../evil.js": strToU8("") }) },
  );

  expect(source.notServed[0]?.why).toContain("its entry ../../evil.js points outside of it");
});

test("layers of the template are directories, others are named", async () => {
  const { definition, source } = await read(
    API +
      fn("Send", ", Layers: [!Ref Common, 'arn:aws:lambda:eu-west-1:1:layer:foreign:3']") +
      `
  Common:
    Type: AWS::Lambda::LayerVersion
    Properties: { Content: layers/common }`,
    { "layers/common/nodejs/x.js": "" },
  );

  expect(definition.functions.Send?.layers).toEqual(["layers/common"]);
  expect(source.notServed).toMatchObject([
    { what: "layer foreign", why: "is not in the template", of: "Send" },
  ]);
});

test.each([
  ["that needs no build is its own folder", "", "layers/common"],
  ["that sam build makes is what it made", "BuildMethod: nodejs22.x", ".aws-sam/build/Common"],
])("a layer %s", async (_, metadata, directory) => {
  const { definition } = await read(
    API +
      fn("Send", ", Layers: [!Ref Common]") +
      `
  Common:
    Type: AWS::Lambda::LayerVersion
    Metadata: { ${metadata} }
    Properties: { Content: layers/common }`,
    { "layers/common/nodejs/x.js": "", ".aws-sam/build/Common/nodejs/x.js": "" },
  );

  expect(definition.functions.Send?.layers).toEqual([directory]);
});

test.each([
  ["lies as Lambda wants it, is its own folder", "nodejs/x.js", "layers/common", []],
  [
    "has to be built, is the old build with a warning",
    "x.js",
    ".aws-sam/build/Common",
    [
      "template.yaml:17:19: Resources.Common.Properties.Content: the files of Common are newer than .aws-sam/build/Common, which wsgw uses. Run sam build.",
    ],
  ],
])("a layer that has changed since sam build, and %s", async (_, file, directory, remarks) => {
  const template = `Resources:${API}${fn("Send", ", Layers: [!Ref Common]")}
  Common:
    Type: AWS::Lambda::LayerVersion
    Metadata: { BuildMethod: nodejs22.x }
    Properties: { Content: layers/common }`;
  const source = `layers/common/${file}`;
  const { path } = project({ [source]: "", ".aws-sam/build/Common/nodejs/x.js": "" });
  const later = new Date(Date.now() + 60_000);
  utimesSync(path(source), later, later);

  const { definition, source: from, inputs } = await readIn(path("."), template);

  expect(definition.functions.Send?.layers).toEqual([directory]);
  expect(from.remarks).toEqual(remarks);
  expect(inputs).toContain(path(source));
});

test("what SAM tells esbuild is how a function is built, unless SAM has built it", async () => {
  const build = `
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        Loader: [.svg=dataurl, .png=file]
        Minify: true
        External: [canvas]
        EntryPoints: [src/made.ts]`;
  const template = `${API}${fn("Send").replace("app.handler", "made.handler")}${build}`;
  const own = await read(template, { "src/made.ts": "" });
  const built = await read(template, { ".aws-sam/build/Send/made.js": "" });

  expect(own.definition.functions.Send).toMatchObject({
    handler: "src/made.handler",
    build: { loader: { ".svg": "dataurl" }, external: ["canvas"] },
  });
  expect(own.source.notServed.map(({ what, why, of }) => [what, why, of])).toEqual([
    [
      "BuildProperties Loader .png=file",
      "is not one of wsgw's (run sam build, and wsgw runs what that wrote)",
      "Send",
    ],
  ]);
  expect(built.definition.functions.Send).toMatchObject({ handler: "made.handler" });
  expect(built.definition.functions.Send).not.toHaveProperty("build");
  expect(built.source.notServed).toEqual([]);
});

test("what sam build made goes before sources whose loaders write files, and says when it is old", async () => {
  const build = `
    Metadata:
      BuildMethod: esbuild
      BuildProperties: { Loader: [.png=file], EntryPoints: [src/made.ts] }`;
  const send = fn("Send").replace("Code: ., Handler: app", "Code: app, Handler: made");
  const template = `Resources:${API}${send}${build}`;
  const { path } = project({ "app/src/made.ts": "", ".aws-sam/build/Send/made.js": "" });
  const read = () => readIn(path("."), template);
  const old = new Date(Date.now() - 60_000);
  utimesSync(path("app/src/made.ts"), old, old);

  const { definition, source, inputs } = await read();
  expect(definition.functions.Send).toMatchObject({ root: ".aws-sam/build/Send" });
  expect(definition.functions.Send).not.toHaveProperty("build");
  expect(source.notServed).toEqual([]);
  expect(source.remarks).not.toContainEqual(expect.stringContaining("Run sam build."));
  expect(inputs).toContain(path("app/src/made.ts"));

  const later = new Date(Date.now() + 60_000);
  utimesSync(path("app/src/made.ts"), later, later);
  expect((await read()).source.remarks).toContainEqual(
    expect.stringContaining(
      "the files of Send are newer than .aws-sam/build/Send, which wsgw uses. Run sam build.",
    ),
  );
});

test("tables have their keys, indexes, projections and time to live", async () => {
  const { definition } = await read(`${API}
  Table:
    Type: AWS::DynamoDB::GlobalTable
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      TableName: rooms
      ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 }
      AttributeDefinitions:
        - { AttributeName: room, AttributeType: S }
        - { AttributeName: at, AttributeType: N }
        - { AttributeName: user, AttributeType: S }
      KeySchema: [{ AttributeName: room, KeyType: HASH }, { AttributeName: at, KeyType: RANGE }]
      GlobalSecondaryIndexes:
        - IndexName: byUser
          KeySchema: [{ AttributeName: user, KeyType: HASH }]
          Projection: { ProjectionType: KEYS_ONLY }
      LocalSecondaryIndexes:
        - IndexName: ofRoom
          KeySchema: [{ AttributeName: room, KeyType: HASH }, { AttributeName: user, KeyType: RANGE }]
          Projection: { ProjectionType: INCLUDE, NonKeyAttributes: [name] }
      TimeToLiveSpecification: { AttributeName: expires, Enabled: true }`);

  const key = (name: string, type: string) => ({ name, type });
  expect(definition.tables).toEqual({
    Table: {
      name: "rooms",
      partitionKey: key("room", "S"),
      sortKey: key("at", "N"),
      indexes: {
        byUser: { partitionKey: key("user", "S"), scope: "global", projection: "KEYS_ONLY" },
        ofRoom: {
          partitionKey: key("room", "S"),
          sortKey: key("user", "S"),
          scope: "local",
          projection: ["name"],
        },
      },
      timeToLive: "expires",
      capacity: { read: 2, write: 1 },
      deletionPolicy: "Retain",
      functions: [],
    },
  });
});

test("nested stacks take parameters and give outputs", async () => {
  const { definition, inputs, root } = await read(
    API +
      fn("Send", ", Environment: { Variables: { TABLE: !GetAtt Data.Outputs.Name } }") +
      `
  Data:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: data.yaml, Parameters: { Prefix: !Ref AWS::StackName } }`,
    {
      "data.yaml": `
Parameters: { Prefix: { Type: String } }
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub \${Prefix}-rows
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
Outputs: { Name: { Value: !Ref Table } }`,
    },
  );

  expect(definition.functions.Send?.environment).toEqual({ TABLE: "chat-rows" });
  expect(Object.keys(definition.tables ?? {})).toEqual(["Data-Table"]);
  expect(inputs).toEqual([join(root, "template.yaml"), join(root, "data.yaml")]);
});

test("a stack that nests itself is a fault and no hang", async () => {
  const nested = `${API}
  Again:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: template.yaml }`;

  expect(await faultsOf(nested)).toContain("Check whether one nests itself.");
});

test("resources whose condition is false are not there", async () => {
  const { definition } = await read(`
Parameters: { Stage: { Type: String, Default: dev } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:${API}${fn("Send")}
  Extra:
    Type: AWS::Lambda::Function
    Condition: IsProd
    Properties: { Code: ., Handler: app.handler, Runtime: nodejs22.x }`);

  expect(Object.keys(definition.functions)).toEqual(["Send"]);
});

test("conditions that lead in a circle are a fault, though nothing asks for them", async () => {
  const faults = await faultsOf(`
Conditions:
  One: !Not [!Condition Other]
  Other: !Not [!Condition One]
Resources:${API}`);

  expect(faults).toBe(
    'template.yaml:4:16: Conditions.Other["Fn::Not"][0]: The condition "One" depends on itself. Remove the circular reference.',
  );
});

test("a bucket that invokes a function for two events is one trigger", async () => {
  const { source } = await read(`${API}${fn("Send")}
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations:
          - { Event: s3:ObjectCreated:*, Function: !GetAtt Send.Arn }
          - { Event: s3:ObjectRemoved:*, Function: !GetAtt Send.Arn }`);

  expect(source.triggers).toEqual([{ kind: "other", from: "Bucket", function: "Send" }]);
});

test("what leads to a function besides routes is read, by the names of the template", async () => {
  const { source } = await read(
    API +
      fn("Send") +
      `
  Queue: { Type: AWS::SQS::Queue }
  FromQueue:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Send }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  FromTable:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Table.StreamArn, FunctionName: !GetAtt Send.Arn }
  Topic: { Type: AWS::SNS::Topic }
  FromTopic:
    Type: AWS::SNS::Subscription
    Properties: { Protocol: lambda, TopicArn: !Ref Topic, Endpoint: !GetAtt Send.Arn }
  Nightly:
    Type: AWS::Events::Rule
    Properties: { ScheduleExpression: rate(1 day), Targets: [{ Id: a, Arn: !GetAtt Send.Arn }] }
  Web:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: web, ProtocolType: HTTP }` +
      proxy("Webs", URI).replaceAll("!Ref Api", "!Ref Web") +
      `
  Bucket: { Type: AWS::S3::Bucket }
  Other: { Type: AWS::S3::Bucket }
  Logs: { Type: AWS::Logs::LogGroup }`,
  );

  expect(source.triggers).toEqual([
    { kind: "queue", from: "Queue", function: "Send" },
    { kind: "stream", from: "Table", function: "Send" },
    { kind: "topic", from: "Topic", function: "Send" },
    { kind: "schedule", from: "Nightly", function: "Send", schedule: "rate(1 day)" },
  ]);
  expect(source.httpApis).toEqual([{ name: "Web", functions: ["Send"] }]);
  expect(source.remarks).toEqual(["3 resources are ignored: 2 of S3, 1 of Logs."]);
});

const openApi = (protocol: string, description: string) => `${fn("Send")}
  Web:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      FailOnWarnings: true${
        protocol === ""
          ? ""
          : `
      ProtocolType: ${protocol}`
      }
      ${description}`;

const BODY = `Body:
        openapi: 3.0.1
        paths:
          /send:
            post:
              x-amazon-apigateway-integration:
                type: aws_proxy
                uri: ${URI}`;

test.each(["HTTP", ""])(
  "an API with an OpenAPI definition is an HTTP API, with the functions of its routes: %j",
  async (protocol) => {
    const { source, definition } = await read(API + openApi(protocol, BODY));

    expect(source.httpApis).toEqual([
      { name: "Web", functions: ["Send"], routes: [{ route: "POST /send", function: "Send" }] },
    ]);
    expect(source.remarks).toEqual([]);
    expect(Object.keys(definition.apis)).toEqual(["Api"]);
  },
);

test("an OpenAPI definition of an HTTP API that lies elsewhere is named as not read", async () => {
  const { source } = await read(API + openApi("", "BodyS3Location: { Bucket: b, Key: web.yaml }"));

  expect(source.httpApis).toEqual([]);
  expect(source.remarks).toEqual([
    "template.yaml:18:7: Resources.Web.Properties.BodyS3Location: wsgw does not read the OpenAPI definition of Web and does not know the functions of its routes.",
  ]);
});

test.each([
  ["Body", BODY],
  ["BodyS3Location", "BodyS3Location: { Bucket: b, Key: chat.yaml }"],
])(
  "an OpenAPI definition in %s of a WebSocket API is a fault, as on AWS",
  async (property, body) => {
    const faults = await faultsOf(API + openApi("WEBSOCKET", body));

    expect(faults).toContain(
      `template.yaml:19:7: Resources.Web.Properties.${property}: ${property} is supported only for HTTP APIs: API Gateway imports no OpenAPI definition as a WebSocket API. Write the routes as AWS::ApiGatewayV2::Route.`,
    );
  },
);

test("all faults come at once, in the order of the file", async () => {
  const faults = await faultsOf(
    API +
      fn("Send").replace("nodejs22.x", "nodejs22") +
      fn("Talk", ", Environment: { Variables: { A: [1] } }") +
      fn("Walk").replace("Handler: app.handler, ", ""),
  );

  expect(faults.split("\n").map((line) => line.replace(/:\d+:\d+/, ""))).toEqual([
    'template.yaml: Resources.Send.Properties.Runtime: "nodejs22" is not a runtime that wsgw knows. Did you mean "nodejs22.x"?',
    "template.yaml: Resources.Talk.Properties.Environment: the variable A of Talk is [1], but variables contain strings only.",
    'template.yaml: Resources.Walk: Walk has no Handler. Add one, such as "index.handler".',
  ]);
});

test.each([
  [
    "route key",
    SENDS + route("{ Fn::Split: ['-', a-b] }", "Target: x"),
    /^template\.yaml:\d+:\d+: Resources\.\w+\.Properties\.RouteKey: \["a","b"\] is not a route key\. Write a string\.$/,
  ],
  [
    "stage name",
    SENDS.replace("StageName: Prod", "StageName: { a: b }"),
    /^template\.yaml:\d+:\d+: Resources\.Prod\.Properties\.StageName: \{"a":"b"\} is not the name of a stage\. Write a string\.$/,
  ],
])("a %s that is not a string is shown as it is", async (_, template, fault) => {
  expect(await faultsOf(template)).toMatch(fault);
});

test("what a function of SAM lacks is reported once", async () => {
  const faults = await faultsOf(
    `Transform: AWS::Serverless-2016-10-31\nResources:${API}
  Send:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: . }`,
  );

  expect(faults.split("\n").map((line) => line.replace(/^.*: (?=Function)/, ""))).toEqual([
    'Function "Send" has no Runtime. Add it here or in Globals.Function.',
    'Function "Send" has no Handler. Add it here or in Globals.Function.',
  ]);
});

test("an unknown condition is reported at the resource that names it, and nothing that follows from it", async () => {
  const faults = await faultsOf(
    `Conditions: { IsProd: !Equals [a, b] }
Resources:${SENDS.replace("Type: AWS::Lambda::Function", "Type: AWS::Lambda::Function\n    Condition: IsPord")}`,
  );

  expect(faults).toBe(
    'template.yaml:14:5: Resources.Send.Condition: The condition "IsPord" does not exist. Did you mean "IsProd"?',
  );
});

test("reports the definition's own errors with the places and names of the template", async () => {
  const { definition } = await read(SENDS.replace("nodejs22.x", "nodejs22.x, Timeout: 1000"));
  const check = () =>
    checkProject(definition, "template.yaml", { parseExpression: parseRouteExpression });

  expect(check).toThrow(/^template\.yaml:\d+:\d+: Resources\.Send\.Properties\.Timeout: 1000 /m);
});

test("reports a stage name that AWS would reject with the place of its name", async () => {
  const { definition } = await read(SENDS.replace("StageName: Prod", 'StageName: "my stage"'));
  const check = () =>
    checkProject(definition, "template.yaml", { parseExpression: parseRouteExpression });

  expect(check).toThrow(/^template\.yaml:\d+:\d+: Resources\.Prod\.Properties\.StageName: /m);
});

test("11 (1): reports a stage variable that AWS would reject with the place of the stage's variables", async () => {
  const { definition } = await read(SENDS.replace("mood: calm", "mood: rather calm"));
  const check = () =>
    checkProject(definition, "template.yaml", { parseExpression: parseRouteExpression });

  expect(check).toThrow(
    /^template\.yaml:\d+:\d+: Resources\.Prod\.Properties\.StageVariables: "rather calm" is not /m,
  );
});

const GATEWAY = SENDS + route("send", "Target: !Sub 'integrations/${Sends}'");
const ADDED =
  'Add to Resources: "SendForApi": {"Type":"AWS::Lambda::Permission","Properties":{"Action":"lambda:InvokeFunction","FunctionName":{"Ref":"Send"},"Principal":"apigateway.amazonaws.com","SourceArn":{"Fn::Sub":"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"}}}';

test("a function that API Gateway may not invoke is named with the permission to paste", async () => {
  const { definition, source } = await read(`Resources:${GATEWAY}`);

  const why = "may not be invoked by API Gateway";
  expect(source.notServed.map(notServedText)).toEqual([
    `function chat-Send ${why}, so its calls fail with "Internal server error": route send of Api, template.yaml:15:5. ${ADDED}`,
  ]);
  expect(definition.apis.Api?.routes.send).toEqual({
    integration: {
      type: "lambda-proxy",
      function: "Send",
      denied: `the function chat-Send ${why}. ${ADDED}`,
    },
  });
});

test("the line to paste is the permission that was missing", async () => {
  const { definition } = await read(`Resources:${GATEWAY}\n  ${ADDED.slice(18)}\n`);

  expect(definition.apis.Api?.routes.send).toEqual({ function: "Send" });
});

const SOURCE = "arn:aws:execute-api:us-east-1:999999999999:";

test.each([
  ["of the whole API", `\n      SourceArn: !Sub '${SOURCE}\${Api}/*'`],
  ["of the stage", `\n      SourceArn: !Sub '${SOURCE}\${Api}/Prod/*'`],
  ["of the route, as the CDK writes it", `\n      SourceArn: !Sub '${SOURCE}\${Api}/*send'`],
  ["of anything", "\n      SourceArn: '*'"],
  ["of an API that only AWS knows", `\n      SourceArn: !Sub '${SOURCE}\${Other.Id}/*'`],
])("a permission %s lets API Gateway invoke the function", async (_, more) => {
  const other = "\n  Other: { Type: Custom::Api }";
  const { definition } = await read(
    `Resources:${GATEWAY}${other}${permission("!GetAtt Send.Arn", more)}`,
  );

  expect(definition.apis.Api?.routes.send).toEqual({ function: "Send" });
});

test.each([
  ["for another function", permission("other")],
  [
    "for another route",
    permission("!Ref Send", `\n      SourceArn: !Sub '${SOURCE}\${Api}/*/join'`),
  ],
  [
    "for authorizers alone",
    permission("!Ref Send", `\n      SourceArn: !Sub '${SOURCE}\${Api}/authorizers/*'`),
  ],
  ["for another service", permission("!Ref Send").replace("apigateway", "sns")],
  ["to do something else", permission("!Ref Send").replace("InvokeFunction", "GetFunction")],
])("a permission %s does not let API Gateway invoke the function", async (_, allowed) => {
  const { definition } = await read(`Resources:${GATEWAY}${allowed}`);

  expect(definition.apis.Api?.routes.send).toHaveProperty("integration.denied");
});

const TRUST =
  "AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }] }";
const STATEMENT =
  '{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":{"Fn::GetAtt":["Send","Arn"]}}';

const inFlow = (uri: string) => uri.replace(/^!Sub (.*)$/, '!Sub "$1"');

/** A template whose route and authorizer are called by a role with these properties and resources beside it. */
const byRole = (properties: string, more = "", uri = URI) => `Resources:${API}${fn("Send")}
  Sends:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, CredentialsArn: !GetAtt Caller.Arn, IntegrationUri: ${inFlow(uri)} }${route("send", "Target: !Sub 'integrations/${Sends}'")}
  Token:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties: { ApiId: !Ref Api, Name: token, AuthorizerType: REQUEST, AuthorizerCredentialsArn: !GetAtt Caller.Arn, AuthorizerUri: ${inFlow(uri)} }
  Caller:
    Type: AWS::IAM::Role
    Properties:
      ${TRUST}
      ${properties}
${more}`;
const callerPolicy = (statement: string) =>
  `Policies: [{ PolicyName: calls, PolicyDocument: { Statement: [${statement}] } }]`;

test("a role by which API Gateway may not invoke the function is named with the statement to paste", async () => {
  const reads = "{ Effect: Allow, Action: lambda:GetFunction, Resource: '*' }";
  const { definition, source } = await read(byRole(callerPolicy(reads)));

  const why =
    "may not be invoked by API Gateway, because its role Caller does not allow lambda:InvokeFunction on it";
  const add = `Add to a Statement in the policies of Caller: ${STATEMENT}`;
  expect(source.notServed.map(notServedText)).toEqual([
    `function chat-Send ${why}, so no client can connect: authorizer Token of Api, template.yaml:21:5. ${add}`,
    `function chat-Send ${why}, so its calls fail with "Internal server error": route send of Api, template.yaml:15:5. ${add}`,
  ]);
  const denied = `the function chat-Send ${why}. ${add}`;
  expect(definition.apis.Api?.routes.send).toMatchObject({ integration: { denied } });
  expect(definition.apis.Api?.authorizers).toMatchObject({ Token: { denied } });
});

test.each([
  ["", "the policies are missing"],
  [
    "Policies: [{ PolicyName: calls, PolicyDocument: { Statement: [{ Effect: Allow, Action: lambda:InvokeFunction, Resource: !Sub '${Send.Arn}:live' }] } }]",
    "of an alias alone",
  ],
  [
    callerPolicy(`${STATEMENT}, { Effect: Deny, Action: "lambda:*", Resource: "*" }`),
    "with a statement that denies it",
  ],
  [
    "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    "that AWS manages, for logs",
  ],
])("API Gateway may not invoke the function by a role with policies %s", async (properties) => {
  const { definition } = await read(byRole(properties));

  expect(definition.apis.Api?.routes.send).toHaveProperty("integration.denied");
});

const OF_ALIAS = URI.replace("Send.Arn}", "Send.Arn}:live");

test.each<[what: string, properties: string, more?: string, uri?: string]>([
  ["the statement to paste", callerPolicy(STATEMENT)],
  ["AWSLambdaRole", "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaRole]"],
  ["a policy that wsgw does not know", "ManagedPolicyArns: [arn:aws:iam::aws:policy/Other]"],
  ["a boundary", "PermissionsBoundary: arn:aws:iam::123456789012:policy/b"],
  [
    "the author's own region and account",
    callerPolicy(
      "{ Effect: Allow, Action: lambda:InvokeFunction, Resource: 'arn:aws:lambda:us-west-2:999999999999:function:chat-*' }",
    ),
  ],
  [
    "a condition",
    callerPolicy(
      "{ Effect: Allow, Action: lambda:*, Resource: '*', Condition: { StringEquals: { aws:SourceVpc: v } } }",
    ),
  ],
  [
    "a value that only AWS knows",
    callerPolicy("{ Effect: Allow, Action: lambda:*, Resource: !ImportValue worker }"),
  ],
  [
    "a policy beside it",
    "",
    `  Own: { Type: AWS::IAM::Policy, Properties: { PolicyName: p, Roles: [!Ref Caller], PolicyDocument: { Statement: ${STATEMENT} } } }`,
  ],
  [
    "an alias",
    callerPolicy(STATEMENT.replace('{"Fn::GetAtt":["Send","Arn"]}', '{"Fn::Sub":"${Send.Arn}:*"}')),
    "",
    OF_ALIAS,
  ],
])("API Gateway may invoke the function by a role with %s", async (_, properties, more, uri) => {
  const { definition, source } = await read(byRole(properties, more, uri));

  expect(source.notServed).toEqual([]);
  const called = uri === OF_ALIAS ? "Send:live" : "Send";
  expect(definition.apis.Api?.routes.send).toEqual({ function: called });
});

test("a macro, or a nested template that is elsewhere, may bring the permission", async () => {
  const nested =
    "\n  More: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/b/t } }";

  for (const template of [
    `Transform: Own\nResources:${GATEWAY}`,
    `Resources:${GATEWAY}${nested}`,
  ]) {
    const { definition } = await read(template);
    expect(definition.apis.Api?.routes.send).toEqual({ function: "Send" });
  }
});

test("SAM's template is warned of a permission that its own API lacks, and served", async () => {
  const { definition, source } = await read(
    `Transform: AWS::Serverless-2016-10-31\nResources:${GATEWAY}`,
  );

  expect(definition.apis.Api?.routes.send).toEqual({ function: "Send" });
  expect(source.remarks).toEqual([
    `template.yaml:16:5: Resources.Sends: on AWS the function chat-Send may not be invoked by API Gateway, so its calls fail with "Internal server error": route send of Api. ${ADDED}`,
  ]);
});

test("what is wrong with a permission keeps nothing from being served", async () => {
  const { source } = await read(`Resources:${GATEWAY}${permission("!Ref Gone")}`);

  expect(source.remarks).toEqual([]);
});

test("schedules and filters of what leads to a function are read", async () => {
  const { source } = await read(
    API +
      fn("Send") +
      `
  Every:
    Type: AWS::Scheduler::Schedule
    Properties: { ScheduleExpression: cron(0 8 * * ? *), Target: { Arn: !GetAtt Send.Arn } }
  Orders:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [shop] }
      Targets: [{ Id: a, Arn: !GetAtt Send.Arn }]
  Queue: { Type: AWS::SQS::Queue }
  Jobs: { Type: AWS::SQS::Queue }
  New:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Queue.Arn
      FunctionName: !Ref Send
      FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }, { Pattern: '{"body":["b"]}' }] }
  SomeJobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Jobs.Arn
      FunctionName: !Ref Send
      FilterCriteria: { Filters: [{ Pattern: '{"body":["a"]}' }] }
  AllJobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Send }`,
  );

  expect(source.triggers).toEqual([
    { kind: "schedule", from: "Every", function: "Send", schedule: "cron(0 8 * * ? *)" },
    { kind: "rule", from: "Orders", function: "Send", filters: ['{"source":["shop"]}'] },
    {
      kind: "queue",
      from: "Queue",
      function: "Send",
      filters: ['{"body":["a"]}', '{"body":["b"]}'],
    },
    { kind: "queue", from: "Jobs", function: "Send" },
  ]);
});

test("an HTTP API has its routes, by their own resources or by OpenAPI", async () => {
  const { source } = await read(
    `Transform: AWS::Serverless-2016-10-31\nResources:${API}${fn("Send")}` +
      `
  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: web, ProtocolType: HTTP } }
  WebRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Web, RouteKey: "GET /rooms/{id}", Target: !Sub "integrations/\${Webs}" }` +
      proxy("Webs", URI).replaceAll("!Ref Api", "!Ref Web") +
      `
  Rest: { Type: AWS::ApiGateway::RestApi }
  Rooms:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Rest, ParentId: !GetAtt Rest.RootResourceId, PathPart: rooms }
  Room:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Rest, ParentId: !Ref Rooms, PathPart: "{id}" }
  GetRoom:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Rest, ResourceId: !Ref Room, HttpMethod: GET, Integration: { Uri: !GetAtt Send.Arn } }
  Own:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: nodejs22.x
      Events:
        Any: { Type: HttpApi }
        Put: { Type: HttpApi, Properties: { Path: /rooms, Method: put } }`,
  );

  expect(source.httpApis).toEqual([
    { name: "Web", functions: ["Send"], routes: [{ route: "GET /rooms/{id}", function: "Send" }] },
    { name: "Rest", functions: ["Send"], routes: [{ route: "GET /rooms/{id}", function: "Send" }] },
    {
      name: "ServerlessHttpApi",
      functions: ["Own"],
      routes: [
        { route: "$default", function: "Own" },
        { route: "PUT /rooms", function: "Own" },
      ],
    },
  ]);
});

test("what a table does on AWS alone is named: expiry of items, and its stream", async () => {
  const table = (id: string, more: string) => `
  ${id}:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]${more}`;
  const ttl = (enabled: string) =>
    `\n      TimeToLiveSpecification: { AttributeName: until, Enabled: ${enabled} }`;
  const { source } = await read(
    API +
      table("Plain", ttl("false")) +
      table("Both", `${ttl("true")}\n      StreamSpecification: { StreamViewType: NEW_IMAGE }`),
  );

  expect(source.tables).toEqual([{ table: "Both", timeToLive: "until", stream: "NEW_IMAGE" }]);
  expect(sourceNotes(source)).toEqual([
    "not served locally yet: expiry of items of Both by until, stream of Both (NEW_IMAGE)",
  ]);
});
