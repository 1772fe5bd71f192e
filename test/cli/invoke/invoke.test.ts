import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import * as app from "../../../src/app.ts";
import { startEmulator } from "../../../src/emulator/emulator.ts";
import { lacksPython } from "../../contracts/lambda-setup.ts";
import { buildLambdaChild } from "../../lambda-child.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { runMain } from "../run-main.ts";
import { announce, DEFINITION, type LocalChat, startLocalChat } from "../send/local-chat.ts";

const withoutPython = await lacksPython();

const require = createRequire(import.meta.url);

let chat: LocalChat;

beforeAll(async () => {
  await buildLambdaChild();
  chat = await startLocalChat();
});
afterAll(() => chat?.stop());

function wsgw(argv: readonly string[], cwd = chat.root, stdin = "") {
  return runMain(argv, { cwd, stdin: Readable.from([stdin]) });
}

/** A project in which no gateway runs. It has no tables, because to start DynamoDB takes long. */
async function project(handlers: string, more: object = {}): Promise<string> {
  const root = temporaryDirectory();
  const definition = { ...DEFINITION, tables: undefined, ...more };
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(definition));
  await writeFile(join(root, "handlers.js"), handlers);
  return root;
}

test("runs a function with the table and the connections of the running gateway", async () => {
  const opening = await app.openClient(chat.emulator.url);
  if (opening.kind !== "open") throw new Error("refused");
  onTestFinished(() => opening.client.terminate());
  const control = app.openControl(chat.emulator.control);
  const [connection] = await control.connections();

  const argv = ["--message", '{"action":"save"}', "--connection-id", `${connection?.connectionId}`];
  const { exitCode, out, err } = await wsgw(["invoke", "save", ...argv]);

  expect(JSON.parse(out)).toEqual({ statusCode: 200, body: "saved" });
  expect(exitCode).toBe(0);
  expect(err).toContain(`Uses the tables and connections of ${chat.emulator.url}.`);
  expect(err).toMatch(/│ kept n1\n✓ save returned after .* \(cold start .*\)\.\n$/);
  expect(await opening.client.next()).toBe("posted");
  const tables = await app.openRunningTables(chat.root);
  expect(await tables.table("notes").get(["n1"])).toEqual({ id: "n1" });
});

test("invoke and event work in the region of the running gateway", {
  tags: ["journey"],
}, async () => {
  const root = await project(
    `const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
     exports.save = exports.echo = async () => {
       const Item = { id: { S: process.env.AWS_REGION } };
       await new DynamoDBClient({}).send(new PutItemCommand({ TableName: process.env.NOTES, Item }));
       return { statusCode: 200 };
     };`,
    { tables: DEFINITION.tables },
  );
  const emulator = await startEmulator({
    definition: DEFINITION,
    ...{ root, port: 0, region: "eu-central-1" }, // as `wsgw dev --region` has it
  });
  onTestFinished(() => emulator.stop());
  const withdraw = await announce(root, emulator);
  onTestFinished(withdraw);

  const made = await wsgw(["event", "connect"], root);
  const { exitCode, err } = await wsgw(["invoke", "echo", "--connect"], root);

  expect(JSON.parse(made.out)).toMatchObject({
    requestContext: { domainName: expect.stringContaining(".eu-central-1.") },
  });
  expect({ exitCode, err }).toMatchObject({ exitCode: 0 });
  const tables = await app.openRunningTables(root);
  expect(await tables.table("notes").get(["eu-central-1"])).toEqual({ id: "eu-central-1" });
});

test("an event is for the first API with a route to the function, or for the one that is named", {
  tags: ["journey"],
}, async () => {
  const root = await project("exports.echo = exports.save = async () => ({ statusCode: 200 });", {
    ...{ routeSelectionExpression: undefined, stage: undefined, routes: undefined },
    apis: {
      chat: {
        routeSelectionExpression: "$request.body.action",
        stages: { v1: {} },
        routes: { $connect: { function: "echo" }, echo: { function: "echo" } },
      },
      admin: {
        routeSelectionExpression: "$request.body.command",
        stages: { live: {} },
        routes: { list: { function: "save" } },
      },
    },
    functions: { echo: { handler: "handlers.echo" }, save: { handler: "handlers.save" } },
  });

  const contextOf = async (...options: string[]) =>
    JSON.parse((await wsgw(["invoke", "save", ...options, "--json"], root)).out).event
      .requestContext;

  const list = ["--message", '{"command":"list"}'];
  expect(await contextOf(...list)).toMatchObject({ routeKey: "list", stage: "live" });
  expect(await contextOf("--connect")).toMatchObject({ routeKey: "$connect", stage: "live" });
  expect(await contextOf("--api", "chat", "--connect")).toMatchObject({ stage: "v1" });
});

