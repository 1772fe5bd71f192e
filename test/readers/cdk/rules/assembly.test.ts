import { expect, test } from "vitest";
import {
  chosenStacks,
  readAssets,
  readManifest,
} from "../../../../src/readers/cdk/rules/assembly.ts";
import { localTemplate } from "../../../../src/readers/cdk/rules/local-template.ts";
import { readSettings } from "../../../../src/readers/cdk/rules/settings.ts";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { ENTRY } from "../../../../src/readers/sam/rules/build-properties.ts";

const stack = (environment: string, properties: object, dependencies: readonly string[] = []) => ({
  type: "aws:cloudformation:stack",
  environment,
  properties,
  dependencies,
});

test("reads the stacks, stages and look-ups of a manifest, of any version", () => {
  const manifest = readManifest({
    version: "999.0.0",
    missing: [{ key: "vpc-provider:x", provider: "vpc-provider" }],
    artifacts: {
      Tree: { type: "cdk:tree" },
      "assembly-Dev": { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-Dev" } },
      "Chat.assets": { type: "cdk:asset-manifest", properties: { file: "Chat.assets.json" } },
      Chat: stack("aws://111111111111/eu-west-1", {
        templateFile: "Chat.template.json",
        stackName: "my-chat",
        parameters: { Size: 3 },
      }),
      Data: stack("aws://unknown-account/unknown-region", { templateFile: "Data.template.json" }),
    },
  });

  expect(manifest).toMatchObject({
    stacks: [
      {
        id: "Chat",
        stackName: "my-chat",
        region: "eu-west-1",
        accountId: "111111111111",
        parameters: { Size: "3" },
      },
      { id: "Data", stackName: "Data", region: undefined, accountId: undefined },
    ],
    assetFiles: ["Chat.assets.json"],
    nested: ["assembly-Dev"],
    missing: ["vpc-provider:x"],
  });
  expect(readManifest({ artifacts: {} })).toBeUndefined();
});

test("a stack is chosen with all that it depends on", () => {
  const stacks = [
    { id: "Data", displayName: "Dev/Data", stackName: "Dev-Data", dependencies: [] },
    {
      id: "Chat",
      displayName: "Dev/Chat",
      stackName: "Dev-Chat",
      dependencies: ["Data", "Chat.assets"],
    },
    { id: "Other", displayName: "Prod/Chat", stackName: "Prod-Chat", dependencies: [] },
  ];

  for (const name of ["Chat", "Dev/Chat", "Dev-Chat"]) {
    expect(chosenStacks(stacks, name)?.map(({ id }) => id)).toEqual(["Data", "Chat"]);
  }
  expect(chosenStacks(stacks, "None")).toBeUndefined();
});

test("finds assets by the keys of their objects, of code, layers and nested stacks", () => {
  const byKey = readAssets({
    files: {
      a: { source: { path: "asset.a" }, destinations: { here: { objectKey: "a.zip" } } },
      b: {
        source: { path: "B.nested.template.json" },
        destinations: { here: { objectKey: "b.json" } },
      },
    },
  });
  const url = { "Fn::Join": ["", ["https://s3.", { Ref: "AWS::Region" }, ".com/bucket/b.json"]] };
  const made = localTemplate(
    {
      Resources: {
        Join: { Type: "AWS::Lambda::Function", Properties: { Code: { S3Key: "a.zip" } } },
        Far: { Type: "AWS::Lambda::Function", Properties: { Code: { S3Key: "far.zip" } } },
        Deep: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: url } },
      },
    },
    { byKey, sourceOf: () => undefined },
    new Origins(),
  );

  expect(made.Resources).toMatchObject({
    Join: { Metadata: { "aws:asset:path": "asset.a" } },
    Far: { Properties: { Code: { S3Key: "far.zip" } } },
    Deep: { Properties: { TemplateURL: "B.nested.template.json" } },
  });
});

test("a function whose source is known runs from that, by its handler there", () => {
  const Code = { S3Key: "a.zip" };
  const found = {
    directory: "/app/src",
    handler: "join.run",
    format: "esm",
    entry: "join.ts",
  } as const;
  const made = localTemplate(
    {
      Resources: {
        Join: {
          Type: "AWS::Lambda::Function",
          Metadata: { a: 1 },
          Properties: { Code, Handler: "index.handler", Timeout: 3 },
        },
        Layer: { Type: "AWS::Lambda::LayerVersion", Properties: { Content: Code } },
      },
    },
    {
      byKey: new Map([["a.zip", "asset.a"]]),
      sourceOf: (asset, handler) =>
        asset === "asset.a" && handler === "index.handler" ? found : undefined,
    },
    new Origins(),
  );

  expect(made.Resources).toEqual({
    Join: {
      Type: "AWS::Lambda::Function",
      Metadata: {
        a: 1,
        "aws:asset:path": "/app/src",
        BuildMethod: "esbuild",
        BuildProperties: { Format: "esm" },
        [ENTRY]: "join.ts",
      },
      Properties: { Code, Handler: "join.run", Timeout: 3 },
    },
    Layer: {
      Type: "AWS::Lambda::LayerVersion",
      Metadata: { "aws:asset:path": "asset.a" },
      Properties: { Content: Code },
    },
  });
});

test("leaves out what the CDK adds for itself, and the functions of custom resources", () => {
  const made = localTemplate(
    {
      Parameters: { BootstrapVersion: { Type: "String" }, Size: { Type: "String" } },
      Conditions: { CDKMetadataAvailable: {}, IsBig: {} },
      Rules: { CheckBootstrapVersion: {} },
      Resources: {
        CDKMetadata: { Type: "AWS::CDK::Metadata" },
        Clean: {
          Type: "Custom::Clean",
          Properties: { ServiceToken: { "Fn::GetAtt": ["Own", "Arn"] } },
        },
        Own: { Type: "AWS::Lambda::Function", Properties: {} },
      },
    },
    { byKey: new Map(), sourceOf: () => undefined },
    new Origins(),
  );

  expect(made).toEqual({
    Parameters: { Size: { Type: "String" } },
    Conditions: { IsBig: {} },
    Resources: {
      Clean: expect.objectContaining({ Type: "Custom::Clean" }),
      Own: expect.objectContaining({ Type: "Custom::Provider" }),
    },
  });
});

test.each([
  ["lib/chat.ts", {}, true],
  ["cdk.out/manifest.json", {}, false],
  ["node_modules/x/index.js", {}, false],
  ["lib/chat.js", { exclude: ["**/*.js"] }, false],
  ["lib/deep/chat.d.ts", { exclude: ["**/*.d.ts"] }, false],
  ["cdk.context.json", { exclude: ["cdk*.json"] }, false],
  ["lib/cdk.json", { exclude: ["cdk*.json"] }, true],
  ["test/chat.ts", { exclude: ["test"] }, false],
  ["web/app.tsx", { include: "lib/**" }, false],
  ["lib/app.tsx", { include: ["./lib/**/*.{ts,tsx}"] }, true],
])("whether %s is a source of an app that watches %o: %s", (file, watch, isSource) => {
  expect(readSettings(JSON.stringify({ watch }))?.isSource(file)).toBe(isSource);
});
