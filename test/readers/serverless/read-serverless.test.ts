import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import { loadDefinition } from "../../../src/emulator/load-project.ts";
import { runMain } from "../../cli/run-main.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";

const CODE = "exports.handler = async () => ({ statusCode: 200 });\n";

type Options = {
  readonly files?: Readonly<Record<string, string>>;
  readonly given?: Readonly<Record<string, string>>;
  readonly file?: string;
};

async function read(text: string, { files = {}, given, file = "serverless.yml" }: Options = {}) {
  const { root } = project({ "a.js": CODE, ...files, [file]: text });
  const stateDir = temporaryDirectory();
  const loaded = await loadDefinition({
    cwd: root,
    template: file,
    stateDir,
    ...(given !== undefined && { parameters: given }),
  });
  return { ...loaded, root, stateDir, definition: loaded.definition as ProjectDefinition };
}

const faultsOf = (...parameters: Parameters<typeof read>) =>
  read(...parameters).then(
    () => "none",
    ({ message }: Error) => message,
  );

const service = (provider = "", more = "") => `service: chat
provider:
  name: aws
  runtime: nodejs22.x${provider}
functions:
  door:
    handler: a.handler
    events:
      - websocket: $connect${more}
`;

const environmentOf = ({ definition }: { readonly definition: ProjectDefinition }) =>
  definition.functions?.DoorLambdaFunction?.environment;

test("names what Serverless makes as Serverless does", async () => {
  const { definition, source } = await read(service("\n  stage: live\n  region: eu-west-1"));

  expect(source.kind).toBe("serverless");
  expect(definition.name).toBe("chat-live");
  expect(definition.region).toBe("eu-west-1");
  expect(definition.apis.WebsocketsApi).toMatchObject({
    name: "live-chat-websockets",
    stages: { live: {} },
  });
  expect(definition.functions?.DoorLambdaFunction).toMatchObject({
    functionName: "chat-live-door",
    memory: 1024,
    timeout: 6,
  });
});

test("takes the execution log and the format of the access log from logs.websocket", async () => {
  const stageOf = async (logs: string) => {
    const { definition } = await read(service(`\n  logs: { websocket: ${logs} }`));
    return definition.apis.WebsocketsApi?.stages.dev;
  };

  expect(await stageOf("true")).toMatchObject({
    executionLog: { level: "INFO", dataTrace: true },
    accessLog: {
      format:
        '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "$context.eventType $context.routeKey $context.connectionId" $context.requestId',
    },
  });
  expect(
    await stageOf("{ level: ERROR, fullExecutionData: false, format: $context.requestId }"),
  ).toMatchObject({
    executionLog: { level: "ERROR", dataTrace: false },
    accessLog: { format: "$context.requestId" },
  });
  const neither = await stageOf("{ executionLogging: false, accessLogging: false }");
  expect(neither).not.toHaveProperty("executionLog");
  expect(neither).not.toHaveProperty("accessLog");
});

test("takes options and parameters of the command line", async () => {
  const provider = `
  stage: \${opt:stage, 'dev'}
  environment:
    STAGE: \${sls:stage}
    COLOR: \${opt:color}
    HOST: \${param:host}
    KEY: \${ssm:/chat/key}
    BUCKET: \${cf:base.Bucket}
    HASH: \${git:sha1}`;
  const given = {
    stage: "test",
    color: "red",
    host: "example.com",
    "ssm:/chat/key": "k",
    "cf:base.Bucket": "b",
    "git:sha1": "abc",
  };

  expect(environmentOf(await read(service(provider), { given }))).toEqual({
    STAGE: "test",
    COLOR: "red",
    HOST: "example.com",
    KEY: "k",
    BUCKET: "b",
    HASH: "abc",
  });
});

