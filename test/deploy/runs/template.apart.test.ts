import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type WriteDeploymentOptions, writeDeployment } from "../../../src/deploy/runs/noop.ts";
import { describeProject } from "../../../src/describe/describe-project.ts";
import { project } from "../../readers/projects.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";

const CHAT = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  NodeRuntime: { Type: String, Default: nodejs22.x }
Globals:
  Function: { Timeout: 10, Runtime: !Ref NodeRuntime }
Conditions:
  IsProd: !Equals [!Ref AWS::StackName, prod]
Resources:
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      Name: !Sub \${AWS::StackName}-chat
      RouteSelectionExpression: $request.body.action
      Routes: { hello: { FunctionArn: !GetAtt Hello.Arn } }
  Hello:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hello/, Handler: src/app.handler }
  Plain:
    Type: AWS::Serverless::Function
    Condition: IsProd
    Properties: { CodeUri: ./plain, Handler: index.handler }
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layer.zip }
Outputs:
  Url: { Value: !Sub "wss://\${Api}.example" }
`;

const FILES = {
  "template.yaml": CHAT,
  "hello/src/app.ts":
    'import { greet } from "../lib/greet";\nexport const handler = async (event: object) => greet(event);\n',
  "hello/lib/greet.ts": "export const greet = (event: object) => ({ statusCode: 200, event });\n",
  "plain/index.js": "exports.handler = async () => ({});\n",
  "plain/data/words.txt": "hi\n",
  "plain/node_modules/x/index.js": "module.exports = 1;\n",
};

beforeEach(() => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = temporaryDirectory();
  onTestFinished(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
});

function chat(more: Readonly<Record<string, string>> = {}) {
  const made = project({ ...FILES, ...more });
  writeFileSync(made.path("layer.zip"), zipSync({ "nodejs/a.js": new Uint8Array([1]) }));
  return made;
}

async function noop(root: string, more: Partial<WriteDeploymentOptions> = {}) {
  const written = await writeDeployment({ cwd: root, bucket: "bucket", ...more });
  const read = (name: string) => readFileSync(join(written.directory, name));
  return { written, read, json: (name: string) => JSON.parse(read(name).toString()) };
}

test("sends the template unchanged except for S3 locations instead of local paths", async () => {
  const { root } = chat();

  const { written, json } = await noop(root, { stackName: "chat" });

  const keyOf = (name: string) => written.packaged.find((each) => each.name === name)?.key;
  expect(json("template.json")).toEqual({
    Transform: "AWS::Serverless-2016-10-31",
    Parameters: { NodeRuntime: { Type: "String", Default: "nodejs22.x" } },
    Globals: { Function: { Timeout: 10, Runtime: { Ref: "NodeRuntime" } } },
    Conditions: { IsProd: { "Fn::Equals": [{ Ref: "AWS::StackName" }, "prod"] } },
    Resources: {
      Api: {
        Type: "AWS::Serverless::WebSocketApi",
        Properties: {
          Name: { "Fn::Sub": "${AWS::StackName}-chat" },
          RouteSelectionExpression: "$request.body.action",
          Routes: { hello: { FunctionArn: { "Fn::GetAtt": ["Hello", "Arn"] } } },
        },
      },
      Hello: {
        Type: "AWS::Serverless::Function",
        Properties: { CodeUri: `s3://bucket/${keyOf("Hello")}`, Handler: "src/app.handler" },
      },
      Plain: {
        Type: "AWS::Serverless::Function",
        Condition: "IsProd",
        Properties: { CodeUri: `s3://bucket/${keyOf("Plain")}`, Handler: "index.handler" },
      },
      Shared: {
        Type: "AWS::Serverless::LayerVersion",
        Properties: { ContentUri: `s3://bucket/${keyOf("Shared")}` },
      },
    },
    Outputs: { Url: { Value: { "Fn::Sub": "wss://${Api}.example" } } },
  });
  expect(keyOf("Hello")).toMatch(/^chat\/[\da-f]{64}\.zip$/);
});

