import { expect, onTestFinished, test } from "vitest";
import { type ApiDefinition, defineApi, ref, startGateway } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";
import { gatewayFor } from "./support.ts";

const answers = (body: string) => async () => ({ statusCode: 200, body });
const handlers = { live: answers("live"), test: answers("test") };

function api(called: string, variables: ApiDefinition["stage"]["variables"] = {}): ApiDefinition {
  return defineApi({
    name: "aliased",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev", variables },
    functions: {
      live: { handler: "unused.live", aliases: ["blue"] },
      test: { handler: "unused.test", functionName: "on-aws" },
    },
    routes: { $default: { function: called, routeResponse: true } },
  });
}

const fn = ref("function.live.name");

test.each<[string, ApiDefinition]>([
  ["an alias", api("live:blue")],
  ["a version", api("live:7")],
  ["$LATEST", api("live:$LATEST")],
  ["a stage variable that refers to the function", api("${stageVariables.fn}", { fn })],
  ["an alias in a stage variable", api("live:${stageVariables.alias}", { alias: "blue" })],
  [
    "function and alias in stage variables",
    api("${stageVariables.fn}:${stageVariables.a}", { fn, a: "blue" }),
  ],
])("a route calls its function by %s", async (_, definition) => {
  const gateway = await gatewayFor(definition, { handlers });
  const client = await gateway.connect();
  client.send("any");

  await client.expectNext("live");
});

const arn = "arn:aws:lambda:us-east-1:123456789012:function:live";
const contextArn = `exports.live = async (_, { invokedFunctionArn }) =>
  ({ statusCode: 200, body: invokedFunctionArn });
exports.test = exports.live;`;
const withContext = {
  live: async (_: unknown, context: unknown) => ({
    statusCode: 200,
    body: (context as { invokedFunctionArn: string }).invokedFunctionArn,
  }),
  test: handlers.test,
};

test.each([
  ["live:blue", `${arn}:blue`],
  ["live", arn],
])(
  "the context's invokedFunctionArn has the alias of %s",
  { tags: ["journey"] },
  async (called, expected) => {
    const files = project({ "unused.js": contextArn });
    const definition = api(called);
    for (const options of [
      { handlers: withContext },
      { root: files.path("."), runtime: "in-process" },
      { root: files.path("."), runtime: "child-process", waitMs: 30_000 },
    ] as const) {
      const gateway = await startGateway(definition, options);
      onTestFinished(() => gateway.stop());
      const client = await gateway.connect();
      client.send("any");

      await client.expectNext(expected);
    }
  },
);

test("11 (2): each stage calls the function that its stage variable names", async () => {
  const { stage: _, routes, functions, ...rest } = api("${stageVariables.fn}");
  const stages = {
    prod: { variables: { fn: ref("function.live.name") } },
    next: { variables: { fn: "on-aws" } },
  };
  const { routeSelectionExpression, name } = rest;
  const apis = { aliased: { routeSelectionExpression, stages, routes } };
  const gateway = await startGateway({ name, functions, apis }, { handlers });
  for (const [stage, answer] of [
    ["prod", "live"],
    ["next", "test"],
  ] as const) {
    const client = await gateway.connect({ stage });
    client.send("any");
    await client.expectNext(answer);
  }
  await gateway.stop();
});

test.each([
  [
    "an alias that the function lacks",
    api("live:bleu"),
    'routes.$default.function: "live:bleu" is "live" on stage dev, which does not have the alias "bleu". Did you mean "blue"?',
  ],
  [
    "a stage variable that names no function",
    api("${stageVariables.fn}", { fn: "nothing" }),
    'routes.$default.function: "${stageVariables.fn}" is "nothing" on stage dev, which is not the name of a function. Set its stage variable to the function\'s name on AWS: ref("function.NAME.name").',
  ],
  [
    "a stage variable that the stage lacks",
    api("${stageVariables.fn}"),
    '"${stageVariables.fn}" is "${stageVariables.fn}" on stage dev, which is not the name of a function',
  ],
])("%s is a fault", async (_, definition, fault) => {
  await expect(startGateway(definition, { handlers })).rejects.toThrow(fault);
});