test("names everything that is wrong with variables, each with its place", async () => {
  const provider = `
  environment:
    A: \${self:custom.tabel}
    B: \${opt:color}
    C: \${ssm:/chat/key}
    D: \${slef:custom}
    E: \${self:provider.environment.F}
    F: \${self:provider.environment.E}
    G: a \${self:custom} b
    H: \${file(./none.yml):x}
    I: \${self:custom.table
    J: \${env:WSGW_NOT_SET}
custom: { table: t }`;

  expect((await faultsOf(service(provider))).split("\n")).toEqual([
    'serverless.yml:6:5: provider.environment.A: ${self:custom.tabel} has no value. Did you mean "table"?',
    "serverless.yml:7:5: provider.environment.B: ${opt:color} is not set. Set it with --parameter-overrides color=VALUE, or write a default: ${opt:color, 'value'}.",
    "serverless.yml:8:5: provider.environment.C: ${ssm:/chat/key} is known on AWS only. Set it with --parameter-overrides \"ssm:/chat/key=VALUE\", or write a default: ${…, 'value'}.",
    'serverless.yml:9:5: provider.environment.D: ${slef:custom} has the source "slef", which wsgw does not know. Did you mean "self"?',
    "serverless.yml:10:5: provider.environment.E: A variable refers to itself. Remove the circular reference.",
    "serverless.yml:12:5: provider.environment.G: ${self:custom} is an object or an array, which cannot be part of a string.",
    "serverless.yml:13:5: provider.environment.H: ${file(./none.yml):x} points to ./none.yml, which does not exist.",
    'serverless.yml:14:5: provider.environment.I: "${self:custom.table" has a variable without its closing }, at character 20.',
    "serverless.yml:15:5: provider.environment.J: ${env:WSGW_NOT_SET} is not set. Set it in the environment, or write a default.",
  ]);
});

test("uses the default of a variable that only AWS knows, and says so", async () => {
  const loaded = await read(service("\n  environment: { KEY: \"${ssm:/key, 'local'}\" }"));

  expect(environmentOf(loaded)).toEqual({ KEY: "local" });
  expect(loaded.source.remarks).toContainEqual(
    expect.stringContaining("${ssm:/key, 'local'} is known on AWS only, so wsgw uses its default."),
  );
});

test("asks for no variable of what has no part here", async () => {
  const provider = `
  vpc: \${ssm:/network/vpc}
  tags: \${cf:base.Tags}
custom: \${ssm:/unused}`;

  expect(await faultsOf(service(provider))).toBe("none");
});

test("leaves variables open that have no part in what runs here, and says so once", async () => {
  const text = `service: chat
provider:
  name: aws
  runtime: nodejs22.x
  apiGateway: { restApiId: "\${cf:base.RestApi}" }
  iamRoleStatements:
    - { Effect: Allow, Action: "dynamodb:*", Resource: ["\${cf:base.Table}"] }
functions: \${file(functions.yml)}
resources:
  Resources:
    Site: { Type: "AWS::S3::Bucket", Properties: { BucketName: "\${env:CHAT_SITE}" } }
`;
  const functions = `door:
  handler: a.handler
  vpc: \${ssm:/vpc}
  layers: ["\${cf:base.Layer}"]
  events:
    - websocket: $connect
    - sqs: \${cf:base.Queue}
    - sns: { arn: "\${ssm:/topic}", topicName: news }
`;
  const { source, definition } = await read(text, { files: { "functions.yml": functions } });

  expect(source.remarks[0]).toBe(
    "serverless.yml:1:1: not known on this machine and not replaced: cf:base.Layer, cf:base.Queue, ssm:/topic, cf:base.RestApi, cf:base.Table, env:CHAT_SITE. docs/serverless.md shows how to set them.",
  );
  expect(source.triggers.map(({ kind, from }) => [kind, from])).toEqual([
    ["queue", "base.Queue"],
    ["topic", "topic"],
  ]);
  expect(JSON.stringify(definition.functions?.DoorLambdaFunction?.permissions)).toContain(
    '"Action":"dynamodb:*","Resource":"*"',
  );
});

test("asks for a variable that functions see, wherever else it is used", async () => {
  const text = `${service("\n  environment: { QUEUE: '${self:custom.queue}' }", "\n      - sqs: ${self:custom.queue}")}custom: { queue: "\${cf:base.Queue}" }
`;

  expect(await faultsOf(text)).toBe(
    "serverless.yml:12:11: custom.queue: ${cf:base.Queue} is known on AWS only. Set it with --parameter-overrides \"cf:base.Queue=VALUE\", or write a default: ${…, 'value'}.",
  );
});

test("fills in the stage and the region that a service refers to and does not name", async () => {
  const provider = "\n  environment: { A: '${self:provider.stage}-${self:provider.region}' }";

  expect(environmentOf(await read(service(provider)))).toEqual({ A: "dev-us-east-1" });
});

