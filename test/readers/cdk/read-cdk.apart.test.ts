import { expect, onTestFinished, test, vi } from "vitest";
import { deploy, findOwnDeployment } from "../../../src/app.ts";
import { type LoadOptions, loadProject } from "../../../src/emulator/load-project.ts";
import { startGateway } from "../../../src/testing/index.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";

const api = (name: string) => ({
  Api: {
    Type: "AWS::ApiGatewayV2::Api",
    Properties: {
      Name: name,
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
    },
  },
  Stage: {
    Type: "AWS::ApiGatewayV2::Stage",
    Properties: { ApiId: { Ref: "Api" }, StageName: "dev" },
  },
  Connect: {
    Type: "AWS::ApiGatewayV2::Route",
    Properties: { ApiId: { Ref: "Api" }, RouteKey: "$connect" },
  },
});

const fn = (variables: object) => ({
  Fn: {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { ZipFile: "exports.handler = async () => {};" },
      Handler: "index.handler",
      Runtime: "nodejs22.x",
      Environment: { Variables: variables },
    },
  },
});

type StackOf = {
  readonly resources?: object;
  readonly outputs?: object;
  readonly parameters?: object;
  readonly more?: object;
};

/** An app with these stacks in its `cdk.out`. */
function app(stacks: Readonly<Record<string, StackOf>>) {
  const files = Object.entries(stacks).map(([id, { resources, outputs, parameters }]) => [
    `cdk.out/${id}.template.json`,
    JSON.stringify(
      { Parameters: parameters ?? {}, Resources: resources ?? {}, Outputs: outputs ?? {} },
      undefined,
      1,
    ),
  ]);
  const artifacts = Object.entries(stacks).map(([id, { more }]) => [
    id,
    {
      type: "aws:cloudformation:stack",
      environment: "aws://unknown-account/unknown-region",
      properties: { templateFile: `${id}.template.json`, ...more },
    },
  ]);
  return project({
    "cdk.json": '{ "app": "node app.js" }',
    "cdk.out/cdk.out": "{}",
    "cdk.out/manifest.json": JSON.stringify({
      version: "55.0.0",
      artifacts: Object.fromEntries(artifacts),
    }),
    ...Object.fromEntries(files),
  });
}

async function load(cwd: string, more: Partial<LoadOptions> = {}) {
  const { project } = await loadProject({
    cwd,
    template: "cdk.json",
    stateDir: temporaryDirectory(),
    ...more,
  });
  return project;
}

test("one stack gets another's values by exports and by outputs", async () => {
  const { root } = app({
    data: {
      outputs: {
        Name: { Value: "rooms", Export: { Name: "data:rooms" } },
        Size: { Value: { Ref: "AWS::StackName" } },
      },
      more: { stackName: "our-data" },
    },
    chat: {
      resources: {
        ...api("chat"),
        ...fn({
          ROOMS: { "Fn::ImportValue": "data:rooms" },
          SIZE: { "Fn::GetStackOutput": { StackName: "our-data", OutputName: "Size" } },
          GIVEN: { "Fn::ImportValue": "elsewhere:vpc" },
          COLOUR: { Ref: "Colour" },
        }),
      },
      parameters: { Colour: { Type: "String" } },
      more: { parameters: { Colour: "red" } },
    },
  });

  const { functions } = await load(root, { parameters: { "elsewhere:vpc": "vpc-1" } });

  expect(functions["chat-Fn"]?.environment).toMatchObject({
    ROOMS: "rooms",
    SIZE: "our-data",
    GIVEN: "vpc-1",
    COLOUR: "red",
  });
});

test("a function whose file has more dots in its name is built from that file", async () => {
  const { Fn } = fn({});
  const bundled = { ...Fn, Metadata: { "aws:asset:path": "asset.1" } };
  const { root, write } = app({ chat: { resources: { ...api("chat"), Fn: bundled } } });
  const code = "exports.handler = async () => {};";
  write("src/chat.handler.ts", code);
  write("cdk.out/asset.1/index.js", `// src/chat.handler.ts\n${code}`);

  const { functions } = await load(root);

  expect(functions.Fn?.handler).toBe("index.handler");
  expect(functions.Fn?.build?.entry).toBe("src/chat.handler.ts");
});

test("an output that no stack has is a fault with its place", async () => {
  const wanted = { "Fn::GetStackOutput": { StackName: "gone", OutputName: "Size" } };
  const { root } = app({ chat: { resources: { ...api("chat"), ...fn({ SIZE: wanted }) } } });

  await expect(load(root)).rejects.toThrow(
    /cdk\.out\/chat\.template\.json:\d+:\d+: .*No stack "gone" on this machine has an output "Size"\./,
  );
});

test("asks which stack is meant where two have the same API, and takes the one that is named", async () => {
  const { root } = app({
    "chat-test": { resources: api("chat") },
    "chat-live": { resources: api("chat"), more: { stackName: "live" } },
  });

  await expect(load(root)).rejects.toThrow(
    'the stacks chat-test and live both have the API "chat". Choose one: --stack-name live',
  );
  expect((await load(root, { stackName: "live" })).name).toBe("live");
  await expect(load(root, { stackName: "none" })).rejects.toThrow(
    'The app does not have the stack "none". Its stacks: chat-test, live.',
  );
});

test("a nested stack belongs to the stack whose whole name its template begins with", async () => {
  const nested = "cdk.out/ChatDataRooms88046352.nested.template.json";
  const { root, write } = app({
    Chat: { resources: api("chat") },
    ChatData: {
      resources: {
        Rooms: {
          Type: "AWS::CloudFormation::Stack",
          Metadata: { "aws:asset:path": nested.slice("cdk.out/".length) },
          Properties: { TemplateURL: "https://s3.amazonaws.com/bucket/key.json" },
        },
      },
    },
  });
  write(nested, JSON.stringify({ Resources: fn({ STACK: { Ref: "AWS::StackName" } }) }));

  const { functions } = await load(root);

  expect(functions["Rooms88046352-Fn"]?.environment).toMatchObject({
    STACK: "ChatData-Rooms88046352",
  });
});

test.each(["cdk.out", "cdk.out/manifest.json"])(
  "reads an assembly that is named: %s",
  async (template) => {
    const { root } = app({ chat: { resources: api("chat") } });

    expect((await load(root, { template })).name).toBe("chat");
  },
);

test("wsgw deploy names the command that deploys an app, and sends nothing", async () => {
  const { root } = app({ chat: { resources: api("chat") } });
  const place = { cwd: root, template: "cdk.json", env: {} };

  expect(await findOwnDeployment(place)).toMatchObject({ command: "cdk deploy" });
  await expect(deploy({ ...place, confirm: async () => true })).rejects.toMatchObject({
    code: "NOT_DEPLOYABLE",
    message: "wsgw does not deploy cdk.json: the project has its own command. Run cdk deploy.",
  });
});

test("startGateway() takes the cdk.json that it is given", async () => {
  const { path } = app({ chat: { resources: api("chat") } });

  vi.stubEnv("XDG_CACHE_HOME", temporaryDirectory());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });

  const gateway = await startGateway(path("cdk.json"));
  onTestFinished(() => gateway.stop());

  expect(Object.keys(gateway.project.apis)).toEqual(["Api"]);
});

test("says which file of an assembly cannot be read", async () => {
  const { root, write } = app({ chat: { resources: api("chat") } });
  write("cdk.out/manifest.json", "{");

  await expect(load(root)).rejects.toMatchObject({
    code: "CONFIG_UNREADABLE",
    message: expect.stringMatching(/cdk\.out\/manifest\.json cannot be read: /),
  });
});
