import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { writeDeployment } from "../../../src/deploy/runs/noop.ts";
import { makeProject, writeFiles } from "../../bundle/project.ts";
import { buildCli } from "../../cli/build.ts";
import { sharedDirectory } from "../../temporary-directory.ts";
import { SHOP_FILES } from "../several.ts";

const CONFIG = {
  name: "hello",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { hello: { handler: "hello.handler" }, list: { handler: "src/list.all" } },
  routes: { hello: { function: "hello" }, list: { function: "list" } },
};
const FILES = {
  "wsgw.config.json": JSON.stringify(CONFIG),
  "hello.js": "exports.handler = async () => ({ statusCode: 200 });\n",
  "src/list.ts": "export const all = async (): Promise<object> => ({ statusCode: 200 });\n",
};

const root = sharedDirectory();
let cli: string;
/** What the project in `root` deploys. */
let first: Awaited<ReturnType<typeof writeDeployment>>;

beforeAll(async () => {
  cli = await buildCli();
  writeFiles(root, FILES);
  first = await writeDeployment({ cwd: root });
}, 60_000);

function bytesOf(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [
      name,
      readFileSync(join(directory, name)).toString("base64"),
    ]),
  );
}

test("writes the template, a zip for each function, a manifest and a summary, twice the same bytes", async () => {
  const before = bytesOf(first.directory);
  await writeDeployment({ cwd: root });

  expect(first.directory).toBe(join(root, ".wsgw/deploy/hello"));
  expect(Object.keys(before).sort()).toEqual([
    "hello.zip",
    "list.zip",
    "manifest.json",
    "summary.txt",
    "template.json",
  ]);
  expect(bytesOf(first.directory)).toEqual(before);
  const manifest = JSON.parse(readFileSync(join(first.directory, "manifest.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "hello", stage: "v1", buildId: first.buildId });
  expect(manifest.functions[1]).toMatchObject({
    name: "list",
    runtime: "nodejs24.x",
    handler: "index.all",
    zip: "list.zip",
    key: first.packaged[1]?.key,
    files: ["index.js", "index.js.map"],
  });
  expect(first.summary).toContain("  + AWS::ApiGatewayV2::Api  ");
});

test("the template calls each function as its zip is made, and sets no NODE_OPTIONS", async () => {
  const { template, packaged } = first;

  const functions = Object.values(template.Resources).filter(
    ({ Type }) => Type === "AWS::Lambda::Function",
  );
  expect(functions.map(({ Properties }) => Properties)).toEqual(
    [
      ["index.handler", packaged[0]?.key],
      ["index.all", packaged[1]?.key],
    ].map(([Handler, S3Key]) =>
      expect.objectContaining({
        Handler,
        Code: expect.objectContaining({ S3Key }),
      }),
    ),
  );
  expect(JSON.stringify(template)).not.toContain("NODE_OPTIONS");
});

test("wsgw deploy --noop warns of values that are right on this machine only, with their place", async () => {
  const hello = { handler: "hello.handler", environment: { API: "http://localhost:3000" } };
  const config = { ...CONFIG, functions: { ...CONFIG.functions, hello } };
  const text = JSON.stringify(config, undefined, 1);
  const { root } = makeProject({ ...FILES, "wsgw.config.json": text });

  const { warnings, summary } = await writeDeployment({ cwd: root });

  expect(warnings).toEqual([
    "wsgw.config.json:11:5: functions.hello.environment.API: contains localhost, which on AWS is the function's own execution environment. Set an address that it can reach there.",
  ]);
  expect(summary).toContain(warnings[0]);
});

test("13 (10): wsgw deploy --noop says that execution logs need a role of the account", async () => {
  const config = { ...CONFIG, stage: { ...CONFIG.stage, executionLog: { level: "ERROR" } } };
  const { root } = makeProject({ ...FILES, "wsgw.config.json": JSON.stringify(config) });

  const { warnings, summary } = await writeDeployment({ cwd: root });

  expect(warnings).toEqual([
    expect.stringContaining(
      'AWS says "CloudWatch Logs role ARN must be set in account settings to enable logging"',
    ),
  ]);
  expect(summary).toContain(warnings[0]);
});

test("rejects what AWS would not run, with its place", async () => {
  const hello = { handler: "hello.handler", runtime: "nodejs18.x" };
  const config = { ...CONFIG, functions: { ...CONFIG.functions, hello } };
  const { root } = makeProject({
    ...FILES,
    "wsgw.config.json": JSON.stringify(config, undefined, 1),
  });

  await expect(writeDeployment({ cwd: root })).rejects.toMatchObject({
    code: "NOT_DEPLOYABLE",
    message:
      "wsgw.config.json:10:4: functions.hello.runtime: Lambda rejects new functions with nodejs18.x; use nodejs24.x.",
  });
});

test("a configured output directory does not count as code, and loses stale zips", {
  tags: ["journey"],
}, async () => {
  const python = { handler: "app.handler", runtime: "python3.13" };
  const config = { ...CONFIG, functions: { ...CONFIG.functions, list: python } };
  const { root, write } = makeProject({ ...FILES, "app.py": "def handler(e, c): pass\n" });
  write("wsgw.config.json", JSON.stringify(config));
  write("out/mine.txt", "mine");
  const first = await writeDeployment({ cwd: root, out: "out" });
  const again = await writeDeployment({ cwd: root, out: "out" });
  expect(again.packaged[1]?.files).toEqual(["app.py", "hello.js", "src/list.ts"]);
  expect(again.buildId).toBe(first.buildId);

  const { hello } = CONFIG.routes;
  write(
    "wsgw.config.json",
    JSON.stringify({ ...config, functions: { hello: CONFIG.functions.hello }, routes: { hello } }),
  );
  await writeDeployment({ cwd: root, out: "out" });

  expect(readdirSync(join(root, "out")).sort()).toEqual([
    "hello.zip",
    "manifest.json",
    "mine.txt",
    "summary.txt",
    "template.json",
  ]);
});

test("does not write into the definition's directory", async () => {
  const { root } = makeProject(FILES);

  await expect(writeDeployment({ cwd: root, out: "." })).rejects.toMatchObject({
    code: "OUTPUT_UNUSABLE",
    message:
      "--out . is the definition's directory or a parent of it. Choose a directory for the output only.",
  });
  expect(existsSync(join(root, "manifest.json"))).toBe(false);
});

test("reports a file in the place of the output directory", async () => {
  const { root } = makeProject({ ...FILES, out: "a file" });

  await expect(writeDeployment({ cwd: root, out: "out" })).rejects.toMatchObject({
    code: "OUTPUT_UNUSABLE",
    message: `${join(root, "out")} cannot be written: a file is where a directory is needed (EEXIST).`,
  });
});

test("reports an unwritable project as an error that the user can fix", async () => {
  const { root } = makeProject({ ...FILES, ".wsgw": "a file where the folder should be" });

  await expect(writeDeployment({ cwd: root })).rejects.toMatchObject({
    code: "PROJECT_UNWRITABLE",
    message: expect.stringMatching(
      /\.wsgw.* cannot be written: a file is where a directory is needed \((ENOTDIR|EEXIST)/,
    ),
  });
});

test("a hook changes the template, and what it makes is checked like any other", {
  tags: ["journey"],
}, async () => {
  const hook = (body: string) =>
    `export default { ...${JSON.stringify(CONFIG)}, hooks: { template: ${body} } };`;
  const { root, write } = makeProject({ ...FILES, "package.json": "{}" });
  const run = (body: string) => {
    write("wsgw.config.mjs", hook(body));
    return writeDeployment({ cwd: root, config: "wsgw.config.mjs" });
  };
  const called: unknown[] = [];
  const ownOutput = `(template, { buildId }) => {
    template.Outputs.Own = { Value: buildId };
    return template;
  }`;
  write("wsgw.config.mjs", hook(ownOutput));

  const changed = await writeDeployment({
    cwd: root,
    config: "wsgw.config.mjs",
    report: (fact) => called.push(fact.type),
  });

  expect(changed.template.Outputs?.Own?.Value).toBe(changed.buildId);
  expect(called).toContain("hook.called");
  await expect(run("() => undefined")).rejects.toMatchObject({ code: "HOOK_FAILED" });
  await expect(
    run("(t) => { t.Outputs.Own = { Value: { Ref: 'Nobody' } }; return t; }"),
  ).rejects.toMatchObject({ code: "TEMPLATE_INVALID", message: expect.stringContaining("Nobody") });
});

/** Makes every way to the network an end of the process. */
const NO_NETWORK = `
const net = require("node:net"), dns = require("node:dns"), dgram = require("node:dgram");
const stop = (what) => () => { process.stderr.write("NETWORK: " + what + "\\n"); process.exit(99); };
net.Socket.prototype.connect = stop("connect");
net.Server.prototype.listen = stop("listen");
dgram.Socket.prototype.send = stop("send");
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) {
  dns[name] = stop(name);
  dns.promises[name] = stop(name);
}`;

test("wsgw deploy --noop needs no network and no credentials", { tags: ["journey"] }, async () => {
  const { root, write } = makeProject(FILES);
  const preload = write("no-network.cjs", NO_NETWORK);
  const child = spawn(
    process.execPath,
    ["--require", preload, cli, "deploy", "--noop", "--out", "made", "--no-color"],
    { cwd: root, env: { PATH: process.env.PATH, HOME: root } },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));

  const exitCode = await new Promise((resolve) => child.once("close", resolve));

  expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
  expect(out).toMatch(/✓ hello {5}\d+ B zipped, [\d.]+ k?B unzipped {2}2 files/);
  expect(out).toMatch(/Nothing was sent\. Written to made in /);
  expect(readdirSync(join(root, "made"))).toContain("template.json");
});

test("reports what AWS would not run before any code is bundled", async () => {
  const { root } = makeProject(FILES);
  const old = { ...CONFIG.functions, hello: { handler: "hello.handler", runtime: "nodejs20.x" } };
  writeFileSync(join(root, "wsgw.config.json"), JSON.stringify({ ...CONFIG, functions: old }));

  await expect(writeDeployment({ cwd: root })).rejects.toMatchObject({ code: "NOT_DEPLOYABLE" });
  expect(existsSync(join(root, ".wsgw/build"))).toBe(false);
});

test("writes one stack for a project of several APIs, and names them with their stages", {
  tags: ["journey"],
}, async () => {
  const { root } = makeProject(SHOP_FILES);

  const { directory, packaged, summary, warnings } = await writeDeployment({ cwd: root });

  expect(directory).toBe(join(root, ".wsgw/deploy/shop"));
  expect(packaged.map(({ name, key }) => [name, key.split("/")[0]])).toEqual([
    ["open", "shop"],
    ["talk", "shop"],
    ["tell", "shop"],
  ]);
  expect(warnings).toEqual([]);
  expect(summary).toContain("shop, chat v1, v2; orders live\n");
  expect(JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"))).toMatchObject({
    name: "shop",
    apis: [
      { name: "chat", stages: ["v1", "v2"] },
      { name: "orders", stages: ["live"] },
    ],
  });
});
