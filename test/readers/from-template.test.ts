import { expect, test } from "vitest";
import { loadProject } from "../../src/emulator/load-project.ts";
import { fromTemplate } from "../../src/index.ts";
import { project } from "./projects.ts";

const TEMPLATE = `
Parameters: { Mood: { Type: String } }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: dev }
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $connect }
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: far, S3Key: away.zip }
      Handler: app.handler
      Runtime: nodejs22.x
      Environment: { Variables: { MOOD: !Ref Mood, OTHER: kept } }
  Old:
    Type: AWS::Lambda::Function
    Properties: { Code: ., Handler: Main, Runtime: java21 }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]`;

async function load(config: object, options: { parameters?: readonly string[] } = {}) {
  const { root } = project({
    "infra/template.yaml": TEMPLATE,
    "infra/broken.yaml": "Resources: [",
    "code/app.js": "",
    "wsgw.config.json": JSON.stringify(config, undefined, 2),
  });
  return loadProject({ cwd: root, ...options });
}

const faultsOf = (...parameters: Parameters<typeof load>): Promise<string> =>
  load(...parameters).then(
    () => "none",
    (error: Error) => error.message,
  );

const whole = fromTemplate("infra/template.yaml", {
  parameters: { Mood: "calm" },
  apis: { Api: { hosts: ["chat.example.com"], domainName: "localhost" } },
  functions: {
    Send: { root: "../code", environment: { MORE: "added" }, timeout: 9 },
    Old: { command: ["java", "-jar", "chat.jar"] },
  },
  tables: { Table: { seed: "rows.json" } },
  endpoints: { s3: "http://localhost:4566" },
});

test("a config file adds to a template what counts on this machine only", async () => {
  const { project: read, root, configFile, source } = await load(whole);

  expect(root).toBe(configFile.replace("/wsgw.config.json", "/infra"));
  expect(source.kind).toBe("cloudformation");
  expect(read.apis.Api).toMatchObject({ hosts: ["chat.example.com"], domainName: "localhost" });
  expect(read.functions.Send).toMatchObject({
    root: "../code",
    timeout: 9,
    environment: { MOOD: "calm", OTHER: "kept", MORE: "added" },
  });
  expect(read.functions.Old).toMatchObject({ command: ["java", "-jar", "chat.jar"] });
  expect(read.tables.Table?.seed).toEqual(["rows.json"]);
  expect(read.endpoints).toEqual({ s3: "http://localhost:4566" });
});

test("its state is next to the config file, and both files are followed", async () => {
  const { stateDir, configFile } = await load(whole);

  expect(stateDir).toBe(configFile.replace("wsgw.config.json", ".wsgw"));
});

test.each([
  ["the template", { ...whole, template: "infra/broken.yaml" }],
  ["what its parts make", { ...whole, functions: { ...whole.functions, Send: { timeout: 1000 } } }],
  ["what the config file adds", { ...whole, tables: { Tabel: {} } }],
])("advice about faults of %s is about templates", async (_, config) => {
  await expect(load(config)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    hint: expect.stringMatching(/^Correct the template, .*docs\/your-project\.md/),
  });
});

test("parameters of the command line win over its own", async () => {
  const { project: read } = await load(whole, { parameters: ["Mood=wild"] });

  expect(read.functions.Send?.environment).toMatchObject({ MOOD: "wild" });
});

test.each([
  [
    "a field that it does not take",
    { ...whole, endpoint: {} },
    'wsgw.config.json:38:3: endpoint: "endpoint" is not a field of fromTemplate(). Did you mean "endpoints"?',
  ],
  [
    "a function that the template lacks",
    { ...whole, functions: { Sent: {} } },
    'functions.Sent: "Sent" is not among the functions of the template. Did you mean "Send"?',
  ],
  [
    "a function that does not run here, and is not told what runs it",
    { ...whole, functions: { Send: { root: "../code" }, Old: { timeout: 3 } } },
    "functions.Old: the function runs on java21, which wsgw does not start itself. To serve it, set the directory of its code as `root`, or the program that runs it as `command`.",
  ],
  [
    "a value of the wrong kind, at its own place",
    { ...whole, functions: { Send: { root: "../code", timeout: "9" } } },
    'wsgw.config.json:17:7: functions.Send.timeout: "9" is not',
  ],
  ["functions that are none", { ...whole, functions: 3 }, "functions: 3 is not an object"],
])("rejects %s", async (_, config, fault) => {
  expect(await faultsOf(config)).toContain(fault);
});

test("a template that is not there is named", async () => {
  expect(await faultsOf(fromTemplate("gone.yaml"))).toMatch(/gone\.yaml does not exist/);
});
