import { expect, test } from "vitest";
import { localPaths, withValueAt } from "../../../src/deploy/rules/local-paths.ts";
import type { Json, JsonObject } from "../../../src/deploy/template/model.ts";

const stored = { bucket: "bucket", key: "app/1.zip", url: "https://bucket/app/1.zip" };

function packaged(template: JsonObject): Json {
  return localPaths(template).reduce<Json>(
    (tree, { at, locationOf }) => withValueAt(tree, at, locationOf(stored)),
    template,
  );
}

function resource(type: string, properties: JsonObject): JsonObject {
  return { Resources: { One: { Type: type, Properties: properties } } };
}

test.each([
  ["AWS::Lambda::Function", "Code", { S3Bucket: "bucket", S3Key: "app/1.zip" }],
  ["AWS::Lambda::LayerVersion", "Content", { S3Bucket: "bucket", S3Key: "app/1.zip" }],
  ["AWS::Serverless::Function", "CodeUri", "s3://bucket/app/1.zip"],
  ["AWS::Serverless::LayerVersion", "ContentUri", "s3://bucket/app/1.zip"],
  ["AWS::Serverless::Application", "Location", "https://bucket/app/1.zip"],
  ["AWS::Serverless::HttpApi", "DefinitionUri", "s3://bucket/app/1.zip"],
  ["AWS::CloudFormation::Stack", "TemplateURL", "https://bucket/app/1.zip"],
  ["AWS::ApiGateway::RestApi", "BodyS3Location", { Bucket: "bucket", Key: "app/1.zip" }],
  ["AWS::Serverless::StateMachine", "DefinitionUri", "s3://bucket/app/1.zip"],
])(
  "a path in %s.%s becomes where the object is, in the property's words",
  (type, name, location) => {
    expect(packaged(resource(type, { [name]: "./local", Other: { Ref: "X" } }))).toEqual(
      resource(type, { [name]: location, Other: { Ref: "X" } }),
    );
  },
);

test.each<[string, string, Json]>([
  ["an S3 URI", "AWS::Serverless::Function", "s3://there/key.zip"],
  ["an S3 location", "AWS::Serverless::Function", { Bucket: "there", Key: "key" }],
  ["an intrinsic function", "AWS::Serverless::Function", { "Fn::Sub": "${Dir}/x" }],
])("%s stays as it is", (_, type, value) => {
  const template = resource(type, { CodeUri: value });

  expect(packaged(template)).toEqual(template);
});

test("addresses of templates, code in the template and images stay as they are", () => {
  const template: JsonObject = {
    Resources: {
      Far: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://a/b" } },
      Inline: { Type: "AWS::Lambda::Function", Properties: { Code: { ZipFile: "x" } } },
      Text: { Type: "AWS::Serverless::Function", Properties: { InlineCode: "x" } },
      Image: { Type: "AWS::Serverless::Function", Properties: { PackageType: "Image" } },
      Table: { Type: "AWS::DynamoDB::Table", Properties: { TableName: "./x" } },
    },
  };

  expect(packaged(template)).toEqual(template);
});

test("a function without code uses that of Globals, else the template's directory", () => {
  const function_ = { Type: "AWS::Serverless::Function", Properties: { Handler: "a.b" } };
  const Resources = { One: function_ };
  const Globals = { Function: { CodeUri: "src/" } };

  expect(localPaths({ Resources })).toMatchObject([{ path: ".", id: "One", kind: "code" }]);
  expect(localPaths({ Globals, Resources })).toMatchObject([{ path: "src/" }]);
  expect(packaged({ Globals, Resources })).toEqual({
    Globals,
    Resources: {
      One: { ...function_, Properties: { Handler: "a.b", CodeUri: "s3://bucket/app/1.zip" } },
    },
  });
});

test("an include of a local file is found at the top level and anywhere below", () => {
  const include = (Location: Json): JsonObject => ({
    Name: "AWS::Include",
    Parameters: { Location },
  });
  const template: JsonObject = {
    Transform: ["AWS::Serverless-2016-10-31", include("top.yaml")],
    Resources: {
      Api: {
        Type: "AWS::ApiGatewayV2::Api",
        Properties: {
          Body: { "Fn::Transform": include("./api.yaml") },
          Tags: { "Fn::Transform": include("s3://far/tags.yaml") },
          Name: { "Fn::Transform": { Name: "Mine", Parameters: { Location: "x" } } },
        },
      },
    },
  };

  expect(localPaths(template).map(({ path, at }) => [path, at.join("/")])).toEqual([
    ["top.yaml", "Transform/1/Parameters/Location"],
    ["./api.yaml", "Resources/Api/Properties/Body/Fn::Transform/Parameters/Location"],
  ]);
  expect(JSON.stringify(packaged(template))).toContain('"Location":"s3://bucket/app/1.zip"');
});

test("code in a loop is found, and an asset of the CDK where its metadata says", () => {
  const template: JsonObject = {
    Resources: {
      "Fn::ForEach::Each": [
        "Name",
        ["A", "B"],
        { "${Name}Fn": { Type: "AWS::Serverless::Function", Properties: { CodeUri: "src" } } },
      ],
      Asset: {
        Type: "AWS::Lambda::Function",
        Metadata: { "aws:asset:path": "asset.123", "aws:asset:property": "Code" },
        Properties: { Code: { S3Bucket: { "Fn::Sub": "cdk-assets" }, S3Key: "123.zip" } },
      },
    },
  };

  expect(localPaths(template).map(({ id, path }) => [id, path])).toEqual([
    ["${Name}Fn", "src"],
    ["Asset", "asset.123"],
  ]);
  expect(JSON.stringify(packaged(template))).not.toContain("cdk-assets");
});

test("keys, order and all that is not replaced are as in the template", () => {
  const template: JsonObject = {
    Resources: { Z: { Type: "AWS::Serverless::Function", Properties: { CodeUri: "a", B: 1 } } },
    Conditions: { A: { "Fn::Equals": ["a", "b"] } },
  };

  expect(JSON.stringify(packaged(template))).toBe(
    JSON.stringify(template).replace('"a","B"', '"s3://bucket/app/1.zip","B"'),
  );
});
