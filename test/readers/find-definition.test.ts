import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import { findDefinition, projectOf } from "../../src/readers/find-definition.ts";
import { project } from "./projects.ts";

const SAM = `
Transform: AWS::Serverless-2016-10-31
Resources:
  ChatApi:
    Type: AWS::Serverless::WebSocketApi
`;
const PLAIN = `
Resources:
  ChatApi:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET }
`;
const PLAIN_JSON = JSON.stringify({
  Resources: {
    ChatApi: { Type: "AWS::ApiGatewayV2::Api", Properties: { ProtocolType: "WEBSOCKET" } },
  },
});
const HTTP_ONLY = `
Resources:
  Orders:
    Type: AWS::ApiGatewayV2::Api
    Properties: { ProtocolType: HTTP } 
  # another day: ProtocolType: WEBSOCKET
`;
const withNested = (path: string) => `
Resources:
  Chat:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: ${path} }
`;

/** A project in a git repository of its own. */
function repository(files: Readonly<Record<string, string>>) {
  const made = project(files);
  mkdirSync(made.path(".git"));
  return made;
}

const find = (cwd: string, file?: string, by = "samconfig.toml") =>
  findDefinition(cwd, async () => (file === undefined ? undefined : { file, by }));

test.each([
  ["template.yaml", SAM],
  ["template.yml", PLAIN],
  ["template.json", PLAIN_JSON],
  ["chat.template.yaml", SAM],
  ["chat.template.json", PLAIN_JSON],
  ["cloudformation.yaml", PLAIN],
  ["cloudformation.json", PLAIN_JSON],
])("finds %s and says why it took it", async (name, text) => {
  const { root, path } = repository({ [name]: text });

  expect(await find(root)).toEqual({
    kind: "template",
    file: path(name),
    remarks: [`${name} is the only file here that defines a WebSocket API.`],
  });
});

test("goes up to the repository's root, and no further", async () => {
  const { root, path } = project({ "template.yaml": SAM, "app/template.yaml": SAM });
  mkdirSync(path("app/.git"));
  mkdirSync(path("app/src/chat"), { recursive: true });
  mkdirSync(path("other/.git"), { recursive: true });

  expect((await find(path("app/src/chat"))).file).toBe(path("app/template.yaml"));
  await expect(find(path("other"))).rejects.toMatchObject({ code: "CONFIG_NOT_FOUND" });
  expect((await find(root)).file).toBe(path("template.yaml"));
});

test("a config file takes precedence over a template in its directory and over one below", async () => {
  const { root, path } = repository({
    "wsgw.config.json": "{}",
    "template.yaml": SAM,
    "chat/template.yaml": SAM,
  });

  const expected = { kind: "config", file: path("wsgw.config.json"), remarks: [] };
  expect(await find(root)).toEqual(expected);
  expect(await find(path("chat"))).toEqual(expected);
});

test("a template of the repository wins over a config file above the repository", async () => {
  const { path } = project({ "wsgw.config.json": "{}", "app/template.yaml": SAM });
  mkdirSync(path("app/.git"));
  mkdirSync(path("empty/.git"), { recursive: true });

  expect((await find(path("app"))).file).toBe(path("app/template.yaml"));
  expect((await find(path("empty"))).file).toBe(path("wsgw.config.json"));
});

test("passes over templates without a WebSocket API, and says so", async () => {
  const { root } = repository({ "template.yaml": HTTP_ONLY, "chat.template.yaml": PLAIN });

  expect((await find(root)).remarks).toEqual([
    "chat.template.yaml is the only file here that defines a WebSocket API.",
    "template.yaml has no WebSocket API.",
  ]);
});

test("says which templates it has seen when none has a WebSocket API", async () => {
  const { root } = repository({ "template.yaml": HTTP_ONLY, "x.template.yaml": HTTP_ONLY });

  await expect(find(root)).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: expect.stringMatching(
      /^Neither .*\ntemplate\.yaml and x\.template\.yaml have no WebSocket API\.$/s,
    ),
  });
});

