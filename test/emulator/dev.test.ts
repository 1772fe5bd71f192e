import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { type DevSession, startDev } from "../../src/emulator/dev.ts";
import type { Entry, Fact } from "../../src/emulator/facts.ts";
import { findRunning } from "../../src/project-directory/running.ts";
import { project } from "../readers/projects.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { sharedDirectory, temporaryDirectory } from "../temporary-directory.ts";

type Options = Partial<Parameters<typeof startDev>[0]>;

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
/** A definition that wsgw reads without a process: each of these functions answers the route of its name. */
const definitionOf = (functions: Readonly<Record<string, object>>) =>
  JSON.stringify({
    name: "follow",
    routeSelectionExpression: "$request.body.action",
    stage: { name: "dev" },
    functions,
    routes: Object.fromEntries(
      Object.keys(functions).map((name) => [name, { function: name, routeResponse: true }]),
    ),
  });
const TABLE = { partitionKey: { name: "id", type: "S" } };
const ASK = definitionOf({ ask: { handler: "ask.handler" } });
const answering = (expression: string) =>
  `export const handler = async (): Promise<object> => ({ statusCode: 200, body: ${expression} });\n`;

function write(root: string, name: string, text: string): void {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function startIn(cwd: string, more: Options = {}) {
  const session = await startDev({ cwd, port: 0, ...more });
  const opening = await openClient(session.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const { client } = opening;
  const ask = async (action = "ask") => {
    client.send(JSON.stringify({ action }));
    return client.next();
  };
  return { cwd, session, ask, write: (name: string, text: string) => write(cwd, name, text) };
}

const showFacts = ({ journal }: DevSession) =>
  showWhenFailed("The facts of its gateway:", () => factLines(journal.entries()));

async function start(files: Record<string, string>, more: Options = {}) {
  const { root } = project(files);
  const started = await startIn(root, more);
  onTestFinished(() => started.session.stop());
  showFacts(started.session);
  return started;
}

/** A session for all tests of a block, which run in order: each saves what it needs. */
function sharedSession(files: Record<string, string>, more: Options = {}) {
  const cwd = sharedDirectory();
  let started: Awaited<ReturnType<typeof startIn>>;
  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) write(cwd, name, text);
    started = await startIn(cwd, more);
  });
  afterAll(() => started.session.stop());
  return () => {
    showFacts(started.session);
    return started;
  };
}

/** The first fact of a type from now on, when `act` has been done. */
function factAfter<Type extends Fact["type"]>(session: DevSession, type: Type, act: () => void) {
  return new Promise<Extract<Entry, { type: Type }>>((resolve) => {
    const unsubscribe = session.journal.subscribe((entry) => {
      if (entry.type !== type) return;
      unsubscribe();
      resolve(entry as Extract<Entry, { type: Type }>);
    });
    act();
  });
}