test("event says which of several APIs its event is for, and takes another", async () => {
  const root = await project("exports.echo = async () => 1;", {
    ...{ routeSelectionExpression: undefined, stage: undefined, routes: undefined },
    apis: {
      chat: {
        routeSelectionExpression: "$request.body.action",
        stages: { v1: {} },
        routes: { $default: { function: "echo" } },
      },
      admin: {
        routeSelectionExpression: "$request.body.command",
        stages: { live: {} },
        routes: { list: { function: "echo" } },
      },
    },
    functions: { echo: { handler: "handlers.echo" } },
  });

  const first = await wsgw(["event", "message", "--body", '{"command":"list"}'], root);
  const named = await wsgw(
    ["event", "message", "-m", '{"command":"list"}', "--api", "admin"],
    root,
  );

  expect(JSON.parse(first.out).requestContext).toMatchObject({ routeKey: "$default", stage: "v1" });
  expect(first.err).toBe("The event is for the API chat. Choose another with --api NAME: admin.\n");
  expect(JSON.parse(named.out).requestContext).toMatchObject({ routeKey: "list", stage: "live" });
  expect(named.err).toBe("");
  const lost = await wsgw(["event", "message", "-m", "{}", "--api", "admin"], root);
  expect(
    lost.err,
  ).toBe(`✗ No route of the API admin accepts the message "{}": $request.body.command selects no route, and there is no $default.
  Choose another API with --api: chat.
`);
});

test("runs without a gateway, with an event from a file or standard input", async () => {
  const root = await project(
    "exports.echo = exports.save = async (event) => ({ statusCode: 200, body: event.hello });",
  );
  await writeFile(join(root, "event.json"), '{"hello":"file"}');

  const fromFile = await wsgw(["invoke", "echo", "--event", "event.json"], root);
  const fromStdin = await wsgw(["invoke", "echo", "-e", "-", "--json"], root, '{"hello":"you"}');

  expect(JSON.parse(fromFile.out)).toEqual({ statusCode: 200, body: "file" });
  expect(fromFile.err).toContain("No gateway is running");
  expect(JSON.parse(fromStdin.out)).toMatchObject({
    event: { hello: "you" },
    outcome: { kind: "returned", payload: '{"statusCode":200,"body":"you"}' },
    logs: [],
  });
});

test("a function is found by its logical name, its name on AWS and its ARN, with an alias too", {
  tags: ["journey"],
}, async () => {
  const root = await project("exports.echo = exports.save = async () => 1;", {
    functions: {
      echo: { handler: "handlers.echo", functionName: "chat-dev-echo" },
      save: { handler: "handlers.save" },
    },
  });
  const arn = "arn:aws:lambda:eu-west-1:210987654321:function:chat-dev-echo";

  const { out } = await wsgw(["invoke", `${arn}:live`, "--message", '{"action":"echo"}'], root);
  const asked = [];
  for (const name of ["echo", "chat-dev-echo", arn])
    asked.push((await wsgw(["invoke", name], root)).err);

  expect(out).toBe("1\n");
  for (const err of asked) expect(err).toContain("✗ Which event should echo get?");
});

test("tells the duration of the function and not of one that it has invoked", {
  tags: ["journey"],
}, async () => {
  const root = await project(
    `const { LambdaClient, InvokeCommand } = require(${JSON.stringify(require.resolve("@aws-sdk/client-lambda"))});
     exports.echo = async () => {
       const begun = performance.now();
       await new LambdaClient({}).send(new InvokeCommand({ FunctionName: "save" }));
       return performance.now() - begun;
     };
     exports.save = async () => console.log("saved");`,
  );

  const { out } = await wsgw(["invoke", "echo", "--connect", "--json"], root);

  const { durationMs, outcome, logs } = JSON.parse(out);
  expect(outcome).toEqual({ kind: "returned", payload: expect.any(String) });
  expect(logs).toMatchObject([{ stream: "stdout" }]);
  expect(durationMs).toBeGreaterThan(Number(outcome.payload)); // save alone takes a part of that
});