test("sends directories and zip files unchanged, and bundles TypeScript where its handler finds it", async () => {
  const { root, path } = chat();

  const { read, written } = await noop(root);

  expect(Object.keys(unzipSync(read("Plain.zip"))).sort()).toEqual([
    "data/words.txt",
    "index.js",
    "node_modules/x/index.js",
  ]);
  expect(read("Shared.zip")).toEqual(readFileSync(path("layer.zip")));
  expect(Object.keys(unzipSync(read("Hello.zip"))).sort()).toEqual([
    "src/app.js",
    "src/app.js.map",
  ]);
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "src"));
  const bundle = unzipSync(read("Hello.zip"))["src/app.js"] ?? new Uint8Array();
  writeFileSync(join(directory, "src/app.js"), bundle);
  const { handler } = createRequire(import.meta.url)(join(directory, "src/app.js"));
  expect(await handler({ a: 1 })).toEqual({ statusCode: 200, event: { a: 1 } });
  expect(written.summary).toContain("from template.yaml");
});

test("TypeScript may import what is in a layer of its template", async () => {
  const { root } = chat({
    "template.yaml": CHAT.replace("layer.zip", "layer").replace(
      "CodeUri: hello/,",
      "CodeUri: hello/, Layers: [!Ref Shared],",
    ),
    "layer/nodejs/node_modules/loud/package.json": '{ "name": "loud", "main": "index.js" }',
    "layer/nodejs/node_modules/loud/index.js": "exports.loud = (text) => text.toUpperCase();\n",
    "hello/lib/greet.ts":
      'import { loud } from "loud";\nexport const greet = (event: object) => loud("hi");\n',
  });

  const { read } = await noop(root);

  expect(Object.keys(unzipSync(read("Hello.zip")))).toContain("src/app.js");
  expect(Object.keys(unzipSync(read("Shared.zip")))).toContain("nodejs/node_modules/loud/index.js");
});

test("the same input gives the same bytes, and nothing is written into the project", async () => {
  const { root } = chat();
  const before = readdirSync(root, { recursive: true }).sort();

  const first = await noop(root);
  const bytes = Object.fromEntries(first.written.files.map((name) => [name, first.read(name)]));
  const again = await noop(root);

  expect(again.written.directory).toBe(first.written.directory);
  for (const name of again.written.files) expect(again.read(name)).toEqual(bytes[name]);
  expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
});

test("nested templates and other files are packaged with the template that leads to them", async () => {
  const { root } = chat({
    "template.yaml": `
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: child/template.yaml, Parameters: { A: !Ref Api } }
  App: { Type: AWS::Serverless::Application, Properties: { Location: child/template.yaml } }
  Rest: { Type: AWS::ApiGateway::RestApi, Properties: { BodyS3Location: ./rest.yaml } }
`,
    "child/template.yaml": `
Resources:
  Work: { Type: AWS::Lambda::Function, Properties: { Code: code, Handler: index.h } }
`,
    "child/code/index.js": "exports.h = 1;\n",
    "rest.yaml": "openapi: 3.0.0\n",
  });

  const { written, json, read } = await noop(root, { stackName: "s", region: "eu-west-1" });

  const work = written.packaged.find(({ name }) => name === "Child-Work");
  expect(json("Child.template.json").Resources.Work.Properties).toEqual({
    Code: { S3Bucket: "bucket", S3Key: work?.key },
    Handler: "index.h",
  });
  const { Child, App, Rest } = json("template.json").Resources;
  expect(Child.Properties).toEqual({
    TemplateURL: expect.stringMatching(
      /^https:\/\/bucket\.s3\.eu-west-1\.amazonaws\.com\/s\/[\da-f]{64}\.template\.json$/,
    ),
    Parameters: { A: { Ref: "Api" } },
  });
  expect(App.Properties.Location).toBe(Child.Properties.TemplateURL);
  expect(Rest.Properties.BodyS3Location).toEqual({
    Bucket: "bucket",
    Key: expect.stringMatching(/^s\/[\da-f]{64}\.yaml$/),
  });
  expect(read("Rest-BodyS3Location.yaml").toString()).toBe("openapi: 3.0.0\n");
  expect(json("manifest.json").files).toHaveLength(3);
});