describe("a session that runs", () => {
  const running = sharedSession({
    "wsgw.config.json": definitionOf({
      ask: { handler: "ask.handler" },
      other: { handler: "other.handler" },
      plain: { handler: "plain/app.handler" },
      moved: { handler: "moved.handler" },
    }),
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
    "ask.ts": answering('"one"'),
    "other.ts": answering('"old"'),
    "plain/package.json": '{"type":"module"}',
    "plain/app.js":
      'import { word } from "./word.js";\nexport const handler = async () => ({ statusCode: 200, body: word });\n',
    "plain/word.js": 'export const word = "one";\n',
    "moved.js": 'exports.handler = async () => ({ statusCode: 200, body: "one" });\n',
    "lib/other.ts": "",
    "elsewhere/moved.ts": 'export const word: string = "came";\n',
  });

  test("a changed TypeScript handler runs from the next message on, with the connection kept", async () => {
    const { session, ask, write } = running();
    expect(await ask()).toBe("one");

    const reloaded = await factAfter(session, "code.reloaded", () =>
      write("ask.ts", answering('"two"')),
    );

    expect(reloaded).toMatchObject({ functionNames: ["ask"], file: "ask.ts" });
    expect(await ask()).toBe("two");
    expect(session.journal.entries().some(({ type }) => type === "connection.closed")).toBe(false);
  });

  test("a changed file that a plain JavaScript handler loads counts too", async () => {
    const { session, ask, write } = running();
    expect(await ask("plain")).toBe("one");

    await factAfter(session, "code.reloaded", () =>
      write("plain/word.js", 'export const word = "two";\n'),
    );

    expect(await ask("plain")).toBe("two");
  });

  test("reports a syntax error with its place and keeps the old code until it is fixed", async () => {
    const { session, ask, write } = running();
    await factAfter(session, "code.reloaded", () => write("ask.ts", answering('"right"')));

    const broken = await factAfter(session, "project.broken", () =>
      write("ask.ts", "export const handler = async () => ({\n"),
    );
    expect(broken.message).toMatch(/ask\.ts:2:\d+: /);
    expect(broken.hint).toContain("The previous code keeps running.");
    expect(await ask()).toBe("right");
    await factAfter(session, "code.reloaded", () => write("ask.ts", answering('"fixed"')));

    expect(await ask()).toBe("fixed");
  });

  test.each([
    ["ask.ts", "./word.ts", "word.ts"],
    ["ask.ts", "./name.js", "name.ts"],
    ["ask.ts", "./words", "words/index.ts"],
  ])(
    "code that lacks a file is built once the file comes: %s imports %s",
    { tags: ["journey"] },
    async (_, path, file) => {
      const { session, ask, write } = running();
      const broken = await factAfter(session, "project.broken", () =>
        write("ask.ts", `import { word } from "${path}";\n${answering("word")}`),
      );
      expect(broken.message).toContain(`Could not resolve "${path}"`);

      const reloaded = await factAfter(session, "code.reloaded", () =>
        write(file, `export const word: string = "${file} came";\n`),
      );

      expect(reloaded).toMatchObject({ functionNames: ["ask"], file });
      expect(await ask()).toBe(`${file} came`);
    },
  );

  test.each([
    ["comes", "word", "lib/word.ts", 'export const word: string = "came";\n'],
    [
      "is elsewhere, as tsconfig.json says then",
      "moved",
      "tsconfig.json",
      '{ "compilerOptions": { "paths": { "@lib/*": ["./elsewhere/*"] } } }',
    ],
  ])(
    "code that lacks a file by an alias is built once that %s",
    { tags: ["journey"] },
    async (_, name, file, text) => {
      const { session, ask, write } = running();
      await factAfter(session, "code.reloaded", () =>
        write("ask.ts", `import { word } from "@lib/${name}";\n${answering("word")}`),
      );
      expect(await ask()).toMatch("Internal server error");

      const reloaded = await factAfter(session, "code.reloaded", () => write(file, text));

      expect(reloaded).toMatchObject({ functionNames: expect.arrayContaining(["ask"]), file });
      expect(await ask()).toBe("came");
    },
  );

  test("a new file that is broken is built once it is fixed, and what is saved meanwhile is served", {
    tags: ["journey"],
  }, async () => {
    const { session, ask, write } = running();
    await factAfter(session, "code.reloaded", () => write("ask.ts", answering('"before"')));
    write("new.ts", "export const word: string = ;\n");
    await factAfter(session, "project.broken", () =>
      write("ask.ts", `import { word } from "./new.ts";\n${answering("word")}`),
    );
    await factAfter(session, "code.reloaded", () => write("other.ts", answering('"new"')));
    expect([await ask(), await ask("other")]).toEqual(["before", "new"]);

    await factAfter(session, "code.reloaded", () =>
      write("new.ts", 'export const word: string = "fixed";\n'),
    );

    expect([await ask(), await ask("other")]).toEqual(["fixed", "new"]);
  });

  test("nothing of the developer's shell leaks into a handler", async () => {
    expect(process.env.VITEST).toBeDefined();
    const { session, ask, write } = running();

    await factAfter(session, "code.reloaded", () =>
      write("ask.ts", answering("String(process.env.VITEST)")),
    );

    expect(await ask()).toBe("undefined");
  });

  test("a handler whose file is replaced by one of another kind runs again", {
    tags: ["journey"],
  }, async () => {
    const { cwd, session, ask, write } = running();
    expect(await ask("moved")).toBe("one");

    await factAfter(session, "code.reloaded", () => {
      write("moved.ts", answering('"two"'));
      rmSync(join(cwd, "moved.js"));
    });

    expect(await ask("moved")).toBe("two");
  });
});