/** A template whose function is called at `qualifier`, and the permission for `permitted`. */
function templateOf(qualifier: string, permitted: object, more = {}): string {
  const ApiId = { Ref: "Api" };
  const prefix = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions";
  const code = (body: string) => ({
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { ZipFile: `exports.handler = async () => ({ statusCode: 200, body: "${body}" });` },
      Handler: "index.handler",
      Runtime: "nodejs24.x",
    },
  });
  const permission = (FunctionName: object) => ({
    Type: "AWS::Lambda::Permission",
    Properties: {
      FunctionName,
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
    },
  });
  const resources = {
    Api: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: {
        Name: "a",
        ProtocolType: "WEBSOCKET",
        RouteSelectionExpression: "$request.body.x",
      },
    },
    Stage: { Type: "AWS::ApiGatewayV2::Stage", Properties: { ApiId, StageName: "dev" } },
    Say: code("said"),
    Alias: {
      Type: "AWS::Lambda::Alias",
      Properties: { FunctionName: { Ref: "Say" }, FunctionVersion: "$LATEST", Name: "blue" },
    },
    Permission: permission(permitted),
    Integration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: { "Fn::Sub": `${prefix}/${qualifier}/invocations` },
      },
    },
    Route: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId,
        RouteKey: "$default",
        Target: { "Fn::Sub": "integrations/${Integration}" },
        RouteResponseSelectionExpression: "$default",
      },
    },
    Response: {
      Type: "AWS::ApiGatewayV2::RouteResponse",
      Properties: { ApiId, RouteId: { Ref: "Route" }, RouteResponseKey: "$default" },
    },
    Other: code("other"),
    OtherPermission: permission({ Ref: "Other" }),
    ...more,
  };
  return project({ "template.json": JSON.stringify({ Resources: resources }) }).path(
    "template.json",
  );
}

async function saidBy(template: string, stage = "dev"): Promise<string> {
  const gateway = await startGateway({ template });
  try {
    const client = await gateway.connect({ stage });
    client.send("any");
    return await client.next();
  } finally {
    await gateway.stop();
  }
}

test("a permission of a template is for one alias, or for the function without any", async () => {
  expect(await saidBy(templateOf("${Say.Arn}:blue", { Ref: "Alias" }))).toBe("said");
  expect(await saidBy(templateOf("${Alias}", { "Fn::Sub": "${Say}:blue" }))).toBe("said");
  expect(await saidBy(templateOf("${Say.Arn}", { Ref: "Say" }))).toBe("said");
  const rejected = expect.stringContaining('"message": "Internal server error"');
  expect(await saidBy(templateOf("${Say.Arn}:blue", { Ref: "Say" }))).toEqual(rejected);
  expect(await saidBy(templateOf("${Say.Arn}", { Ref: "Alias" }))).toEqual(rejected);
});

test("an alias that a template with other aliases lacks cannot be called", async () => {
  const template = templateOf("${Say.Arn}:green", { Ref: "Say" });

  expect(await saidBy(template)).toContain('"message": "Internal server error"');
});

const stageOf = (StageName: string, fn: unknown) => ({
  Type: "AWS::ApiGatewayV2::Stage",
  Properties: { ApiId: { Ref: "Api" }, StageName, StageVariables: { fn } },
});
const REJECTED = expect.stringContaining('"message": "Internal server error"');

test("stages of a template call the functions that their stage variables name", async () => {
  const arn = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}";
  const stages = {
    Stage: stageOf("dev", { Ref: "Say" }),
    Next: stageOf("next", { Ref: "Other" }),
  };
  const template = templateOf(arn, { Ref: "Say" }, stages);

  expect(await saidBy(template)).toBe("said");
  expect(await saidBy(template, "next")).toBe("other");
});

test("a stage variable can have the ARN of the function", async () => {
  const stages = {
    Stage: stageOf("dev", { "Fn::GetAtt": ["Say", "Arn"] }),
    Next: stageOf("next", { "Fn::GetAtt": ["Other", "Arn"] }),
  };
  const template = templateOf("${!stageVariables.fn}", { Ref: "Say" }, stages);

  expect(await saidBy(template)).toBe("said");
  expect(await saidBy(template, "next")).toBe("other");
});

test.each([
  ["has a function that is missing", "gone"],
  ["does not set the variable", undefined],
])("only the first stage fails if it %s", async (_, fn) => {
  const arn = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}";
  const stages = { Stage: stageOf("dev", fn), Next: stageOf("next", { Ref: "Other" }) };
  const template = templateOf(arn, { Ref: "Say" }, stages);

  expect(await saidBy(template)).toEqual(REJECTED);
  expect(await saidBy(template, "next")).toBe("other");
});

test("each stage needs the alias that its stage variable names, and a permission for it", async () => {
  const stages = {
    Stage: stageOf("dev", "blue"),
    Next: stageOf("next", "green"),
    Last: stageOf("last", "red"),
    Green: {
      Type: "AWS::Lambda::Alias",
      Properties: { FunctionName: { Ref: "Say" }, FunctionVersion: "$LATEST", Name: "green" },
    },
  };
  const template = templateOf("${Say.Arn}:${!stageVariables.fn}", { Ref: "Alias" }, stages);

  expect(await saidBy(template)).toBe("said");
  expect(await saidBy(template, "next")).toEqual(REJECTED); // no permission for green
  expect(await saidBy(template, "last")).toEqual(REJECTED); // no alias red
});
