import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { CheckUp } from "../../../src/doctor/check-up.ts";
import { listen } from "../../listen.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { runMain } from "../run-main.ts";
import { startLocalChat } from "../send/local-chat.ts";

const DEFINITION = {
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { talk: { handler: "handlers.talk" } },
  routes: { talk: { function: "talk" } },
};

async function project(definition: object = DEFINITION): Promise<string> {
  const root = temporaryDirectory();
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(definition));
  await writeFile(join(root, "handlers.js"), "exports.talk = async () => ({ statusCode: 200 });\n");
  return root;
}

function doctor(cwd: string, argv: readonly string[] = ["--port", "0"], env = {}) {
  return runMain(["doctor", ...argv], { cwd, env: { HOME: join(cwd, "home"), ...env } });
}

test("reports a valid project line by line, and leaves nothing behind", async () => {
  const root = await project();

  const { exitCode, out, err } = await doctor(root);

  expect([exitCode, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^✓ Node [\d.]+; wsgw needs >=20\.19\.\n✓ wsgw\.config\.json defines the API chat\.\n/,
  );
  expect(out).toContain("✓ The handler of 1 function is there.");
  expect(out).toContain("✓ Port 0 uses any free port.\n✓ No gateway of this project runs.\n");
  expect(out).toContain("✓ No certificate authority yet. The first wsgw dev creates it.\n");
  expect(out).toMatch(
    /^! No AWS credentials found.*\n {2}For wsgw deploy, sign in .*AWS_SECRET_ACCESS_KEY\.$/m,
  );
  expect(out).toMatch(/^[✓!] .*\.wsgw is writable; \d+ MB free\.$|nearly full/m);
  expect((await readdir(root)).sort()).toEqual(["handlers.js", "wsgw.config.json"]);
});

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  ChatApi:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref ChatApi, RouteKey: $default }
  Talk:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: talk/, Handler: app.handler, Runtime: nodejs16.x }
  Hear:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hear/, Handler: app.handler, Runtime: nodejs16.x }
  Count:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: hear/, Handler: app.handler, Runtime: nodejs24.x }
  Report:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: s3://bucket/report.zip, Handler: app.handler, Runtime: nodejs24.x }
  Clean:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: s3://bucket/clean.zip, Handler: app.handler, Runtime: nodejs24.x }
`;

test("warns an existing project about retired runtimes, code in S3 and missing packages", async () => {
  const root = temporaryDirectory();
  const files = {
    "template.yaml": TEMPLATE,
    "package.json": '{"dependencies":{"here":"1"},"devDependencies":{"jest":"1"}}',
    "node_modules/here/index.js": "",
    "talk/app.js": 'exports.handler = () => require("ulid");',
    "talk/package.json": '{"dependencies":{"ulid":"1","here":"1"}}',
    "hear/app.js": "exports.handler = () => {};",
    "hear/package.json": '{"dependencies":{"ws":"1","ulid":"1"}}',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }

  const { exitCode, out } = await doctor(root, ["--port", "0"], {
    XDG_CACHE_HOME: join(root, "cache"),
  });

  expect(exitCode).toBe(0);
  expect(out).toContain(`✓ The handlers of 3 functions are there.
! hear/package.json lists ws and ulid, which are not installed.
  Run npm install in hear.
! talk/package.json lists ulid, which is not installed.
  Run npm install in talk.
! Lambda rejects new functions with nodejs16.x, the runtime of Talk and Hear.
  Change it to nodejs24.x.
! The code of Report and Clean is in S3, and wsgw does not download it.
  Set the directory of the code in wsgw.config.ts: fromTemplate("TEMPLATE", { functions: { Report: { root: "DIRECTORY" } } }).