test("the previous code keeps running in new environments too when the saved file lacks the handler", {
  tags: ["journey"],
}, async () => {
  const half = "export const other = 1;\n";
  const whole = `${half}let count = 0;
export const handler = async () => ++count > 1 ? process.exit() : { statusCode: 200, body: "whole" };\n`;
  const { session, ask, write } = await start({ "wsgw.config.json": ASK, "ask.ts": whole });
  expect(await ask()).toBe("whole");

  const broken = await factAfter(session, "project.broken", () => write("ask.ts", half));

  expect(broken.message).toContain("exports other");
  expect(broken.hint).toContain("The previous code keeps running.");
  expect(await ask()).toContain("Internal server error"); // its environment ends
  expect(await ask()).toBe("whole");
});

describe("a session whose functions cannot run at the start", () => {
  const running = sharedSession({
    "wsgw.config.json": definitionOf({
      broken: { handler: "broken.handler" },
      absent: { handler: "absent.handler" },
      lacks: { handler: "lacks.handler" },
      packaged: { handler: "packaged.handler" },
    }),
    "broken.ts": "export const = 1;\n",
    "packaged.ts": `import { word } from "words";\n${answering("word")}`,
    "lacks.js":
      'exports.handler = async () => ({ statusCode: 200, body: require("./word").word });\n',
  });
  const isRunnable = ({ functions }: DevSession, name: string) =>
    functions.find((each) => each.name === name)?.runnable;

  test("a function that is broken at the start runs from the save on that repairs it", async () => {
    const { session, ask, write } = running();
    expect(await ask("broken")).toMatch("Internal server error");
    expect(isRunnable(session, "broken")).toBe(false);

    await factAfter(session, "code.reloaded", () => write("broken.ts", answering('"repaired"')));

    expect(await ask("broken")).toBe("repaired");
    expect(isRunnable(session, "broken")).toBe(true);
  });

  test("a function that has no file at the start runs from the moment on that the file comes", async () => {
    const { session, ask, write } = running();
    expect(await ask("absent")).toMatch("Internal server error");

    await factAfter(session, "code.reloaded", () => write("absent.ts", answering('"came"')));

    expect(await ask("absent")).toBe("came");
  });

  test("a function can run from the moment its missing package is installed", async () => {
    const { session, ask, write } = running();
    expect(session.functions.find(({ name }) => name === "packaged")).toMatchObject({
      runnable: false,
      because: expect.stringContaining('"words"'),
    });

    await factAfter(session, "code.reloaded", () => {
      write("node_modules/words/index.js", 'exports.word = "installed";\n');
      write("node_modules/words/package.json", '{ "name": "words" }');
    });

    expect(isRunnable(session, "packaged")).toBe(true);
    expect(await ask("packaged")).toBe("installed");
  });

  test("a file that plain JavaScript asks for counts from the moment it comes", {
    tags: ["journey"],
  }, async () => {
    const { session, ask, write } = running();

    for (const word of ["came", "changed"]) {
      await factAfter(session, "code.reloaded", () =>
        write("word.js", `exports.word = "${word}";\n`),
      );
      expect(await ask("lacks")).toBe(word);
    }
  });
});

/** Serves the definition of the start again after each test. */
function restoreAfterEach(
  running: () => Awaited<ReturnType<typeof startIn>>,
  file: string,
  textOf: (save: number) => string,
): void {
  let saves = 0;
  afterEach(async () => {
    const { session, write } = running();
    saves += 1;
    await factAfter(session, "project.changed", () => write(file, textOf(saves)));
  });
}

