import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, type Readable } from "node:stream";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { main } from "../../cli/main.ts";
import { buildLambdaChild } from "../contracts/lambda-setup.ts";
import { project } from "../readers/projects.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { fakeIo } from "./fake-io.ts";
import { runMain } from "./run-main.ts";

// Apart, for each project has a cache directory of its own, which an environment variable names. Commands run in this
// process: processes.test.ts and the journeys of whole projects start them as programs.

beforeAll(buildLambdaChild);

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Greeting: { Type: String }
Resources:
  ChatApi:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: chat
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: $request.body.action
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref ChatApi, StageName: dev, AutoDeploy: true }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref ChatApi
      RouteKey: hello
      RouteResponseSelectionExpression: $default
      Target: !Join ["/", [integrations, !Ref Hello]]
  Hello:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref ChatApi
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${HelloFunction.Arn}/invocations
  HelloFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: nodejs24.x
      Environment: { Variables: { GREETING: !Ref Greeting } }
      Events:
        Work: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
  Jobs: { Type: AWS::SQS::Queue }
`;

const HANDLER = `
import { loud } from "loud";
type Message = { name: string };
export const handler = async (event: { body: string }) => {
  const { name }: Message = JSON.parse(event.body);
  return { statusCode: 200, body: loud(\`\${process.env.GREETING} \${name}\`) };
};
`;

const SAMCONFIG = `version = 0.1
[default.deploy.parameters]
parameter_overrides = "Greeting=hello"
`;

/** A project as people have it: a template, TypeScript, a package, a repository. And a cache directory. */
function chat(more: Readonly<Record<string, string>> = {}) {
  const made = project({
    "template.yaml": TEMPLATE,
    "samconfig.toml": SAMCONFIG,
    "src/app.ts": HANDLER,
    "package.json": '{ "name": "chat" }',
    ".gitignore": "node_modules\n",
    "node_modules/loud/package.json": '{ "name": "loud", "main": "index.js" }',
    "node_modules/loud/index.js": "exports.loud = (text) => text.toUpperCase();",
    ...more,
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.email=a@b.c", "-c", "user.name=a", ...args], {
      cwd: made.root,
    }).toString();
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "all");
  const cache = temporaryDirectory();
  vi.stubEnv("XDG_CACHE_HOME", cache);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { ...made, cache, git };
}

/** Starts `wsgw dev` and waits until it is ready; it is stopped with the test. */
async function dev(cwd: string, ...more: string[]) {
  const stdout = new PassThrough();
  const io = fakeIo({ cwd, stdout, env: process.env });
  const gone = main(["dev", "--port", "0", "--json", ...more], io);
  void gone.then(() => stdout.end());
  const stop = async () => {
    io.signal();
    await gone;
  };
  onTestFinished(stop);
  const facts = factsIn(stdout);
  const { value: ready } = await facts.next();
  if (ready?.type !== "ready") throw new Error(`wsgw dev ended: ${io.err()}`);
  return { ready, stop, facts, changes: ofType("project.changed", facts) };
}

type Fact = { readonly type: string; readonly [field: string]: unknown };

async function* factsIn(output: Readable): AsyncGenerator<Fact> {
  for await (const line of createInterface(output)) yield JSON.parse(line);
}

async function* ofType(type: string, facts: AsyncGenerator<Fact>): AsyncGenerator<Fact> {
  for await (const fact of facts) if (fact.type === type) yield fact;
}

const run = (cwd: string, ...argv: string[]) => runMain(argv, { cwd, env: process.env });

const ASK = ["send", "-x", '{"action":"hello","name":"ann"}', "-n", "1", "-t", "1m"];

test("runs a project with a template as it is, and writes nothing into it", async () => {
  const made = chat();
  const before = made.git("status", "--porcelain", "--ignored");
  mkdirSync(made.path("src/deep"), { recursive: true });

  const { ready, stop } = await dev(made.root);

  expect(ready).toMatchObject({
    source: { kind: "sam", file: made.path("template.yaml") },
    triggers: [{ kind: "queue", from: "Jobs", function: "HelloFunction" }],
    httpApis: [],
    notServed: [],
  });
  expect(await run(made.root, ...ASK)).toMatchObject({ exitCode: 0, out: "HELLO ANN\n" });
  expect(await run(made.path("src/deep"), ...ASK)).toMatchObject({ out: "HELLO ANN\n" });
  await stop();
  expect(made.git("status", "--porcelain", "--ignored")).toBe(before);
  const [directory = ""] = readdirSync(join(made.cache, "wsgw"));
  expect(readdirSync(join(made.cache, "wsgw", directory))).toEqual(
    expect.arrayContaining(["build", "certificates", "running"]),
  );
});

test("follows the template and samconfig.toml", { tags: ["journey"] }, async () => {
  const made = chat();
  const { changes } = await dev(made.root);

  made.write("samconfig.toml", SAMCONFIG.replace("hello", "moin"));
  expect(await changes.next()).toMatchObject({ value: { file: "samconfig.toml" } });
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "MOIN ANN\n" });

  made.write("template.yaml", TEMPLATE.replace("!Ref Greeting", "ahoy"));
  expect(await changes.next()).toMatchObject({ value: { file: "template.yaml" } });
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "AHOY ANN\n" });
});