test("what sam build made is deployed in the template's place, and the summary of it says so", async () => {
  const built = CHAT.replace("hello/", "Hello").replace("layer.zip", "../../layer.zip");
  const made = chat({
    ".aws-sam/build/template.yaml": built.replace("./plain", "Plain"),
    ".aws-sam/build/Hello/src/app.js": "exports.handler = 1;\n",
    ".aws-sam/build/Plain/index.js": "exports.handler = 2;\n",
  });

  const { written, read } = await noop(made.root);

  expect(written.remarks).toContain(
    ".aws-sam/build/template.yaml is deployed, which sam build created from template.yaml.",
  );
  expect(written.warnings).toEqual([]);
  expect(Object.keys(unzipSync(read("Hello.zip")))).toEqual(["src/app.js"]);

  utimesSync(made.path(".aws-sam/build/template.yaml"), 1, 1);
  expect((await noop(made.root)).written.warnings).toEqual([
    ".aws-sam/build/template.yaml is older than template.yaml. Run sam build to deploy the current template.",
  ]);

  made.write(
    "template.yaml",
    CHAT.replace("  Shared:", "  More: { Type: AWS::SQS::Queue }\n  Shared:"),
  );
  const changed = await noop(made.root);
  expect(changed.written.warnings[0]).toContain("has no More");
  expect(Object.keys(unzipSync(changed.read("Hello.zip"))).sort()).toContain("src/app.js");
});

test("all paths that lead nowhere are named with their places", async () => {
  const { root, path } = chat();
  const text = CHAT.replace("hello/", "gone/").replace("layer.zip", "away.zip");
  writeFileSync(path("template.yaml"), text);

  await expect(noop(root)).rejects.toMatchObject({
    code: "PACKAGE_INVALID",
    message: [
      "template.yaml:18:19: Resources.Hello.Properties.CodeUri: gone/ does not exist. Correct the path, or build it.",
      "template.yaml:25:19: Resources.Shared.Properties.ContentUri: away.zip does not exist. Correct the path, or build it.",
    ].join("\n"),
  });
});

test("rejects circular templates, and --stage", async () => {
  const { root } = chat({
    "template.yaml": `${CHAT}\n`.replace(
      "Outputs:",
      "  Loop: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ./template.yaml } }\nOutputs:",
    ),
  });

  await expect(noop(root)).rejects.toMatchObject({
    message: expect.stringContaining("TemplateURL: ./template.yaml refers to itself."),
  });
  await expect(noop(root, { stage: "prod" })).rejects.toMatchObject({ code: "USAGE" });
});

test("a configured output directory does not count as code", async () => {
  const made = chat({
    "template.yaml": CHAT.replace("./plain", "."),
    "index.js": "exports.handler = 1;\n",
  });

  await noop(made.root, { out: "out" });
  const { read } = await noop(made.root, { out: "out" });

  expect(existsSync(made.path("out/template.json"))).toBe(true);
  expect(Object.keys(unzipSync(read("Plain.zip"))).filter((name) => /^out/.test(name))).toEqual([]);
});

test("a parameter that has neither default nor value is a warning with its place", async () => {
  const { root, path } = chat();
  const text = CHAT.replace("Parameters:\n", "Parameters:\n  Table: { Type: String }\n");
  writeFileSync(path("template.yaml"), text);
  const problem =
    "template.yaml:4:3: Parameters.Table: has no default and no value. Deploy with --parameter Table=VALUE, or set it in parameter_overrides of samconfig.toml.";

  const { written } = await noop(root);

  expect(written.warnings).toEqual([problem]);
  expect(written.summary).toContain(problem);
  const config = '[default.deploy.parameters]\nparameter_overrides = "Table=messages"\n';
  writeFileSync(path("samconfig.toml"), config);
  expect((await noop(root)).written.warnings).toEqual([]);
});

test("a runtime that Lambda rejects for new functions is a warning with its place", async () => {
  const { root } = chat({
    "template.yaml": CHAT.replace("Default: nodejs22.x", "Default: nodejs18.x").replace(
      "Handler: index.handler }",
      "Handler: index.handler, Runtime: nodejs16.x }",
    ),
  });

  const { written } = await noop(root);
  const prod = await noop(root, { stackName: "prod" });

  const ofGlobals =
    "template.yaml:6:28: Globals.Function.Runtime: Lambda rejects new functions with nodejs18.x; use nodejs24.x.";
  expect(written.warnings).toEqual([ofGlobals]);
  expect(prod.written.warnings).toEqual([
    ofGlobals,
    "template.yaml:22:61: Resources.Plain.Properties.Runtime: Lambda rejects new functions with nodejs16.x; use nodejs24.x.",
  ]);
});

const UNGRANTED = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Sends:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Plain.Arn}/invocations"
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: send, Target: !Sub "integrations/\${Sends}" }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: Prod }
  Plain:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ./plain, Handler: index.handler, Runtime: nodejs22.x }