test("finds the WebSocket API in a nested stack, whose template is not a project of its own", async () => {
  const { root, path } = repository({
    "template.yaml": withNested("./stacks/all.yaml"),
    "stacks/all.yaml": withNested("../chat.template.yaml"),
    "chat.template.yaml": PLAIN,
  });

  expect((await find(root)).file).toBe(path("template.yaml"));
});

test("templates that nest each other end its search", async () => {
  const { root, path } = repository({
    "template.yaml": withNested("a.yaml"),
    "a.yaml": `${withNested("template.yaml")}${PLAIN}`,
  });

  expect((await find(root)).file).toBe(path("template.yaml"));
});

test("does not guess between two templates with a WebSocket API", async () => {
  const { root } = repository({ "chat.template.yaml": SAM, "news.template.yaml": PLAIN });

  await expect(find(root)).rejects.toMatchObject({
    code: "DEFINITION_AMBIGUOUS",
    message: `chat.template.yaml and news.template.yaml in ${root} each define a WebSocket API. Choose one:
  -t chat.template.yaml
  -t news.template.yaml`,
  });
});

test("does not guess between two kinds of projects", async () => {
  const { root } = repository({
    "template.yaml": SAM,
    "serverless.yml": "functions: { chat: { events: [websocket: $connect] } }",
    "cdk.json": "{}",
    "cdk.out/Chat.template.json": PLAIN_JSON,
    "main.tf": 'resource "aws_apigatewayv2_api" "chat" { protocol_type = "WEBSOCKET" }',
  });

  await expect(find(root)).rejects.toMatchObject({
    code: "DEFINITION_AMBIGUOUS",
    message: `cdk.json, serverless.yml, template.yaml and main.tf in ${root} each define a WebSocket API. Choose one:
  -t cdk.json
  -t serverless.yml
  -t template.yaml
  -t main.tf`,
  });
});

test("takes the template that samconfig.toml names, also among several", async () => {
  const { root, path } = repository({ "chat.template.yaml": SAM, "news.template.yaml": SAM });

  expect(await find(root, path("news.template.yaml"))).toMatchObject({
    file: path("news.template.yaml"),
    remarks: ["news.template.yaml comes from samconfig.toml.", "Ignored: chat.template.yaml."],
  });
});

test("says which of SAM's files names the template", async () => {
  const { root, path } = repository({ "chat.template.yaml": SAM });

  expect((await find(root, path("chat.template.yaml"), "samconfig.yaml")).remarks).toEqual([
    "chat.template.yaml comes from samconfig.yaml.",
  ]);
});

test.each([
  ["empty", "is empty", "\n"],
  ["in UTF-16", "is not UTF-8", Buffer.from(SAM, "utf16le").toString("latin1")],
  ["of more than 5 MB", "is too large for a template", `${SAM}#${" ".repeat(5_000_000)}`],
])("says that a template is %s, and not that it has no WebSocket API", async (_, why, text) => {
  const { root } = repository({ "template.yaml": text });

  await expect(find(root)).rejects.toMatchObject({
    code: "CONFIG_NOT_FOUND",
    message: expect.stringMatching(new RegExp(`\ntemplate\\.yaml ${why}\\.$`)),
  });
});

test("says what several templates are that cannot be read", async () => {
  const { root } = repository({ "template.yaml": "", "cloudformation.yaml": "" });

  await expect(find(root)).rejects.toThrow(
    /\ntemplate\.yaml and cloudformation\.yaml are empty\.$/,
  );
});

test.each(["cdk.out", "cdk.out/assembly-Dev"])(
  "takes a CDK app with a WebSocket API in %s",
  async (directory) => {
    const { root, path } = repository({
      "cdk.json": "{}",
      [`${directory}/Chat.template.json`]: PLAIN_JSON,
    });

    expect(await find(root)).toMatchObject({ kind: "cdk", file: path("cdk.json") });
  },
);

test("uses the directory in cdk.json instead of cdk.out", async () => {
  const { root } = repository({
    "cdk.json": '{ "output": "build/cdk" }',
    "build/cdk/Chat.template.json": PLAIN_JSON,
  });

  expect(await find(root)).toMatchObject({ kind: "cdk" });
});

