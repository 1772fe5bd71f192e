import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type DevSession, startDev } from "../../src/emulator/dev.ts";
import type { Entry, Fact } from "../../src/emulator/facts.ts";
import { findRunning } from "../../src/project-folder/running.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const CONFIG = `
import { defineApi } from "wsgw";
export default defineApi({
  name: "follow",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "dev" },
  functions: { ask: { handler: "ask.handler", environment: { MOOD: "calm" } } },
  routes: { ask: { function: "ask", routeResponse: true } },
});
`;
const answering = (expression: string) =>
  `export const handler = async (): Promise<object> => ({ statusCode: 200, body: ${expression} });\n`;

async function start(
  files: Record<string, string>,
  more: Partial<Parameters<typeof startDev>[0]> = {},
) {
  const { root: cwd } = project({ "wsgw.config.ts": CONFIG, ...files });
  const session = await startDev({ cwd, port: 0, ...more });
  onTestFinished(() => session.stop());
  showWhenFailed("The facts of its gateway:", () => factLines(session.journal.entries()));
  const opening = await openClient(session.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  const ask = async (action = "ask") => {
    client.send(JSON.stringify({ action }));
    return client.next();
  };
  return { cwd, session, client, ask };
}

/** The first fact of a type from now on, when `act` has been done. */
function after<Type extends Fact["type"]>(session: DevSession, type: Type, act: () => void) {
  return new Promise<Extract<Entry, { type: Type }>>((resolve) => {
    const unsubscribe = session.journal.subscribe((entry) => {
      if (entry.type !== type) return;
      unsubscribe();
      resolve(entry as Extract<Entry, { type: Type }>);
    });
    act();
  });
}

test("a changed TypeScript handler runs from the next message on, with the connection kept", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering('"one"') });
  expect(await ask()).toBe("one");

  const reloaded = await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), answering('"two"')),
  );

  expect(reloaded).toMatchObject({ functionNames: ["ask"], file: "ask.ts" });
  expect(await ask()).toBe("two");
  expect(session.journal.entries().some(({ type }) => type === "connection.closed")).toBe(false);
});

test("a changed file that a plain JavaScript handler loads counts too", async () => {
  const { cwd, session, ask } = await start({
    "package.json": '{"type":"module"}',
    "ask.js":
      'import { word } from "./word.js";\nexport const handler = async () => ({ statusCode: 200, body: word });\n',
    "word.js": 'export const word = "one";\n',
  });
  expect(await ask()).toBe("one");

  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "word.js"), 'export const word = "two";\n'),
  );

  expect(await ask()).toBe("two");
});

test("reports a syntax error with its place and keeps the old code until it is fixed", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering('"one"') });
  expect(await ask()).toBe("one");

  const broken = await after(session, "project.broken", () =>
    writeFileSync(join(cwd, "ask.ts"), "export const handler = async () => ({\n"),
  );
  expect(broken.message).toMatch(/ask\.ts:2:\d+: /);
  expect(broken.hint).toContain("The previous code keeps running.");
  expect(await ask()).toBe("one");
  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), answering('"mended"')),
  );

  expect(await ask()).toBe("mended");
});

test("the previous code keeps running in new environments too when the saved file lacks the handler", async () => {
  const half = "export const other = 1;\n";
  const whole = `${half}let count = 0;