describe("a session whose definition changes", () => {
  type Changed = {
    tables?: object;
    handler?: string;
    mood?: string;
    stage?: string;
    function?: string;
  };
  const definition = (changed: Changed = {}) =>
    JSON.stringify({
      name: "follow",
      routeSelectionExpression: "$request.body.action",
      stage: { name: changed.stage ?? "dev" },
      tables: { first: TABLE, ...changed.tables },
      functions: {
        ask: {
          handler: changed.handler ?? "ask.handler",
          environment: { MOOD: changed.mood ?? "calm" },
        },
      },
      routes: { ask: { function: changed.function ?? "ask", routeResponse: true } },
    });
  const running = sharedSession({
    "wsgw.config.json": definition(),
    "ask.ts": answering("process.env.MOOD"),
  });
  restoreAfterEach(running, "wsgw.config.json", (save) => definition() + "\n".repeat(save));

  test.each([
    ["that is missing comes", "missing", undefined],
    ["that is broken is fixed", "broken", "[{"],
  ])("a definition is served once a seed %s", async (_, table, text) => {
    const { session, write } = running();
    const seed = `seeds/${table}.json`;
    if (text !== undefined) write(seed, text);
    const broken = await factAfter(session, "project.broken", () =>
      write("wsgw.config.json", definition({ tables: { [table]: { ...TABLE, seed } } })),
    );
    expect(broken.message).toContain(seed);

    const changed = await factAfter(session, "project.changed", () => write(seed, '[{"id":"a"}]'));

    expect(changed).toMatchObject({ file: seed });
  });

  test("a changed definition is served at once; what needs a restart is named", async () => {
    const { session, ask, write } = running();
    expect(await ask()).toBe("calm");

    const changed = await factAfter(session, "project.changed", () =>
      write("wsgw.config.json", definition({ mood: "merry", stage: "prod" })),
    );

    expect(changed).toMatchObject({ file: "wsgw.config.json", needsRestart: ["stage.name"] });
    expect(await ask()).toBe("merry");
  });

  test("reports an invalid definition and keeps the old one", async () => {
    const { session, ask, write } = running();

    const broken = await factAfter(session, "project.broken", () =>
      write("wsgw.config.json", definition({ function: "task" })),
    );

    expect(broken.message).toContain("routes.ask.function: ");
    expect(broken.hint).toContain("The previous definition keeps running.");
    expect(await ask()).toBe("calm");
  });

  test("a table that is added to the definition is there at once", async () => {
    const { session, write } = running();

    const changed = await factAfter(session, "project.changed", () =>
      write("wsgw.config.json", definition({ tables: { second: TABLE } })),
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

  // The last ones, since they change the handler that the others ask.
  test.each([
    ["is missing", "late", undefined],
    ["is broken", "wrong", "export const = 1;\n"],
  ])(
    "a definition is served once a handler of it comes that %s",
    { tags: ["journey"] },
    async (_, name, text) => {
      const { session, ask, write } = running();
      if (text !== undefined) write(`${name}.ts`, text);
      await factAfter(session, "project.broken", () =>
        write("wsgw.config.json", definition({ handler: `${name}.handler` })),
      );
      await factAfter(session, "code.reloaded", () =>
        write("ask.ts", answering(`"meanwhile ${name}"`)),
      );
      expect(await ask()).toBe(`meanwhile ${name}`);

      await factAfter(session, "project.changed", () => write(`${name}.ts`, answering('"new"')));

      expect(await ask()).toBe("new");
    },
  );

  test("a changed definition is served although a handler of it imports a package that is not installed, which is reported", async () => {
    const { session, write } = running();
    write("lacking.ts", `import { word } from "absent-words";\n${answering("word")}`);

    const broken = await factAfter(session, "project.broken", () =>
      write("wsgw.config.json", definition({ handler: "lacking.handler" })),
    );

    expect(broken.message).toContain('lacking.ts:1:22: Could not resolve "absent-words"');
    expect(broken.hint).toBe("Run npm install absent-words.");
    expect(session.journal.entries().at(-2)).toMatchObject({ type: "project.changed" });
  });
});

describe("a session whose config file changes", () => {
  const running = sharedSession({
    "wsgw.config.ts": CONFIG,
    "ask.ts": answering("process.env.MOOD"),
  });
  restoreAfterEach(running, "wsgw.config.ts", (save) => `${CONFIG}// ${save}\n`);

  test("a definition that lacks a file is served once the file comes", {
    tags: ["journey"],
  }, async () => {
    const { session, ask, write } = running();
    await factAfter(session, "project.broken", () =>
      write(
        "wsgw.config.ts",
        `import { mood } from "./mood.ts";\n${CONFIG.replace('"calm"', "mood")}`,
      ),
    );

    await factAfter(session, "project.changed", () =>
      write("mood.ts", 'export const mood: string = "merry";\n'),
    );

    expect(await ask()).toBe("merry");
  });

  test.each([
    ["throws later", 'setTimeout(() => { throw new Error("later"); }, 1);'],
    ["pollutes every object", "Object.prototype.polluted = { then: 1 };"],
  ])(
    "a definition whose code %s is served, and the gateway runs on",
    { tags: ["journey"] },
    async (_, code) => {
      const { session, ask, write } = running();

      await factAfter(session, "project.changed", () =>
        write("wsgw.config.ts", code + CONFIG.replace("calm", "new")),
      );

      expect(await ask()).toBe("new");
      expect("polluted" in {}).toBe(false);
    },
  );

  test("a definition that ends its process or never finishes stops nothing, and its repair is served at once", {
    tags: ["journey"],
  }, async () => {
    const { cwd, session, ask, write } = running();

    const broken = await factAfter(session, "project.broken", () =>
      write("wsgw.config.ts", "process.exit();"),
    );
    expect(broken.message).toContain("exits with code 0 before there is a definition");
    expect(await ask()).toBe("calm");

    const loops = join(cwd, "loops");
    write(
      "wsgw.config.ts",
      `require("node:fs").writeFileSync(${JSON.stringify(loops)}, ""); while (true); ${CONFIG}`,
    );
    await expect.poll(() => existsSync(loops)).toBe(true);
    await factAfter(session, "project.changed", () =>
      write("wsgw.config.ts", CONFIG.replace("calm", "fixed")),
    );

    expect(await ask()).toBe("fixed");
  });
});

test("what is saved while the definition is read counts, at the start and afterwards", {
  tags: ["journey"],
}, async () => {
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
  if (!changed("first.ts")) await factAfter(session, "project.changed", () => {});
  expect(await ask()).toBe("late");

  writeFileSync(join(cwd, "wsgw.config.ts"), writing("second.ts"));
  while (!changed("second.ts")) await factAfter(session, "project.changed", () => {});

  expect(await ask()).toBe("late");
});

test("a file that grows after each reload that it causes is ignored, with a warning", async () => {
  const { cwd, session } = await start({
    "wsgw.config.json": definitionOf({
      ask: { handler: "ask", command: ["sh", "run.sh"], code: "program" },
    }),
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

  const warning = await factAfter(session, "warning", () => appendFileSync(out, "A line\n"));
  expect(warning.message).toMatch(/^program\/out\.txt grows after each reload/);
  const before = reloads;
  appendFileSync(out, "More\n");
  const next = await factAfter(session, "code.reloaded", () =>
    writeFileSync(join(cwd, "program/run.sh"), "exit 0\n"),
  );

  expect(next.file).toBe("program/run.sh");
  expect(reloads).toBe(before);
});

describe("a session with an env file", () => {
  const running = sharedSession(
    {
      "wsgw.config.json": JSON.stringify({
        ...JSON.parse(ASK),
        tables: { rooms: TABLE },
        functions: {
          ask: {
            handler: "ask.handler",
            environment: { MOOD: "calm", ROOMS: { ref: "table.rooms.name" } },
          },
        },
      }),
      "ask.ts": answering("`${process.env.MOOD} ${process.env.OTHER} ${process.env.ROOMS}`"),
      "dev.env": "MOOD=sunny\nOTHER=x\nROOMS=live-rooms\n",
    },
    { envFile: "dev.env" },
  );
  const warnings = ({ journal }: DevSession) =>
    journal.entries().flatMap((fact) => (fact.type === "warning" ? [fact.message] : []));

  test("an env file gives declared variables their values and names undeclared ones", async () => {
    const { session, ask } = running();

    expect(await ask()).toMatch(/^sunny undefined /);
    expect(warnings(session)).toContainEqual(expect.stringContaining("OTHER"));
  });

  test("an env file leaves a reference to a table as it is, and says so", async () => {
    const { session, ask } = running();

    expect(await ask()).toMatch(/ follow-rooms$/);
    expect(warnings(session)).toEqual([
      expect.stringContaining("OTHER"),
      expect.stringContaining("dev.env sets ROOMS (table.rooms.name), "),
    ]);
  });
});

test("other commands find the gateway while it runs, and no longer", async () => {
  const { cwd, session } = await start({ "wsgw.config.json": ASK, "ask.ts": answering('"one"') });

  const [found] = await findRunning(join(cwd));
  expect(found).toMatchObject({ url: session.url, pid: process.pid });
  await session.stop();

  expect(await findRunning(cwd)).toEqual([]);
  expect(readdirSync(join(cwd, ".wsgw", "running"))).toEqual([]);
});

test("what a changed template has that is not served here is said at once, and in the session", {
  tags: ["journey"],
}, async () => {
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
    { template: "template.yaml", stateDir: temporaryDirectory() },
  );
  expect(await ask()).toBe("one");
  expect(session.source.triggers).toEqual([]);

  const warned = await factAfter(session, "warning", () =>
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

test("rejects a request to the path of an HTTP API, and a line says how to run its function", {
  tags: ["journey"],
}, async () => {
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