test("follows every file that had a part", async () => {
  const functions = "door:\n  handler: a.handler\n  events:\n    - websocket: $connect\n";
  const { inputs, root, definition } = await read(
    "service: chat\nprovider: { name: aws, environment: { A: '${file(v.js):a}' } }\nfunctions: ${file(f.yml)}\n",
    {
      files: {
        "f.yml": functions,
        "v.js": "module.exports = require('./w');",
        "w.js": "exports.a = 1;",
      },
    },
  );

  expect(environmentOf({ definition })).toEqual({ A: "1" });
  const names = inputs.map((file) => file.replace(`${root}/`, ""));
  expect(names).toEqual(expect.arrayContaining(["serverless.yml", "f.yml", "v.js", "w.js"]));
});

test("names words that Serverless does not know with the nearest that it knows", async () => {
  const text = service(
    "\n  memorySzie: 1",
    "\n      - websocekt: say\n    timout: 3\n  say: { handler: a.handler, events: [{ websocket: { route: say, authoriser: door } }] }",
  );

  const { source } = await read(text);
  expect(source.remarks).toEqual([
    'serverless.yml:5:3: provider.memorySzie: provider has no property "memorySzie". Did you mean "memorySize"?',
    'serverless.yml:11:9: functions.door.events[1].websocekt: "websocekt" of the function door is not an event of Serverless. Did you mean "websocket"?',
    'serverless.yml:12:5: functions.door.timout: the function door has no property "timout". Did you mean "timeout"?',
    'serverless.yml:13:66: functions.say.events[0].websocket.authoriser: a websocket event has no property "authoriser". Did you mean "authorizer"?',
  ]);
});

test("names what a service lacks, all at once", async () => {
  const text = service(
    "",
    `
      - websocket: { route: a, authorizer: dor }
      - websocket: {}
      - sqs: {}
  empty: {}
resources:
  extensions:
    Nothing: { Properties: {} }`,
  );

  expect((await faultsOf(text)).split("\n").map((line) => line.replace(/^\S+ \S+ /, ""))).toEqual([
    'the authorizer "dor" is not a function of this service. Did you mean "door"?',
    "the websocket event of door has no route. Add one, such as $connect.",
    "the event sqs of door has no arn. Add it.",
    "the function empty has neither handler nor image. Add one, such as handler: src/empty.handler.",
    'extensions contains "Nothing", which Serverless does not create. Correct its logical id.',
  ]);
});

test("names plugins that may change the stack, and passes over those that do not", async () => {
  const plugins =
    "\nplugins: [serverless-esbuild, serverless-offline, serverless-step-functions, my-plugin]";
  const { source } = await read(service() + plugins);

  expect(source.remarks).toEqual([
    "serverless.yml:11:1: plugins: wsgw does not run serverless-step-functions, my-plugin. Their additions to the stack are missing here. If you need that, run serverless package and start with -t .serverless/cloudformation-template-update-stack.json.",
  ]);
});

test("says that the configuration of webpack is not read, and what to do", async () => {
  const { source } = await read(`${service()}\nplugins: [serverless-webpack]`);

  expect(source.remarks).toEqual([
    "serverless.yml:11:1: plugins: wsgw bundles functions with esbuild and does not read the configuration of serverless-webpack, such as aliases and loaders. If you need that, run serverless package and start with -t .serverless/cloudformation-template-update-stack.json.",
  ]);
});

test("gives what the script of a service throws with its line", async () => {
  const script =
    "const name = 'chat';\nthrow new Error(`no ${name}`);\nexport default { service: name };\n";

  expect(await faultsOf(script, { file: "serverless.ts" })).toMatch(
    /serverless\.ts:2:7: Error: no chat/,
  );
});

test("names the line of a script that has a fault", async () => {
  const script = `import { runtime } from "./runtime";

const configuration: { service: string } = {
  service: "chat",
  provider: { name: "aws", runtime },
  functions: {
    door: {
      handler: "a.handler",
      events: [{ websocket: { route: "$connect", authorizer: "dor" } }],
    },
  },
};

module.exports = configuration;
`;
  const files = { "runtime.ts": 'export const runtime: string = "nodejs22.x";\n' };

  expect(await faultsOf(script, { file: "serverless.ts", files })).toBe(
    'serverless.ts:9:50: functions.door.events[0].websocket.authorizer: the authorizer "dor" is not a function of this service. Did you mean "door"?',
  );
});

test("writes nothing next to the script of a service", async () => {
  const text =
    'import { name } from "./name";\nmodule.exports = { service: name, provider: { name: "aws" }, functions: { door: { handler: "a.handler", events: [{ websocket: "$connect" }] } } };\n';
  const files = { "name.ts": 'export const name: string = "chat";\n' };
  const { root, definition } = await read(text, { file: "serverless.ts", files });

  expect(definition.name).toBe("chat-dev");
  expect(readdirSync(root).sort()).toEqual(["a.js", "name.ts", "serverless.ts"]);
});