test("exits with 3 and prints the error when the function fails", async () => {
  const root = await project(
    'exports.save = async () => 1; exports.echo = async () => { throw new TypeError("no"); };',
  );

  const { exitCode, out, err } = await wsgw(["invoke", "echo", "--connect"], root);

  expect(exitCode).toBe(3);
  expect(JSON.parse(out)).toMatchObject({ errorType: "TypeError", errorMessage: "no" });
  expect(err).toContain("✗ echo failed after");
});

test.skipIf(withoutPython)(
  "prints the error of a Python function as Lambda's Python has it",
  { tags: ["journey"] },
  async () => {
    const root = await project("", {
      functions: { echo: { handler: "app.handler", runtime: "python3.11" } },
      routes: { $connect: { function: "echo" } },
    });
    await writeFile(
      join(root, "app.py"),
      'def handler(event, context):\n    print(context.aws_request_id)\n    raise ValueError("no")\n',
    );

    const { exitCode, out, err } = await wsgw(["invoke", "echo", "--connect"], root);

    expect(exitCode).toBe(3);
    const [, requestId] = /│ (\S{36})\n/.exec(err) ?? [];
    const frame = `  File "${join(root, "app.py")}", line 3, in handler\n    raise ValueError("no")\n`;
    const error = {
      errorMessage: "no",
      errorType: "ValueError",
      requestId,
      stackTrace: [frame],
    };
    expect(out).toBe(`${JSON.stringify(error, undefined, 2)}\n`);
  },
);

test.skipIf(withoutPython)(
  "says how to install a package that a Python function lacks",
  { tags: ["journey"] },
  async () => {
    const root = await project("", {
      functions: { echo: { handler: "app.handler", runtime: "python3.11", code: "py" } },
      routes: { $connect: { function: "echo" } },
    });
    await mkdir(join(root, "py"));
    await writeFile(join(root, "py/app.py"), "import package_that_nobody_has\n");
    await writeFile(join(root, "py/requirements.txt"), "package_that_nobody_has\n");

    const { exitCode, err } = await wsgw(["invoke", "echo", "--connect"], root);

    expect(exitCode).toBe(3);
    expect(err).toMatch(
      /│ package_that_nobody_has is not installed. Run .* install -r py[/\\]requirements\.txt\n/,
    );
  },
);

test("prints the error of a time-out as Lambda has it, without a trace", {
  tags: ["journey"],
}, async () => {
  const root = await project(
    "exports.echo = exports.save = () => new Promise(() => setInterval(() => {}, 1000));",
    {
      functions: {
        echo: { handler: "handlers.echo", timeout: 1 },
        save: { handler: "handlers.save" },
      },
    },
  );

  const { out } = await wsgw(["invoke", "echo", "--connect"], root);

  expect(JSON.parse(out)).toEqual({
    errorType: "Sandbox.Timedout",
    errorMessage: expect.stringMatching(
      /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/,
    ),
  });
});

test.each([
  ["routes", { $connect: "echo", $disconnect: "echo", talk: "echo", hear: "echo" }],
  ["connections", { $connect: "echo", $disconnect: "echo" }],
  ["nothing", { hear: "save" }],
])("asks for the event of a function to which %s lead", async (kind, to) => {
  const root = await project("exports.echo = exports.save = async () => 1;", {
    routes: Object.fromEntries(Object.entries(to).map(([key, fn]) => [key, { function: fn }])),
  });

  const { exitCode, out, err } = await wsgw(["invoke", "echo"], root);

  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toBe(ASKED[kind]);
});

const ASKED: Readonly<Record<string, string>> = {
  routes: `✗ Which event should echo get? Its routes are $connect, $disconnect, talk, hear.
  Pass --message TEXT, or --connect, or --disconnect, or --event FILE with its JSON, or - for standard input. For example:
    wsgw invoke echo --message '{"action":"talk"}'
`,
  connections: `✗ Which event should echo get? Its routes are $connect, $disconnect.
  Pass --connect, or --disconnect, or --event FILE with its JSON, or - for standard input. For example:
    wsgw invoke echo --connect
`,
  nothing: `✗ Which event should echo get? No route uses it.
  Pass --event FILE with its JSON, or - for standard input. For example:
    echo '{}' | wsgw invoke echo --event -
`,
};

