import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "../../../src/client/client.ts";
import type { ProjectDefinition } from "../../../src/definition/written.ts";
import { startDev } from "../../../src/emulator/dev.ts";
import { type LoadOptions, loadDefinition } from "../../../src/emulator/load-project.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { project } from "../projects.ts";

const SERVICE = `service: chat
provider:
  name: aws
  runtime: nodejs22.x
  environment:
    MOOD: \${moods:calm}
functions:
  ask:
    handler: src/ask.handler
    events:
      - websocket: { route: ask, routeResponseSelectionExpression: $default }
`;

/** In place of osls: resolves `${moods:…}` as a plugin would, and counts its runs. */
const PROGRAM = `
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2);
const valueOf = (name) => args[args.indexOf(name) + 1];
if (process.env.RUNS) appendFileSync(process.env.RUNS, args.join(" ") + "\\n");
while (existsSync("wait") && existsSync(readFileSync("wait", "utf8")));
const text = readFileSync(valueOf("--config"), "utf8");
const [, mood] = /moods:(\\w+)/.exec(text);
if (mood === "none") { console.error("Cannot resolve moods:none"); process.exit(1); }
if (mood === "account") { console.error("AWS provider credentials not found"); process.exit(1); }
const out = valueOf("--package");
mkdirSync(out, { recursive: true });
writeFileSync("written-beside", "");
const Type = "AWS::ApiGatewayV2";
const ApiId = { Ref: "WebsocketsApi" };
const code = { S3Bucket: { Ref: "ServerlessDeploymentBucket" }, S3Key: "serverless/chat/1/chat.zip" };
writeFileSync(join(out, "cloudformation-template-update-stack.json"), JSON.stringify({
  Resources: {
    AskLambdaFunction: { Type: "AWS::Lambda::Function", Properties: { Code: code, Handler: "src/ask.handler", Runtime: "nodejs22.x", FunctionName: "chat-dev-ask", Environment: { Variables: { MOOD: mood, KEYS: process.env.AWS_ACCESS_KEY_ID ?? "none" } } } },
    May: { Type: "AWS::Lambda::Permission", Properties: { Action: "lambda:InvokeFunction", FunctionName: { Ref: "AskLambdaFunction" }, Principal: "apigateway.amazonaws.com" } },
    WebsocketsApi: { Type: Type + "::Api", Properties: { Name: "dev-chat-websockets", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" } },
    Stage: { Type: Type + "::Stage", Properties: { ApiId, StageName: "dev" } },
    Route: { Type: Type + "::Route", Properties: { ApiId, RouteKey: "ask", RouteResponseSelectionExpression: "$default", Target: { "Fn::Join": ["/", ["integrations", { Ref: "Integration" }]] } } },
    Back: { Type: Type + "::RouteResponse", Properties: { ApiId, RouteId: { Ref: "Route" }, RouteResponseKey: "$default" } },
    Integration: { Type: Type + "::Integration", Properties: { ApiId, IntegrationType: "AWS_PROXY", IntegrationUri: { "Fn::GetAtt": ["AskLambdaFunction", "Arn"] } } },
  },
}));
writeFileSync(join(out, "serverless-state.json"), JSON.stringify({
  service: { service: "chat", provider: { stage: args.includes("--stage") ? valueOf("--stage") : "dev", region: "eu-north-1" } },
}));
`;

const CODE = "exports.handler = async () => ({ statusCode: 200, body: process.env.MOOD });\n";

/** A service with a variable that only a plugin knows. */
function service(files: Readonly<Record<string, string>> = {}, version = "4.3.1", name = "osls") {
  const made = project({
    "serverless.yml": SERVICE,
    "src/ask.js": CODE,
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      version,
      bin: { serverless: "run.cjs" },
    }),
    [`node_modules/${name}/run.cjs`]: PROGRAM,
    ...files,
  });
  const runs = join(temporaryDirectory(), "runs");
  vi.stubEnv("RUNS", runs);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const mood = (word: string) => made.write("serverless.yml", SERVICE.replace("calm", word));
  const linesOf = () =>
    existsSync(runs) ? readFileSync(runs, "utf8").split("\n").slice(0, -1) : [];
  return { ...made, mood, runs: linesOf, stateDir: temporaryDirectory() };
}

async function load(cwd: string, stateDir: string, more: Partial<LoadOptions> = {}) {
  const loaded = await loadDefinition({ cwd, template: "serverless.yml", stateDir, ...more });
  const definition = loaded.definition as ProjectDefinition;
  return { ...loaded, definition, fn: definition.functions?.AskLambdaFunction };
}

test("a service with a word of a plugin is packaged by the project's own osls, outside of the project", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  const { root, stateDir, runs } = service();
  const before = readdirSync(root, { recursive: true });
  const reports: string[] = [];

  const { definition, fn, source } = await load(root, stateDir, {
    parameters: { stage: "live", size: "big" },
    report: (text) => reports.push(text),
  });

  expect(fn?.environment).toMatchObject({ MOOD: "calm", KEYS: "none" });
  expect(fn?.root ?? ".").toBe(".");
  expect(definition).toMatchObject({ name: "chat-live", region: "eu-north-1" });
  expect(source.remarks).toEqual([
    "osls package read serverless.yml, which wsgw cannot read itself.",
  ]);
  expect(reports).toEqual(["Packaging the service: osls package"]);
  expect(runs()).toEqual([
    expect.stringMatching(
      /^package --package .* --config serverless\.yml --stage live --param size=big$/,
    ),
  ]);
  expect(readdirSync(root, { recursive: true })).toEqual(before);
});