test("reads what serverless package wrote, with the zip files next to it", async () => {
  const { root, write } = project({});
  const key = "serverless/chat/dev/1700000000000-2023-11-14";
  const template = {
    Resources: {
      DoorLambdaFunction: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Handler: "src/door.handler",
          Runtime: "nodejs22.x",
          FunctionName: "chat-dev-door",
          Code: { S3Bucket: { Ref: "Bucket" }, S3Key: `${key}/chat.zip` },
          Layers: [{ Ref: "SharedLambdaLayer" }],
        },
      },
      SharedLambdaLayer: {
        Type: "AWS::Lambda::LayerVersion",
        Properties: { Content: { S3Bucket: { Ref: "Bucket" }, S3Key: `${key}/shared.zip` } },
      },
      Bucket: { Type: "AWS::S3::Bucket" },
    },
  };
  const file = write(
    ".serverless/cloudformation-template-update-stack.json",
    JSON.stringify(template),
  );
  const provider = { stage: "live", region: "eu-west-1" };
  const state = { service: { service: "chat", provider } };
  write(".serverless/serverless-state.json", JSON.stringify(state));
  const zip = (name: string, path: string, text: string) =>
    writeFileSync(join(root, ".serverless", name), zipSync({ [path]: strToU8(text) }));
  zip("chat.zip", "src/door.js", CODE);
  zip("shared.zip", "nodejs/shared.js", "exports.a = 1;");

  const { definition, source } = await loadDefinition({
    cwd: root,
    template: file,
    stateDir: temporaryDirectory(),
  });
  const { functions, name, region } = definition as ProjectDefinition;
  expect([name, region]).toEqual(["chat-live", "eu-west-1"]);
  const { root: code = "", layers = [] } = functions?.DoorLambdaFunction ?? {};
  expect(source.unserved).toEqual([]);
  expect(source.notServed).toEqual([]);
  expect(readFileSync(join(root, ".serverless", code, "src/door.js"), "utf8")).toBe(CODE);
  expect(readdirSync(join(root, ".serverless", layers[0] ?? "", "nodejs"))).toEqual(["shared.js"]);
});

test("takes what a config file adds to a service", async () => {
  const config = {
    template: "serverless.yml",
    parameters: { stage: "live" },
    functions: { DoorLambdaFunction: { environment: { MOOD: "calm" } } },
  };
  const { root } = project({
    "a.js": CODE,
    "serverless.yml": service(),
    "wsgw.config.json": JSON.stringify(config),
  });

  const { definition } = await loadDefinition({ cwd: root });
  expect(definition).toMatchObject({
    name: "chat-live",
    functions: { DoorLambdaFunction: { environment: { MOOD: "calm" } } },
  });
});

test("leaves the deployment to Serverless", async () => {
  const { root } = project({ "a.js": CODE, "serverless.yml": service() });
  mkdirSync(join(root, ".git"));

  expect(await runMain(["deploy"], { cwd: root })).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining(
      "wsgw does not deploy serverless.yml: the project has its own command. Run serverless deploy.",
    ),
  });
});

test("reads the words of old versions and of plugins", async () => {
  const text = `service: { name: chat }
plugins: { modules: [serverless-iam-roles-per-function, serverless-dotenv-plugin, serverless-esbuild] }
custom:
  esbuild: { define: { "process.env.TEAM": "'owls'" }, external: [sharp] }
provider:
  name: aws
  runtime: nodejs22.x
  websocketApiName: old
  websocketApiRouteSelectionExpression: $request.body.kind
functions:
  door:
    handler: a.handler
    iamRoleStatements: [{ Effect: Allow, Action: "sqs:*", Resource: "*" }]
    events:
      - websocket: { routeKey: $connect }
`;
  const { definition } = await read(text, { files: { ".env": "TOKEN=secret\n" } });

  expect(definition.apis.WebsocketsApi).toMatchObject({
    name: "old",
    routeSelectionExpression: "$request.body.kind",
    routes: { $connect: {} },
  });
  const { environment, build, permissions } = definition.functions?.DoorLambdaFunction ?? {};
  expect(environment).toEqual({ TOKEN: "secret" });
  expect(build).toEqual({ define: { "process.env.TEAM": "'owls'" }, external: ["sharp"] });
  expect(JSON.stringify(permissions)).toContain("sqs:*");
});