test("stays with its template when that is gone for a while and another one comes", {
  tags: ["journey"],
}, async () => {
  const made = chat();
  const { facts } = await dev(made.root);
  const next = (type: string) => ofType(type, facts).next();

  rmSync(made.path("template.yaml"));
  expect(await next("project.broken")).toMatchObject({
    value: { message: `The template ${made.path("template.yaml")} does not exist.` },
  });
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "HELLO ANN\n" });

  made.write("other.template.yaml", TEMPLATE);
  made.write("template.yaml", TEMPLATE.replace("!Ref Greeting", "ahoy"));
  expect(await next("project.changed")).toMatchObject({ value: { file: "template.yaml" } });
  rmSync(made.path("other.template.yaml"));
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "AHOY ANN\n" });
});

test("says when a function of a changed template has no code, and serves it as soon as it has", {
  tags: ["journey"],
}, async () => {
  const made = chat();
  const { facts } = await dev(made.root);
  const next = (type: string) => ofType(type, facts).next();

  made.write("template.yaml", TEMPLATE.replace("CodeUri: src/", "CodeUri: lib/"));
  expect(await next("warning")).toMatchObject({
    value: {
      message: expect.stringMatching(
        /^function \S+-HelloFunction has its code in lib\/, which does not exist; route hello of ChatApi runs without it, template\.yaml:\d+:\d+$/,
      ),
    },
  });

  made.write("lib/app.ts", HANDLER);
  expect(await next("project.changed")).toMatchObject({ value: { file: "lib" } });
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "HELLO ANN\n" });
});

test("warns of the template once, not at every save", { tags: ["journey"] }, async () => {
  const made = chat();
  const old = TEMPLATE.replace("nodejs24.x", "nodejs12.x");
  made.write("template.yaml", old);
  const { facts } = await dev(made.root);

  made.write("template.yaml", old.replace("!Ref Greeting", "ahoy"));

  const until: unknown[] = [];
  for await (const { type } of facts) {
    if (type === "project.changed") break;
    until.push(type);
  }
  expect(until.filter((type) => type === "warning")).toHaveLength(1);
});

test("--state-dir says where state is kept, and where the gateway is found", {
  tags: ["journey"],
}, async () => {
  const made = chat();
  const state = join(temporaryDirectory(), "state");
  await dev(made.root, "--state-dir", state);

  expect(await run(made.root, ...ASK, "--state-dir", state)).toMatchObject({
    out: "HELLO ANN\n",
  });
  expect(readdirSync(state)).toContain("running");
  expect(readdirSync(made.cache)).toEqual([]);
});

test("a template that is named from elsewhere is found from there too", {
  tags: ["journey"],
}, async () => {
  const made = chat();
  const elsewhere = temporaryDirectory();
  await dev(elsewhere, "-t", made.path("template.yaml"));

  expect(await run(elsewhere, ...ASK)).toMatchObject({ out: "HELLO ANN\n" });
  expect(await run(made.root, ...ASK)).toMatchObject({ out: "HELLO ANN\n" });
  expect(readdirSync(elsewhere)).toEqual([]);
});

const IN_S3 = `
  Report:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: reports
      CodeUri: s3://code-bucket/report.zip
      Handler: app.handler
      Runtime: nodejs24.x
      Events:
        Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
  Clean:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: code-bucket, S3Key: clean.zip }
      Handler: app.handler
      Runtime: nodejs24.x
      Role: arn:aws:iam::123456789012:role/clean
  Picture:
    Type: AWS::Serverless::Function
    Properties: { PackageType: Image, ImageUri: picture }
`;