test("a cdk.json that is not JSON is left aside", async () => {
  const { root } = repository({ "cdk.json": "app", "template.yaml": SAM });

  expect((await find(root)).remarks.at(-1)).toBe("cdk.json is not a JSON object.");
});

test("takes a CDK app that was never synthesised by what its scripts name", async () => {
  const { root } = repository({
    "cdk.json": "{}",
    "lib/chat.ts": 'import { WebSocketApi } from "aws-cdk-lib/aws-apigatewayv2";',
  });

  expect(await find(root)).toMatchObject({ kind: "cdk" });
});

test.each([
  ["its own words", { "serverless.yml": "events: [websocket: $connect]" }],
  [
    "a file that it names",
    { "serverless.yml": "functions: ${file(./f.yml)}", "f.yml": "websocket" },
  ],
  ["a script", { "serverless.ts": "export default {};" }],
])("takes a service of the Serverless Framework by %s", async (_, files) => {
  const { root, path } = repository(files);
  const [name = ""] = Object.keys(files);

  expect(await find(root)).toEqual({
    kind: "serverless",
    file: path(name),
    remarks: [`${name} is the only file here that defines a WebSocket API.`],
  });
});

test("passes over a service without a WebSocket API", async () => {
  const { root } = repository({ "serverless.yml": "functions: {}", "template.yaml": SAM });

  expect((await find(root)).remarks.at(-1)).toBe("serverless.yml has no WebSocket API.");
});

test.each([
  ["app.arc", "Architect", "-t sam.json"],
  [".chalice/config.json", "Chalice", "-t out/sam.json"],
  ["sst.config.ts", "SST", "wsgw.config.ts"],
  ["Pulumi.yaml", "Pulumi", "wsgw.config.ts"],
])("names %s as a file of %s, with what to do", async (name, tool, hint) => {
  const { root } = repository({ [name]: "" });

  await expect(find(root)).rejects.toMatchObject({
    code: "DEFINITION_UNSUPPORTED",
    message: `${name.split("/")[0]} belongs to a project of ${tool}, which wsgw does not read.`,
    hint: expect.stringContaining(hint),
  });
});

test("uses a template next to the files of a tool that wsgw does not read", async () => {
  const { root, path } = repository({ "sst.config.ts": "", "template.yaml": SAM });

  expect((await find(root)).file).toBe(path("template.yaml"));
});

test("takes a project of Terraform, also where a module of it has the API", async () => {
  const socket = 'resource "aws_apigatewayv2_api" "chat" { protocol_type = "WEBSOCKET" }';
  const { root, path } = repository({
    "backend.tf": "terraform {}",
    "main.tf": 'module "chat" {\n  source = "./modules/chat"\n}',
    "modules/chat/main.tf": 'module "socket" { source = "../socket" }',
    "modules/socket/api.tf": socket,
  });

  expect(await find(root)).toEqual({
    kind: "terraform",
    file: path("main.tf"),
    remarks: ["main.tf is the only file here that defines a WebSocket API."],
  });
});

test("leaves a project of Terraform aside that has no WebSocket API", async () => {
  const { root } = repository({ "main.tf": '# protocol_type = "WEBSOCKET"', "template.yaml": SAM });

  expect(await find(root)).toMatchObject({
    kind: "template",
    remarks: [expect.anything(), "main.tf has no WebSocket API."],
  });
});

test("skips a CDK app that was never synthesized, and explains it", async () => {
  const { root } = repository({ "cdk.json": "{}", "template.yaml": SAM });

  expect((await find(root)).remarks.at(-1)).toBe("cdk.json has no cdk.out yet: run cdk synth.");
});

test("a template that a build tool has written belongs to the project above it", () => {
  expect(projectOf("/app/.aws-sam/build/template.yaml")).toBe("/app");
  expect(projectOf("/app/cdk.out/Chat.template.json")).toBe("/app");
  expect(projectOf("/app/infra/template.yaml")).toBe("/app/infra");
});

test("takes a template for what it is, though it is called like a service", async () => {
  const { root, path } = repository({ "serverless.yaml": SAM });

  expect(await find(root)).toMatchObject({ kind: "template", file: path("serverless.yaml") });
});
