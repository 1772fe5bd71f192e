import { expect, test } from "vitest";
import { withLocalAssets } from "../../../../src/readers/cdk/rules/local-assets.ts";
import { readAssets } from "../../../../src/readers/cdk/rules/manifest.ts";
import { Origins } from "../../../../src/readers/cloudformation/rules/origins.ts";
import { ENTRY } from "../../../../src/readers/sam/rules/build-properties.ts";

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
  const made = withLocalAssets(
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
  const made = withLocalAssets(
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