test.each([
  ["Report", "Report has its code in S3 (code-bucket/report.zip)", "functions: { Report: { root:"],
  [
    "reports",
    "reports has its code in S3 (code-bucket/report.zip)",
    "functions: { Report: { root:",
  ],
  ["Clean", "Clean has its code in S3 (code-bucket/clean.zip)", "functions: { Clean: { root:"],
  ["Picture", "Picture is a container image", "the program that runs it as command"],
])(
  "invoke says why a function of a template does not run here: %s",
  { tags: ["journey"] },
  async (name, why, how) => {
    const made = chat({ "template.yaml": TEMPLATE + IN_S3, "event.json": "{}" });

    const { err, exitCode } = await run(made.root, "invoke", name, "--event", "event.json");

    expect(exitCode).toBe(1);
    expect(err).toContain(why.replace(/^\S+/, (asked) => `✗ Function "${asked}"`));
    expect(err).toContain(how);
  },
);

test("a function with code in S3 runs with the directory that its author sets", {
  tags: ["journey"],
}, async () => {
  const made = chat({
    "template.yaml": TEMPLATE + IN_S3,
    "wsgw.config.mjs":
      'export default { template: "template.yaml", functions: { Report: { root: "report" } } };',
    "report/app.js": "exports.handler = async () => 'reported';",
    "event.json": "{}",
  });

  const { out } = await run(made.root, "invoke", "reports", "--event", "event.json");

  expect(JSON.parse(out)).toBe("reported");
});

test("dev does not advise to invoke a function whose code is in S3", {
  tags: ["journey"],
}, async () => {
  const made = chat({ "template.yaml": TEMPLATE + IN_S3 });
  const { facts } = await dev(made.root);

  made.write("template.yaml", TEMPLATE + IN_S3.replace("Daily:", "Weekly:"));

  expect(await ofType("warning", facts).next()).toMatchObject({
    value: {
      message:
        "not delivered locally yet: schedule ReportWeekly; Report has its code in S3 (code-bucket/report.zip)",
    },
  });
});

test("takes SAM's own words for parameters and variables", { tags: ["journey"] }, async () => {
  const made = chat({ "vars.json": '{ "HelloFunction": { "GREETING": "moin" } }' });
  const message = '{"action":"hello","name":"ann"}';
  const invoke = (...more: string[]) =>
    run(made.root, "invoke", "HelloFunction", "--message", message, ...more);

  expect((await invoke("--parameter-overrides", "Greeting=hi", "Other=1")).out).toContain("HI ANN");
  expect((await invoke("--parameter", "Greeting=ahoy")).out).toContain("AHOY ANN");
  expect((await invoke("-n", "vars.json")).out).toContain("MOIN ANN");
});

test("describe shows what is not delivered locally", async () => {
  const made = chat();

  const { out } = await run(made.root, "describe");

  expect(out).toContain("Triggers, not delivered locally yet\n  queue Jobs -> HelloFunction");
});

test("deploy --noop writes what would be sent, and nothing into the project", async () => {
  const made = chat();
  const out = temporaryDirectory();

  const { exitCode, out: text } = await run(made.root, "deploy", "--noop", "--out", out);

  expect(exitCode).toBe(0);
  expect(text).toContain("from template.yaml");
  expect(text).toContain("template.yaml is the only file here that defines a WebSocket API.");
  expect(readdirSync(out).sort()).toEqual([
    "HelloFunction.zip",
    "manifest.json",
    "summary.txt",
    "template.json",
  ]);
});

test("deploy --noop shows the whole path of a directory outside the project", async () => {
  const made = chat();

  const { out } = await run(made.root, "deploy", "--noop");

  expect(out).toMatch(/^Nothing was sent\. Written to \/\S+\/deploy\/\S+ in /m);
  expect(out).not.toContain("../");
});

test.each([
  ["deploy --code-only --stack-name chat", "--code-only works with a config file"],
  ["deploy --stage prod", "--stage works with a config file"],
  ["diff --stage prod", "--stage works with a config file"],
  ["deploy", "Which stack? Set it with --stack-name, or in samconfig.toml."],
])(
  "rejects %s for a template, with what to do",
  { tags: ["journey"] },
  async (command, message) => {
    const made = chat();

    const { exitCode, err } = await run(made.root, ...command.split(" "));

    expect(exitCode).toBe(1);
    expect(err).toContain(message);
  },
);

test("rejects options of templates with a config file", async () => {
  const made = chat({ "wsgw.config.json": "{}" });

  expect(await run(made.root, "describe", "--parameter", "Greeting=hi")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("--parameter-overrides works with a template"),
  });
  expect(await run(made.root, "describe", "-c", "x.json", "-t", "y.yaml")).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining("cannot be combined"),
  });
});