test.each([
  ["$request.body.head.type", "it's", `--message '{"head":{"type":"it'\\''s"}}'`],
  ["${request.body.action}", "$default", "--message 'hello'"],
  ["$request.body.a/$request.body.b", "echo", "--route 'echo' --message hello"],
])("shows an example for a message that %s takes to %s", async (expression, key, example) => {
  const root = await project("exports.echo = exports.save = async () => 1;", {
    routeSelectionExpression: expression,
    routes: { [key]: { function: "echo" } },
  });

  const { err } = await wsgw(["invoke", "echo"], root);

  expect(err).toContain(`For example:\n    wsgw invoke echo ${example}\n`);
});

test("shows an example of a queue's event for a function that a queue calls", async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "app.js"), "exports.work = async () => 1;");
  await writeFile(join(root, "template.yaml"), QUEUED);
  const argv = ["--state-dir", join(root, "state")];

  const { err } = await wsgw(["invoke", "Work", ...argv], root);
  const [, event = ""] = /echo '(.*)' \| wsgw invoke Work --event -\n/.exec(err) ?? [];
  const { exitCode } = await wsgw(["invoke", "Work", "--event", "-", ...argv], root, event);

  expect(JSON.parse(event).Records[0]).toMatchObject({ eventSource: "aws:sqs", body: "hello" });
  expect(exitCode).toBe(0);
});

test("takes the name that serverless.yml gives a function", { tags: ["journey"] }, async () => {
  const root = temporaryDirectory();
  await writeFile(join(root, "app.js"), "exports.work = async () => 'worked';");
  await writeFile(
    join(root, "serverless.yml"),
    "service: chat\nprovider: { name: aws, runtime: nodejs24.x }\nfunctions: { do-work: { handler: app.work, events: [websocket: $connect] } }\n",
  );
  const argv = ["--state-dir", join(root, "state")];

  const { exitCode, out } = await wsgw(["invoke", "do-work", ...argv], root);

  expect({ exitCode, out }).toEqual({ exitCode: 0, out: '"worked"\n' });
});

const QUEUED = `Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $default }
  Jobs: { Type: AWS::SQS::Queue }
  Work:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.work
      Runtime: nodejs24.x
      Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } } }
`;

test.each([
  ["$connect", "a new connection"],
  ["$disconnect", "a connection that has ended"],
])(
  "says which event a function gets that only %s leads to",
  { tags: ["journey"] },
  async (key, whose) => {
    const root = await project(
      "exports.echo = exports.save = async ({ requestContext }) => requestContext.routeKey;",
      {
        routes: { [key]: { function: "echo" } },
      },
    );

    const usual = await wsgw(["invoke", "echo"], root);
    const given = await wsgw(["invoke", "echo", "--message", "x", "--route", "y"], root);

    expect(JSON.parse(usual.out)).toBe(key);
    expect(usual.err).toContain(
      `\necho gets the event of ${whose}. Pass another with --event FILE.\n`,
    );
    expect(JSON.parse(given.out)).toBe("y");
    expect(given.err).not.toContain("gets the event of");
  },
);

test.each([
  [["ecco"], 'There is no function "ecco". The API has echo, save.'],
  [
    ["echo"],
    'Which event should echo get? Its route is echo.\n  Pass --message TEXT, or --event FILE with its JSON, or - for standard input. For example:\n    wsgw invoke echo --message \'{"action":"echo"}\'\n',
  ],
  [["echo", "--connect", "--message", "x"], "cannot be combined"],
  [["echo", "--message", "x"], 'No route accepts the message "x"'],
  [["echo", "--event", "gone.json"], "Cannot read gone.json: it does not exist (ENOENT)."],
  [["echo", "--code", "1001"], "--code works with --message, --connect or --disconnect only."],
  [["echo", "--event", "e.json", "-H", "A: b"], "--header works with --message, --connect"],
  [["echo", "--connect", "--reason", "x"], "--reason works with the event disconnect, not with"],
])("says what is wrong with %j", async (argv, message) => {
  const { exitCode, err } = await wsgw(["invoke", ...argv]);

  expect(exitCode).toBe(1);
  expect(err).toContain(message);
});