`;

test("deploy --noop and describe warn of a function that API Gateway may not invoke on AWS", async () => {
  const { root } = project({ ...FILES, "template.yaml": UNGRANTED });
  const problem = expect.stringMatching(
    /^template\.yaml:8:5: Resources\.Sends: on AWS the function .* may not be invoked by API Gateway, so its calls fail with "Internal server error": route send of Api\. Add to Resources: "PlainForApi": /,
  );

  const { written } = await noop(root);
  const described = await describeProject({ cwd: root, format: "json" });
  const { text } = await describeProject({ cwd: root });

  expect(written.warnings).toEqual([problem]);
  expect(JSON.parse(described.text).failsOnAws).toEqual([problem]);
  expect(text).toContain("\nFails on AWS\n  template.yaml:8:5: Resources.Sends: on AWS");
});

test("deploy --noop warns of the same in a template of plain CloudFormation", async () => {
  const plain = UNGRANTED.replace(/^Transform.*$/m, "")
    .replace("AWS::Serverless::Function", "AWS::Lambda::Function")
    .replace("CodeUri: ./plain", "Code: ./plain, Role: 'arn:aws:iam::123456789012:role/r'");
  const { root } = project({ ...FILES, "template.yaml": plain });

  expect((await noop(root)).written.warnings).toEqual([
    expect.stringMatching(
      /^function .* may not be invoked by API Gateway, .*: route send of Api, template\.yaml:8:5\. Add to Resources: "PlainForApi": /,
    ),
  ]);
});

test("the summary counts layers apart, and leaves out what has a false condition", async () => {
  const { root } = chat();

  const { written, json } = await noop(root);
  const prod = await noop(root, { stackName: "prod" });

  const [, , ...lines] = written.summary.split("\n");
  expect(lines.map((line) => line.replace(/ {2}\d.*|; template.*/, ""))).toEqual([
    "",
    "Functions (1)",
    "  Hello",
    "",
    "Layers (1)",
    "  Shared",
    "",
    "Resources that a new stack would add (3",
    "  + AWS::Serverless::Function  Hello",
    "  + AWS::Serverless::LayerVersion  Shared",
    "  + AWS::Serverless::WebSocketApi  Api",
    "",
    "Omitted, because their condition is false",
    "  AWS::Serverless::Function  Plain, condition IsProd",
    "",
    "Outputs",
    "  Url",
    "",
  ]);
  expect(json("manifest.json")).toMatchObject({
    functions: [{ name: "Hello" }, { name: "Plain" }],
    archives: [{ name: "Shared", zip: "Shared.zip" }],
  });
  expect(prod.written.summary).toContain("Functions (2)\n");
  expect(prod.written.summary).not.toContain("Left out");
});

test("a condition on a parameter without a value leaves nothing out", async () => {
  const { root } = chat({
    "template.yaml": CHAT.replace(
      "Parameters:\n",
      "Parameters:\n  Env: { Type: String }\n",
    ).replace("!Equals [!Ref AWS::StackName, prod]", "!Equals [!Ref Env, prod]"),
  });

  const { written } = await noop(root);

  expect(written.summary).toContain("Functions (2)\n");
});

test("BuildProperties count where wsgw bundles a function itself", async () => {
  const { root } = project({
    "template.yaml": `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET } }
  Hello:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hello, Handler: app.handler, Runtime: nodejs22.x }
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints: [src/app.ts]
        Loader: [.svg=text, .png=file]
        External: ["@aws-sdk/*"]
        Banner: ["js=/* made here */"]
        Packages: bundle
`,
    "hello/src/app.ts":
      'import svg from "./a.svg"; import { S3 } from "@aws-sdk/client-s3"; export const handler = async () => [svg, S3];',
    "hello/src/a.svg": "<svg/>",
  });

  const { read, written } = await noop(root);

  const zip = unzipSync(read("Hello.zip"));
  expect(Object.keys(zip)).toEqual(["app.js", "app.js.map"]);
  const code = new TextDecoder().decode(zip["app.js"]);
  expect(code).toContain("<svg/>");
  expect(code).toContain("/* made here */");
  expect(code).toContain('require("@aws-sdk/client-s3")');
  expect(written.warnings).toEqual([
    'Function "Hello" has Loader .png=file in its BuildProperties, which wsgw ignores. Run sam build to deploy its output.',
  ]);
});