test("is packaged once for several that read it, and again when a file or a value has changed", {
  tags: ["journey"],
}, async () => {
  const { root, stateDir, runs, mood } = service();

  await Promise.all([1, 2, 3].map(() => load(root, stateDir)));
  expect(runs()).toHaveLength(1);

  mood("glad");
  expect((await load(root, stateDir)).fn?.environment?.MOOD).toBe("glad");
  expect(runs()).toHaveLength(2);

  await load(root, stateDir, { parameters: { size: "big" } });
  expect(runs()).toHaveLength(3);
});

/** As if the author had run `serverless package` just now, with this mood. */
async function packagedByAuthor(made: ReturnType<typeof service>, mood: string) {
  const stateDir = temporaryDirectory();
  await load(made.root, stateDir);
  const directory = made.path(".serverless");
  cpSync(join(stateDir, "serverless/copy/in/.serverless"), directory, { recursive: true });
  const template = join(directory, "cloudformation-template-update-stack.json");
  writeFileSync(template, readFileSync(template, "utf8").replace("calm", mood));
  return template;
}

test("is not packaged where its author has done that since the last change", async () => {
  const made = service();
  await packagedByAuthor(made, "by hand");

  const { fn, source } = await load(made.root, made.stateDir);

  expect(fn?.environment?.MOOD).toBe("by hand");
  expect(source.remarks[0]).toMatch(
    /^wsgw cannot read serverless\.yml itself and reads \.serverless, written .* ago\./,
  );
  expect(made.runs()).toHaveLength(1);
});

test("says with the faults of the service why packaging it failed", async () => {
  const { root, stateDir, mood } = service();
  mood("none");

  await expect(load(root, stateDir)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(
      /serverless\.yml:6:\d+: .*\$\{moods:none\} has the source "moods"[\s\S]*osls package exits with code 1\.\n\s*Cannot resolve moods:none/,
    ),
  });
});

test("where packaging needs an account, what was packaged last is served at the start, and said to be old", {
  tags: ["journey"],
}, async () => {
  const made = service();
  made.mood("account");
  await expect(load(made.root, made.stateDir)).rejects.toThrow(
    "AWS provider credentials not found",
  );
  made.mood("calm");
  utimesSync(await packagedByAuthor(made, "of last year"), 1_700_000_000, 1_700_000_000);
  made.mood("account");

  const { fn, source } = await load(made.root, made.stateDir);

  expect(fn?.environment?.MOOD).toBe("of last year");
  expect(source.remarks[0]).toContain(
    "packaging it needs an account. To serve the current one, run serverless package",
  );
});

test("Serverless 3 packages, and Serverless 4 is only named", async () => {
  const third = service({}, "3.40.0", "serverless");
  expect((await load(third.root, third.stateDir)).fn?.environment?.MOOD).toBe("calm");
  expect(third.runs()).toHaveLength(1);

  const fourth = service({}, "4.17.0", "serverless");
  await expect(load(fourth.root, fourth.stateDir)).rejects.toThrow(
    "Serverless 4 needs a login to package. Run serverless package, and wsgw reads its output.",
  );
  expect(fourth.runs()).toEqual([]);
});

test("a service that wsgw can read by itself is not packaged", async () => {
  const { root, stateDir, runs, write } = service();
  write("serverless.yml", SERVICE.replace("${moods:calm}", "own"));

  expect((await load(root, stateDir)).fn?.environment?.MOOD).toBe("own");
  expect(runs()).toEqual([]);
});

test("a service whose script cannot be run is packaged too", async () => {
  const { root, stateDir, path } = service({
    "serverless.js": 'throw new Error("not here"); // moods:calm',
  });
  rmSync(path("serverless.yml"));

  const { fn } = await load(root, stateDir, { template: "serverless.js" });

  expect(fn?.environment?.MOOD).toBe("calm");
});

test("code whose file is not in the service runs from the zip file that was packaged", async () => {
  const { root, stateDir, path } = service();
  rmSync(path("src/ask.js"));

  const { source } = await load(root, stateDir);

  expect(source.unserved[0]?.why).toMatch(/has its code in .*chat\.zip, which does not exist/);
});

test("a save has it packaged again while the old code answers, and a handler's save is live without", {
  tags: ["journey"],
}, async () => {
  const { root, stateDir, mood, runs, write } = service();
  const gate = join(temporaryDirectory(), "gate");
  const session = await startDev({ cwd: root, port: 0, template: "serverless.yml", stateDir });
  onTestFinished(() => session.stop());
  const opening = await openClient(session.url);
  if (opening.kind === "refused") throw new Error(opening.body);
  const ask = () => {
    opening.client.send(JSON.stringify({ action: "ask" }));
    return opening.client.next();
  };
  expect(await ask()).toBe("calm");
  writeFileSync(gate, "");
  write("wait", gate);

  mood("sad");
  await expect.poll(() => runs().length).toBe(2);
  mood("glad");
  expect(await ask()).toBe("calm");
  rmSync(gate);

  await expect.poll(ask).toBe("glad");
  const before = runs().length;
  write("src/ask.js", CODE.replace("process.env.MOOD", "'live'"));
  await expect.poll(ask).toBe("live");
  expect(runs()).toHaveLength(before);
});