test.each([
  [["connect", "--body", "x"], "--body works with the event message, not with connect."],
  [
    ["authorizer", "--as", "ann"],
    "--as works with the event connect or message or disconnect, not with authorizer.",
  ],
  [["message", "--code", "1001"], "--code works with the event disconnect, not with message."],
  [
    ["disconnect", "--query", "a=1"],
    "--query works with the event connect or authorizer, not with disconnect.",
  ],
  [
    ["frobnicate"],
    'There is no event "frobnicate"; there are connect, message, disconnect and authorizer.',
  ],
])("says that %j is not an event of API Gateway", async (argv, message) => {
  const { exitCode, out, err } = await wsgw(["event", ...argv]);

  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toContain(message);
});

test("prints events by the rules of the gateway", async () => {
  const [{ domainName } = {}] = chat.emulator.apis;
  const event = async (...argv: string[]) => JSON.parse((await wsgw(["event", ...argv])).out);

  const message = await event("message", "--body", '{"action":"echo"}');
  const connect = await event("connect", "--query", "?a=1&a=2", "-H", "User-Agent: me");
  const disconnect = await event("disconnect", "--code", "4001", "--reason", "bye");

  expect(message).toMatchObject({
    requestContext: {
      routeKey: "echo",
      eventType: "MESSAGE",
      domainName,
      stage: "v1",
    },
    body: '{"action":"echo"}',
  });
  expect(connect).toMatchObject({
    headers: { Host: domainName, "User-Agent": "me" },
    multiValueQueryStringParameters: { a: ["1", "2"] },
    requestContext: { routeKey: "$connect", identity: { userAgent: "me" } },
  });
  expect(disconnect).toMatchObject({
    requestContext: { disconnectStatusCode: 4001, disconnectReason: "bye" },
  });
  expect(await event("disconnect", "--code", "1005")).toMatchObject({
    requestContext: { disconnectReason: "Client-side close frame status not set" },
  });
});

test("an event has the keys, in their order, of the one that a handler gets", async () => {
  const client = await app.openClient(chat.emulator.url);
  if (client.kind !== "open") throw new Error("refused");
  onTestFinished(() => client.client.terminate());
  client.client.send('{"action":"echo"}');
  await client.client.next();
  const started = chat.emulator.journal
    .entries()
    .findLast((entry) => entry.type === "function.started" && entry.functionName === "echo");
  const real = started?.type === "function.started" ? started.event : undefined;

  const { out } = await wsgw(["event", "message", "-m", '{"action":"echo"}']);

  const made = JSON.parse(out);
  expect(Object.keys(made)).toEqual(Object.keys(real ?? {}));
  expect(Object.keys(made.requestContext)).toEqual(Object.keys(real?.requestContext ?? {}));
});

test("fresh tables have their seeds, in tests and for invoke", { tags: ["journey"] }, async () => {
  const seeded = { notes: { ...DEFINITION.tables.notes, seed: ["a.json", "b.jsonl"] } };
  const root = await project(
    `const { DynamoDBClient, ScanCommand } = require("@aws-sdk/client-dynamodb");
     exports.save = exports.echo = async () => {
       const { Items } = await new DynamoDBClient({}).send(new ScanCommand({ TableName: process.env.NOTES }));
       return { ids: Items.map(({ id }) => id.S).sort() };
     };`,
    { tables: seeded },
  );
  await writeFile(join(root, "a.json"), '[{"id":"a1"},{"id":"a2","n":1}]');
  await writeFile(
    join(root, "b.jsonl"),
    '{"id":"b1"}\n{"Item":{"id":{"S":"b2"},"set":{"NS":["1"]}}}\n',
  );

  const { out, err } = await wsgw(["invoke", "echo", "--connect"], root);

  expect(err).toContain("returned");
  expect(JSON.parse(out)).toEqual({ ids: ["a1", "a2", "b1", "b2"] });
});

test("tells everything that is wrong with seeds at once", async () => {
  const seeded = { notes: { ...DEFINITION.tables.notes, seed: ["bad.json", "gone.json"] } };
  const root = await project("exports.save = exports.echo = async () => 1;", { tables: seeded });
  await writeFile(join(root, "bad.json"), '[{"id":"ok"},{"n":1},7]');

  const { exitCode, err } = await wsgw(["invoke", "echo", "--connect"], root);

  expect(exitCode).toBe(1);
  expect(err).toContain(
    'bad.json: item 2 does not fit table notes: it lacks the key attribute "id".',
  );
  expect(err).toContain("bad.json: item 3 does not fit table notes: it is not an object.");
  expect(err).toContain(
    "gone.json, the seed of table notes, cannot be read: it does not exist (ENOENT).",
  );
});
