import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { deploy } from "../../../src/deploy/deploy.ts";
import { destroy } from "../../../src/deploy/destroy.ts";
import { diffStack } from "../../../src/deploy/diff.ts";
import type { DeployFact } from "../../../src/deploy/runs/facts.ts";
import { writeDeployment } from "../../../src/deploy/runs/noop.ts";
import { project } from "../../readers/projects.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { isInstalled } from "./judge.ts";
import { START_MS, skipped, useMoto } from "./moto.ts";

beforeEach(() => {
  process.env.XDG_CACHE_HOME = temporaryDirectory();
});

const run = promisify(execFile);
const script = fileURLToPath(new URL("expand.py", import.meta.url));

/** As people write it: TypeScript beside the template, a parameter, a condition, a nested stack. */
const PLAIN = `
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage: { Type: String }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: !Sub chat-\${Stage}
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
  Talk:
    Type: AWS::Lambda::Function
    Properties:
      Code: src
      Handler: talk.handler
      Runtime: nodejs22.x
      Role: !GetAtt Role.Arn
      Environment: { Variables: { PROD: !If [IsProd, "yes", "no"] } }
  Tables:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: tables.yaml }
Outputs:
  ApiId: { Value: !Ref Api }
`;

const TABLES = `
Resources:
  Connections:
    Type: AWS::SNS::Topic
    Properties: { TopicName: connections }
`;

const FILES = {
  "template.yaml": PLAIN,
  "tables.yaml": TABLES,
  "src/talk.ts": "export const handler = async (): Promise<object> => ({ statusCode: 200 });\n",
  "samconfig.toml":
    'version = 0.1\n[default.deploy.parameters]\nstack_name = "talks"\nregion = "us-east-1"\nparameter_overrides = "Stage=dev Unknown=1"\n',
};

describe.skipIf(skipped)("a template on moto", { timeout: START_MS }, () => {
  const moto = useMoto();

  const placeOf = (cwd: string) => ({ cwd, env: {}, endpointUrl: moto.url });
  const sent = async (cwd: string, more: Partial<Parameters<typeof deploy>[0]> = {}) => {
    const facts: DeployFact[] = [];
    const result = await deploy({
      ...placeOf(cwd),
      confirm: async () => true,
      report: (fact) => facts.push(fact),
      ...more,
    });
    return { result, facts };
  };

  test("is deployed with its code and its nested stack, under the words of samconfig", async () => {
    const { root } = project(FILES);

    const { result } = await sent(root);

    expect(result).toMatchObject({ kind: "deployed", stack: { name: "talks" } });
    const { Functions } = await moto.aws("lambda", "list-functions");
    expect(Functions).toMatchObject([
      { Handler: "talk.handler", Environment: { Variables: { PROD: "no" } } },
    ]);
    const { Topics } = await moto.aws("sns", "list-topics");
    expect(Topics).toHaveLength(1);
    const { Items } = await moto.aws("apigatewayv2", "get-apis");
    expect(Items).toMatchObject([{ Name: "chat-dev" }]);
  });

  test("again is unchanged, and with other values or code only these differ", async () => {
    const made = project(FILES);
    await sent(made.root);
    expect((await diffStack(placeOf(made.root))).changes).toEqual([]);
    expect((await sent(made.root)).result.kind).toBe("unchanged");

    made.write("src/talk.ts", "export const handler = async () => ({ statusCode: 201 });\n");
    const { changes } = await diffStack(placeOf(made.root));
    expect(changes).toMatchObject([{ id: "Talk", properties: [{ path: "Code.S3Key" }] }]);
    const { result } = await sent(made.root, { parameters: { Stage: "prod" } });

    expect(result.kind).toBe("deployed");
    const { Functions } = await moto.aws("lambda", "list-functions");
    expect(Functions).toMatchObject([{ Environment: { Variables: { PROD: "yes" } } }]);
  });

  test("is taken away with what it has in a bucket of one's own", async () => {
    const { root } = project(FILES);
    await moto.aws("s3api", "create-bucket", "--bucket", "mine");
    await sent(root, { bucket: "mine" });
    expect((await diffStack(placeOf(root))).changes).toEqual([]);

    const result = await destroy({ ...placeOf(root), confirm: async () => true });

    expect(result).toMatchObject({ kind: "destroyed", removedObjects: 3 });
    const { Functions } = await moto.aws("lambda", "list-functions");
    expect(Functions).toEqual([]);
  });
});

const SAM = `
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs22.x, CodeUri: src/, Layers: [!Ref Shared] }
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      Name: chat
      RouteSelectionExpression: $request.body.action
      StageName: dev
      Routes: { talk: { FunctionArn: !GetAtt Talk.Arn } }
  Talk:
    Type: AWS::Serverless::Function
    Properties: { Handler: talk.handler }
  Inline:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, InlineCode: "exports.handler = 1;", Layers: [] }
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layer, CompatibleRuntimes: [nodejs22.x] }
  Other:
    Type: AWS::Serverless::Application
    Properties: { Location: tables.yaml }
`;

async function written(template: string) {
  const { root } = project({ ...FILES, "template.yaml": template, "layer/nodejs/a.js": "1;\n" });
  return writeDeployment({ cwd: root, bucket: "bucket", out: temporaryDirectory() });
}

test.skipIf(!isInstalled("python3", "-c", "import samtranslator"))(
  "the SAM translator, where it is installed, finds code, layers and nested templates in S3",
  async () => {
    const { templateText, packaged, template } = await written(SAM);

    const { stdout, stderr } = spawnSync("python3", [script], { input: templateText });

    expect(stdout.length, String(stderr)).toBeGreaterThan(0);
    const expanded = JSON.parse(String(stdout)).Resources;
    const keyOf = (id: string) => packaged.find(({ name }) => name === id)?.key;
    expect(expanded.Talk.Properties.Code).toEqual({ S3Bucket: "bucket", S3Key: keyOf("Talk") });
    const layer = Object.keys(expanded).find((id) => id.startsWith("Shared")) ?? "";
    expect(expanded[layer].Properties.Content).toEqual({
      S3Bucket: "bucket",
      S3Key: keyOf("Shared"),
    });
    expect(expanded.Other.Properties.TemplateURL).toBe(
      template.Resources.Other?.Properties?.Location,
    );
    expect(expanded.Inline.Properties.Code).toEqual({ ZipFile: "exports.handler = 1;" });
  },
  60_000,
);

test.skipIf(!isInstalled("cfn-lint", "--version"))(
  "cfn-lint, where it is installed, finds nothing in what would be sent",
  async () => {
    const sent = await Promise.all([PLAIN, SAM].map(written));
    const files = sent.map(({ directory }) => join(directory, "template.json"));

    const found = await run("cfn-lint", files).catch((error) => error);

    expect(found.stdout).toBe("");
    expect(readFileSync(files[0] ?? "", "utf8")).toBe(sent[0]?.templateText);
  },
  120_000,
);