export const handler = async () => ++count > 1 ? process.exit() : { statusCode: 200, body: "whole" };\n`;
  const { cwd, session, ask } = await start({ "ask.ts": whole });
  expect(await ask()).toBe("whole");

  const broken = await after(session, "project.broken", () =>
    writeFileSync(join(cwd, "ask.ts"), half),
  );

  expect(broken.message).toContain("exports other");
  expect(broken.hint).toContain("The previous code keeps running.");
  expect(await ask()).toContain("Internal server error"); // its environment ends
  expect(await ask()).toBe("whole");
});

test.each([
  ["ask.ts", "./word.ts", "word.ts"],
  ["ask.ts", "./word.js", "word.ts"],
  ["ask.ts", "./words", "words/index.ts"],
])("code that lacks a file is built once the file comes: %s imports %s", async (_, path, file) => {
  const { cwd, session, ask } = await start({ "ask.ts": answering('"one"') });
  const broken = await after(session, "project.broken", () =>
    writeFileSync(join(cwd, "ask.ts"), `import { word } from "${path}";\n${answering("word")}`),
  );
  expect(broken.message).toContain(`Could not resolve "${path}"`);

  const reloaded = await after(session, "code.reloaded", () => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), 'export const word: string = "came";\n');
  });

  expect(reloaded).toMatchObject({ functionNames: ["ask"], file });
  expect(await ask()).toBe("came");
});

test.each([
  ["comes", "lib/word.ts", 'export const word: string = "came";\n'],
  [
    "is elsewhere, as tsconfig.json says then",
    "tsconfig.json",
    '{ "compilerOptions": { "paths": { "@lib/*": ["./elsewhere/*"] } } }',
  ],
])("code that lacks a file by an alias is built once that %s", async (_, file, text) => {
  const { cwd, session, ask } = await start({
    "ask.ts": answering('"one"'),
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    "lib/other.ts": "",
    "elsewhere/word.ts": 'export const word: string = "came";\n',
  });
  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), `import { word } from "@lib/word";\n${answering("word")}`),
  );
  expect(await ask()).toMatch("Internal server error");

  const reloaded = await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, file), text),
  );

  expect(reloaded).toMatchObject({ functionNames: ["ask"], file });
  expect(await ask()).toBe("came");
});

test.each([
  ["that is missing comes", undefined],
  ["that is broken is mended", "[{"],
])("a definition is served once a seed %s", async (_, text) => {
  const { cwd, session } = await start({
    "ask.ts": answering('"one"'),
    ...(text !== undefined && { "seed.json": text }),
  });
  const tables =
    'tables: { notes: { partitionKey: { name: "id", type: "S" }, seed: "seed.json" } },';
  const broken = await after(session, "project.broken", () =>
    writeFileSync(
      join(cwd, "wsgw.config.ts"),
      CONFIG.replace("functions: {", `${tables} functions: {`),
    ),
  );
  expect(broken.message).toContain("seed.json");

  const changed = await after(session, "project.changed", () =>
    writeFileSync(join(cwd, "seed.json"), '[{"id":"a"}]'),
  );

  expect(changed).toMatchObject({ file: "seed.json" });
});

test("a new file that is broken is built once it is fixed, and what is saved meanwhile is served", async () => {
  const { cwd, session, ask } = await start({
    "wsgw.config.ts": CONFIG.replace(
      "functions: {",
      'functions: { tell: { handler: "tell.handler" },',
    ).replace("routes: {", 'routes: { tell: { function: "tell", routeResponse: true },'),
    "ask.ts": answering('"one"'),
    "tell.ts": answering('"old"'),
  });
  const tell = async () => ask("tell");
  expect([await ask(), await tell()]).toEqual(["one", "old"]);
  writeFileSync(join(cwd, "word.ts"), "export const word: string = ;\n");
  await after(session, "project.broken", () =>
    writeFileSync(join(cwd, "ask.ts"), `import { word } from "./word.ts";\n${answering("word")}`),
  );
  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "tell.ts"), answering('"new"')),
  );
  expect([await ask(), await tell()]).toEqual(["one", "new"]);

  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "word.ts"), 'export const word: string = "mended";\n'),
  );

  expect([await ask(), await tell()]).toEqual(["mended", "new"]);
});

test("a function that is broken at the start runs from the save on that repairs it", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": "export const = 1;\n" });
  expect(await ask()).toMatch("Internal server error");
  expect(session.functions).toMatchObject([{ name: "ask", runnable: false }]);

  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), answering('"repaired"')),
  );

  expect(await ask()).toBe("repaired");
  expect(session.functions).toEqual([{ name: "ask", runnable: true }]);
});

test("a function can run from the moment its missing package is installed", async () => {
  const { cwd, session, ask } = await start({
    "ask.ts": `import { word } from "words";\n${answering("word")}`,
  });
  expect(session.functions).toMatchObject([
    { runnable: false, because: expect.stringContaining('"words"') },
  ]);

  await after(session, "code.reloaded", () => {
    const folder = join(cwd, "node_modules/words");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.js"), 'exports.word = "installed";\n');
    writeFileSync(join(folder, "package.json"), '{ "name": "words" }');
  });

  expect(session.functions).toEqual([{ name: "ask", runnable: true }]);
  expect(await ask()).toBe("installed");
});

test("a function that has no file at the start runs from the moment on that the file comes", async () => {
  const { cwd, session, ask } = await start({});
  expect(await ask()).toMatch("Internal server error");

  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), answering('"came"')),
  );

  expect(await ask()).toBe("came");
});

test("a file that plain JavaScript asks for counts from the moment it comes", async () => {
  const { cwd, session, ask } = await start({
    "ask.js":
      'exports.handler = async () => ({ statusCode: 200, body: require("./word").word });\n',
  });

  for (const word of ["came", "changed"]) {
    await after(session, "code.reloaded", () =>
      writeFileSync(join(cwd, "word.js"), `exports.word = "${word}";\n`),
    );
    expect(await ask()).toBe(word);
  }
});

test.each([
  ["is missing", undefined],
  ["is broken", "export const = 1;\n"],
])("a definition is served once a handler of it comes that %s", async (_, text) => {
  const { cwd, session, ask } = await start({ "ask.ts": answering('"one"') });
  if (text !== undefined) writeFileSync(join(cwd, "new.ts"), text);
  await after(session, "project.broken", () =>
    writeFileSync(join(cwd, "wsgw.config.ts"), CONFIG.replace("ask.handler", "new.handler")),
  );
  await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "ask.ts"), answering('"meanwhile"')),
  );
  expect(await ask()).toBe("meanwhile");

  await after(session, "project.changed", () =>
    writeFileSync(join(cwd, "new.ts"), answering('"new"')),
  );

  expect(await ask()).toBe("new");
});

test("a definition that lacks a file is served once the file comes", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering("process.env.MOOD") });
  await after(session, "project.broken", () =>
    writeFileSync(
      join(cwd, "wsgw.config.ts"),
      `import { mood } from "./mood.ts";\n${CONFIG.replace('"calm"', "mood")}`,
    ),
  );

  await after(session, "project.changed", () =>
    writeFileSync(join(cwd, "mood.ts"), 'export const mood: string = "merry";\n'),
  );

  expect(await ask()).toBe("merry");
});

test("a changed definition is served at once; what needs a restart is named", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering("process.env.MOOD") });
  expect(await ask()).toBe("calm");

  const changed = await after(session, "project.changed", () =>
    writeFileSync(
      join(cwd, "wsgw.config.ts"),
      CONFIG.replace("calm", "merry").replace('name: "dev"', 'name: "prod"'),
    ),
  );

  expect(changed).toMatchObject({ file: "wsgw.config.ts", needsRestart: ["stage.name"] });
  expect(await ask()).toBe("merry");
});

test("what is saved while the definition is read counts, at the start and afterwards", async () => {
  const writing = (file: string) => `
import { writeFileSync } from "node:fs";
import { word } from "./${file}";
if (word === "early") writeFileSync(new URL("./${file}", import.meta.url), 'export const word = "late";');
${CONFIG.replace('"calm"', "word")}`;
  const { cwd, session, ask } = await start({
    "wsgw.config.ts": writing("first.ts"),
    "first.ts": 'export const word = "early";',
    "second.ts": 'export const word = "early";',
    "ask.ts": answering("process.env.MOOD"),
  });
  const changed = (file: string) =>
    session.journal.entries().some((fact) => fact.type === "project.changed" && fact.file === file);
  if (!changed("first.ts")) await after(session, "project.changed", () => {});
  expect(await ask()).toBe("late");

  writeFileSync(join(cwd, "wsgw.config.ts"), writing("second.ts"));
  while (!changed("second.ts")) await after(session, "project.changed", () => {});

  expect(await ask()).toBe("late");
});

test("a file that grows after each reload that it causes is ignored, with a warning", async () => {
  const { cwd, session } = await start({
    "wsgw.config.ts": CONFIG.replace(
      '{ handler: "ask.handler"',
      '{ handler: "ask", command: ["sh", "run.sh"], code: "program"',
    ),
    "program/run.sh": "exit 1\n",
    "program/out.txt": "Listening\n",
  });
  const out = join(cwd, "program/out.txt");
  let reloads = 0;
  const unsubscribe = session.journal.subscribe((fact) => {
    if (fact.type !== "code.reloaded" || fact.file !== "program/out.txt") return;
    reloads += 1;
    appendFileSync(out, "Reloaded\n");
  });
  onTestFinished(unsubscribe);

  const warning = await after(session, "warning", () => appendFileSync(out, "A line\n"));
  expect(warning.message).toMatch(/^program\/out\.txt grows after each reload/);
  const before = reloads;
  appendFileSync(out, "More\n");
  const next = await after(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "program/run.sh"), "exit 0\n"),
  );

  expect(next.file).toBe("program/run.sh");
  expect(reloads).toBe(before);
});

test("reports an invalid definition and keeps the old one", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering('"one"') });

  const broken = await after(session, "project.broken", () =>
    writeFileSync(
      join(cwd, "wsgw.config.ts"),
      CONFIG.replace('function: "ask"', 'function: "task"'),
    ),
  );

  expect(broken.message).toContain("routes.ask.function: ");
  expect(broken.hint).toContain("The previous definition keeps running.");
  expect(await ask()).toBe("one");
});

test.each([
  [
    "throws later",
    'setTimeout(() => { throw new Error("later"); }, 1);',
    'environment: { MOOD: "new" }',
  ],
  [
    "pollutes every object",
    "Object.prototype.polluted = { then: 1 };",
    'environment: { MOOD: "new" }',
  ],
])(
  "a definition whose code %s is served, and the gateway runs on",
  async (_, code, environment) => {
    const { cwd, session, ask } = await start({ "ask.ts": answering("process.env.MOOD") });
    expect(await ask()).toBe("calm");

    await after(session, "project.changed", () =>
      writeFileSync(
        join(cwd, "wsgw.config.ts"),
        code + CONFIG.replace('environment: { MOOD: "calm" }', environment),
      ),
    );

    expect(await ask()).toBe("new");
    expect("polluted" in {}).toBe(false);
  },
);

test("a definition that ends its process or never finishes stops nothing, and its repair is served at once", async () => {
  const { cwd, session, ask } = await start({ "ask.ts": answering("process.env.MOOD") });
  const file = join(cwd, "wsgw.config.ts");

  const broken = await after(session, "project.broken", () =>
    writeFileSync(file, "process.exit();"),
  );
  expect(broken.message).toContain("exits with code 0 before there is a definition");
  expect(await ask()).toBe("calm");

  const loops = join(cwd, "loops");
  writeFileSync(
    file,
    `require("node:fs").writeFileSync(${JSON.stringify(loops)}, ""); while (true); ${CONFIG}`,
  );
  await expect.poll(() => existsSync(loops)).toBe(true);
  await after(session, "project.changed", () =>
    writeFileSync(file, CONFIG.replace("calm", "mended")),
  );

  expect(await ask()).toBe("mended");
});

test("a table that is added to the definition is there at once", async () => {
  const { cwd, session } = await start({
    "ask.ts": answering('"one"'),
    "wsgw.config.ts": CONFIG.replace(
      "functions:",
      'tables: { first: { partitionKey: { name: "id", type: "S" } } }, functions:',
    ),
  });

  const changed = await after(session, "project.changed", () =>
    writeFileSync(
      join(cwd, "wsgw.config.ts"),
      CONFIG.replace(
        "functions:",
        'tables: { second: { partitionKey: { name: "id", type: "S" } } }, functions:',
      ),
    ),
  );

  expect(changed.needsRestart).toEqual([]);
  const { DynamoDBClient, ListTablesCommand } = await import("@aws-sdk/client-dynamodb");
  const client = new DynamoDBClient({
    endpoint: session.dynamodbEndpoint!,
    region: "us-east-1",
    credentials: session.credentials,
  });
  const { TableNames } = await client.send(new ListTablesCommand({}));
  client.destroy();
  expect(TableNames).toContain("follow-second");
});

test("an env file gives declared variables their values and names undeclared ones", async () => {
  const { session, ask } = await start(
    {
      "ask.ts": answering("`${process.env.MOOD} ${process.env.OTHER}`"),
      "dev.env": "MOOD=sunny\nOTHER=x\n",
    },
    { envFile: "dev.env" },
  );

  expect(await ask()).toBe("sunny undefined");
  expect(session.journal.entries()).toContainEqual(
    expect.objectContaining({ type: "warning", message: expect.stringContaining("OTHER") }),
  );
});

test("an env file leaves a reference to a table as it is, and says so", async () => {
  const tables = 'tables: { rooms: { partitionKey: { name: "id", type: "S" } } }, ';
  const { session, ask } = await start(
    {
      "wsgw.config.ts": CONFIG.replace('"calm"', '{ ref: "table.rooms.name" }').replace(
        "functions:",
        `${tables}functions:`,
      ),
      "ask.ts": answering("process.env.MOOD"),
      "dev.env": "MOOD=live-rooms\n",
    },
    { envFile: "dev.env" },
  );

  expect(await ask()).toBe("follow-rooms");
  const warnings = session.journal.entries().filter(({ type }) => type === "warning");
  expect(warnings).toMatchObject([
    { message: expect.stringContaining("dev.env sets MOOD (table.rooms.name), ") },
  ]);
});

test("nothing of the developer's shell leaks into a handler", async () => {
  expect(process.env.VITEST).toBeDefined();

  const { ask } = await start({ "ask.ts": answering("String(process.env.VITEST)") });

  expect(await ask()).toBe("undefined");
});

test("other commands find the gateway while it runs, and no longer", async () => {
  const { cwd, session } = await start({ "ask.ts": answering('"one"') });

  const [found] = await findRunning(join(cwd));
  expect(found).toMatchObject({ url: session.url, pid: process.pid });
  await session.stop();

  expect(await findRunning(cwd)).toEqual([]);
  expect(readdirSync(join(cwd, ".wsgw", "running"))).toEqual([]);
});

test("a handler whose file is replaced by one of another kind runs again", async () => {
  const { cwd, session, ask } = await start({
    "ask.js": 'exports.handler = async () => ({ statusCode: 200, body: "one" });\n',
  });
  expect(await ask()).toBe("one");

  await after(session, "code.reloaded", () => {
    writeFileSync(join(cwd, "ask.ts"), answering('"two"'));
    rmSync(join(cwd, "ask.js"));
  });

  expect(await ask()).toBe("two");
});

test("what a changed template has that is not served here is said at once, and in the session", async () => {
  const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Chat:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.action
      Routes:
        ask: { FunctionArn: !GetAtt Ask.Arn, RouteResponseSelectionExpression: $default }
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: ask.handler
      CodeUri: .
`;
  const { cwd, session, ask } = await start(
    { "ask.ts": answering('"one"'), "template.yaml": template },
    { template: "template.yaml", stateDir: temporaryFolder() },
  );
  expect(await ask()).toBe("one");
  expect(session.source.triggers).toEqual([]);

  const warned = await after(session, "warning", () =>
    writeFileSync(
      join(cwd, "template.yaml"),
      `${template}      Events: { Job: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } } }
  Jobs: { Type: AWS::SQS::Queue }
`,
    ),
  );

  expect(warned.message).toBe(
    "not delivered locally yet: queue Jobs; `wsgw invoke Ask --event FILE` runs them",
  );
  expect(session.source.triggers).toEqual([{ kind: "queue", from: "Jobs", function: "Ask" }]);
});

test("rejects a request to the path of an HTTP API, and a line says how to run its function", async () => {
  const template = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: dev } }
  Quiet: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: quiet } }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: ask.handler
      Runtime: nodejs24.x
      Events: { Get: { Type: HttpApi, Properties: { Path: "/hello/{name}", Method: get } } }
`;
  const { root, path } = project({ "template.yaml": template, "ask.ts": answering('"hi"') });
  const session = await startDev({ cwd: root, stateDir: path("state"), port: 0 });
  onTestFinished(() => session.stop());
  const ask = () => fetch(`http://127.0.0.1:${session.port}/hello/ann`);

  const answers = [await ask(), await ask()];

  expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  const warnings = session.journal.entries().filter(({ type }) => type === "warning");
  expect(warnings.map((fact) => ("message" in fact ? fact.message : ""))).toContain(
    "GET /hello/{name} belongs to the HTTP API ServerlessHttpApi, which is not served locally yet; `wsgw invoke Hello --event FILE` runs its function",
  );
  expect(
    warnings.filter((fact) => "message" in fact && /HTTP API/.test(fact.message)),
  ).toHaveLength(1);
});