test("reads the stages of version 4, and its .env file", async () => {
  const text = `frameworkVersion: "4"
stages:
  default: { params: { host: local } }
  live: { params: { host: example.com } }
${service("\n  environment: { HOST: '${param:host}', TOKEN: '${env:CHAT_TOKEN}' }")}`;
  const files = { ".env": "CHAT_TOKEN=of-all\n", ".env.live": "CHAT_TOKEN=of-live\n" };

  expect(environmentOf(await read(text, { files }))).toEqual({ HOST: "local", TOKEN: "of-all" });
  expect(environmentOf(await read(text, { files, given: { stage: "live" } }))).toEqual({
    HOST: "example.com",
    TOKEN: "of-live",
  });
});

test("serves the routes that it adds to the API of another service as an API of its own", async () => {
  const { definition, source } = await read(service("\n  apiGateway: { websocketApiId: abc }"));

  expect(Object.keys(definition.apis.WebsocketsApi?.routes ?? {})).toEqual(["$connect"]);
  expect(source.remarks).toEqual([
    "serverless.yml:5:17: provider.apiGateway.websocketApiId: websocketApiId refers to the API of another service. wsgw serves the routes of this service as a separate API.",
  ]);
});

test("serverless-pseudo-parameters has AWS's names in strings", async () => {
  const { definition, source } = await read(
    `${service(`
  region: eu-west-1
  environment:
    WHERE: "#{AWS::Region}/#{AWS::AccountId}"
    JOBS: !Sub "of #{AWS::Region}: \${Jobs.QueueName}"
    PLAIN: "# {AWS::Region} #1"`)}
plugins: [serverless-pseudo-parameters]
resources:
  Resources:
    Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: "jobs-#{AWS::Region}" } }
`,
  );

  expect(environmentOf({ definition })).toMatchObject({
    WHERE: "eu-west-1/123456789012",
    JOBS: "of eu-west-1: jobs-eu-west-1",
    PLAIN: "# {AWS::Region} #1",
  });
  expect(source.remarks).toEqual([]);
});

test("without serverless-pseudo-parameters such a string is as it is", async () => {
  const { definition } = await read(service('\n  environment: { WHERE: "#{AWS::Region}" }'));

  expect(environmentOf({ definition })?.WHERE).toBe("#{AWS::Region}");
});

test("functions that serverless-webpack or a plugin for TypeScript bundles run from their sources", async () => {
  for (const plugin of [
    "serverless-webpack",
    "serverless-plugin-typescript",
    "serverless-bundle",
  ]) {
    const { definition, source } = await read(
      `${service().replace("a.handler", "src/chat/door.handler")}
plugins: [${plugin}]
custom:
  webpack: { webpackConfig: webpack.config.js, includeModules: true }
`,
      {
        files: {
          "src/chat/door.ts": "export const handler = async () => ({ statusCode: 200 });",
          "webpack.config.js":
            'module.exports = { entry: require("serverless-webpack").lib.entries };',
        },
      },
    );

    expect(definition.functions?.DoorLambdaFunction?.handler).toBe("src/chat/door.handler");
    expect(source.unserved).toEqual([]);
    expect(source.remarks).toHaveLength(plugin === "serverless-webpack" ? 1 : 0);
  }
});

test.each([
  ["serverless-dynamodb-local", "dynamodb"],
  ["serverless-dynamodb", "serverless-dynamodb"],
])("%s names the items that tables have at the start", async (plugin, key) => {
  const withStart = (start: string) => `${service()}
plugins: [${plugin}]
custom:
  ${key}:
    start: { seed: ${start} }
    seed:
      rooms: { sources: [{ table: rooms-dev, sources: [./seeds/rooms.json] }] }
      test: { sources: [{ table: rooms-dev, sources: [seeds/test.json] }] }
resources:
  Resources:
    Rooms:
      Type: AWS::DynamoDB::Table
      Properties:
        TableName: rooms-\${sls:stage}
        BillingMode: PAY_PER_REQUEST
        AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
        KeySchema: [{ AttributeName: id, KeyType: HASH }]
`;
  const seedOf = async (start: string) =>
    (await read(withStart(start))).definition.tables?.Rooms?.seed;

  expect(await seedOf("true")).toEqual(["seeds/rooms.json", "seeds/test.json"]);
  expect(await seedOf("rooms")).toEqual(["seeds/rooms.json"]);
  expect(await seedOf("false")).toBeUndefined();
});