`);
});

test("reports a blocking problem with what to do, and exits with 1", async () => {
  const root = await project({
    ...DEFINITION,
    functions: {
      talk: { handler: "gone.talk" },
      tell: { handler: "x", runtime: "java21", code: ".", command: ["no-such-program"] },
    },
  });

  const { exitCode, out } = await doctor(root, ["--port", "0", "--json"]);

  const { blocked, findings } = JSON.parse(out) as CheckUp;
  expect([exitCode, blocked]).toEqual([1, true]);
  expect(findings.filter(({ verdict }) => verdict === "blocked")).toEqual([
    expect.objectContaining({
      subject: "functions",
      said: expect.stringContaining("gone"),
      advice: "Correct each function above. docs/definition.md describes handlers and runtimes.",
    }),
    expect.objectContaining({
      subject: "functions",
      said: 'Function "tell" runs no-such-program, which is not on the PATH. Install it, or correct command.',
      advice: "docs/languages.md says what such a function needs.",
    }),
  ]);
});

test("an invalid or missing definition blocks, and the other checks still run", async () => {
  const root = await project({ ...DEFINITION, routes: { talk: { function: "tolk" } } });

  const faulty = await doctor(root);
  await rm(join(root, "wsgw.config.json"));
  const missing = await doctor(root);

  expect([faulty.exitCode, missing.exitCode]).toEqual([1, 1]);
  expect(faulty.out).toMatch(/^✗ .*tolk.*\n {2}Correct the definition/m);
  expect(missing.out).toMatch(/^✗ Neither .*\n {2}Create wsgw\.config\.ts/m);
  expect(missing.out).toContain("✓ No gateway of this project runs.");
});

test.each(["build", "certificates", "running"])(
  "a file in the place of .wsgw/%s blocks, as it keeps dev from starting",
  async (place) => {
    const root = await project();
    await mkdir(join(root, ".wsgw"));
    await writeFile(join(root, ".wsgw", place), "");

    const { exitCode, out } = await doctor(root);

    expect(exitCode).toBe(1);
    expect(out).toContain(
      `✗ ${join(root, ".wsgw", place)} cannot be written: a file is where a directory is needed (ENOTDIR).\n`,
    );
  },
);

test("a file in the place of .wsgw blocks", async () => {
  const root = await project();
  await writeFile(join(root, ".wsgw"), "");

  const { exitCode, out } = await doctor(root);

  expect(exitCode).toBe(1);
  expect(out).not.toMatch(/^✓ .*\.wsgw is writable/m);
});

test("items that a table cannot begin with block", async () => {
  const table = { partitionKey: { name: "id", type: "S" }, environmentVariable: "NOTES" };
  const root = await project({
    ...DEFINITION,
    tables: { notes: { ...table, seed: "notes.json" } },
  });

  const missing = await doctor(root);
  await writeFile(join(root, "notes.json"), '[{ "id": "a" }]');
  const sound = await doctor(root);

  expect(missing.exitCode).toBe(1);
  expect(missing.out).toMatch(/^✗ notes\.json, the seed of table notes, /m);
  expect(sound.exitCode).toBe(0);
});

test("a port that another process holds blocks, and the process is named", async () => {
  const port = await listen(createServer());

  const { exitCode, out } = await doctor(await project(), ["--port", `${port}`]);

  expect(exitCode).toBe(1);
  expect(out).toMatch(
    new RegExp(`^✗ Port ${port} is in use by (process ${process.pid} |a process)`, "m"),
  );
});

test("with --port auto the next port that is free is named", async () => {
  const { exitCode, out } = await doctor(await project(), ["--port", "auto"]);

  expect(exitCode).toBe(0);
  expect(out).toMatch(/^✓ Port 3\d\d\d is free\.$/m);
});

test("the gateway of the project may hold the port, and its authority is found", async () => {
  const chat = await startLocalChat();
  onTestFinished(() => chat.stop());

  const { exitCode, out } = await doctor(chat.root, ["--port", `${chat.emulator.port}`]);

  expect(out).toMatch(
    /^! Port \d+ is in use by the gateway of this project .*\n {2}For a second one, choose another port/m,
  );
  expect(out).toContain(`✓ A gateway of this project runs: ${chat.emulator.url}.`);
  expect(out).toMatch(/^✓ The certificate authority .+ is valid until \d{4}-\d\d-\d\d\.$/m);
  expect(exitCode).toBe(0);
});

test("credentials are named by their places, never by what they are", async () => {
  const root = await project();
  await mkdir(join(root, "home", ".aws"), { recursive: true });
  const secret = "aws_secret_access_key = verysecret";
  await writeFile(join(root, "home", ".aws", "credentials"), `[default]\n${secret}\n`);
  await writeFile(join(root, "home", ".aws", "config"), "[profile dev]\n[sso-session s]\n");

  const { out } = await doctor(root, ["--port", "0"], { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" });

  expect(out).toContain(
    "✓ AWS credentials found: AWS_ACCESS_KEY_ID of the environment; ~/.aws (default, dev). Functions on this machine do not get them",
  );
  expect(out).not.toMatch(/verysecret|AKIDEXAMPLE/);
});

test("code that cannot be built or lacks its export blocks, and nothing is left behind", async () => {
  const root = await project({
    ...DEFINITION,
    functions: { talk: { handler: "talk.handler" }, tell: { handler: "handlers.tell" } },
  });
  await writeFile(join(root, "talk.ts"), "export const = 1;\n");

  const { exitCode, out } = await doctor(root);

  expect(exitCode).toBe(1);
  expect(out).toMatch(/^✗ .*talk\.ts:1:14: Expected identifier but found "="$/m);
  expect(out).toMatch(
    /^✗ Function "tell" has the handler handlers\.tell, but .* exports talk\. Export "tell"/m,
  );
  expect(await readdir(root)).not.toContain(".wsgw");
});

test.each(["handlers.js", "handlers.ts"])(
  "an import of a package that is not installed blocks (%s)",
  async (name) => {
    const root = await project();
    await rm(join(root, "handlers.js"));
    await writeFile(join(root, "package.json"), '{ "type": "module" }');
    await writeFile(
      join(root, name),
      'import left from "left-pad";\nexport const talk = async () => left;\n',
    );

    const { exitCode, out } = await doctor(root);

    expect(exitCode).toBe(1);
    expect(out).toContain(
      `✗ ${join(root, name)}:1:18: Could not resolve "left-pad"\n  Run npm install left-pad.\n`,
    );
    expect(out).not.toContain("✓ The handler");
  },
);

test("plain JavaScript with a syntax error blocks", async () => {
  const root = await project({ ...DEFINITION, functions: { talk: { handler: "talk.handler" } } });
  await writeFile(join(root, "talk.js"), "exports.handler = async () => {\n");

  const { exitCode, out } = await doctor(root);

  expect(exitCode).toBe(1);
  expect(out).toMatch(/^✗ .*talk\.js:2:1: Unexpected end of file$/m);
});

test("an authority that is broken is warned of", async () => {
  const root = await project();
  await mkdir(join(root, ".wsgw", "certificates"), { recursive: true });
  await writeFile(join(root, ".wsgw", "certificates", "authority.pem"), "nonsense");

  const { exitCode, out } = await doctor(root);

  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /^! .*authority\.pem does not contain a usable authority\.\n {2}The next wsgw dev/m,
  );
});

test("checks the authorities of all custom names of an API, each once", async () => {
  const { routeSelectionExpression, routes, name, functions } = DEFINITION;
  const api = (mappingKey: string, hosts: readonly string[]) => ({
    routeSelectionExpression,
    routes,
    stages: { dev: {} },
    customDomain: { name: "chat.example.test", mappingKey },
    hosts,
  });
  const apis = { one: api("v1", ["one.example.test"]), two: api("v2", []) };
  const root = await project({ name, functions, apis });
  await mkdir(join(root, ".wsgw", "certificates"), { recursive: true });
  for (const domain of ["chat", "one"]) {
    const file = join(root, ".wsgw", "certificates", `authority-${domain}.example.test.pem`);
    await writeFile(file, "nonsense");
  }

  const { out } = await doctor(root);

  const broken = [...out.matchAll(/authority-(.*)\.pem does not contain a usable authority/g)];
  expect(broken.map(([, domain]) => domain)).toEqual(["chat.example.test", "one.example.test"]);
});
