import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client.ts";
import { buildCli } from "./build.ts";

let built: Awaited<ReturnType<typeof buildCli>>;

beforeAll(async () => {
  built = await buildCli();
}, 60_000);
afterAll(() => built?.remove());

const DEFINITION = {
  name: "hello",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { hello: { handler: "hello.handler" } },
  routes: { hello: { function: "hello", routeResponse: true } },
};
const HANDLER = `exports.handler = async () => ({ statusCode: 200, body: "hello yourself" });\n`;

async function project(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "wsgw-project-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "hello.js"), HANDLER);
  return root;
}

type Ran = { readonly exitCode: number | null; readonly out: string; readonly err: string };

/** Runs the command line as a process of its own; it is killed at the end of the test at the latest. */
function wsgw(cwd: string, argv: readonly string[]): { child: ChildProcess; ended: Promise<Ran> } {
  const child = spawn(process.execPath, [built.cli, ...argv], { cwd });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const ended = new Promise<Ran>((resolve) => {
    child.once("close", (exitCode) => resolve({ exitCode, out, err }));
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, ended };
}

type Ready = { readonly type: string; readonly url: string; readonly port: number };

/** `wsgw dev --json` on a free port, once its first line has come. */
async function dev(cwd: string) {
  const running = wsgw(cwd, ["dev", "--port", "0", "--json"]);
  const lines = createInterface({ input: running.child.stdout! });
  const [first] = await new Promise<[string]>((resolve, reject) => {
    lines.once("line", (line) => resolve([line]));
    running.ended.then(({ err }) => reject(new Error(err)));
  });
  return { ...running, ready: JSON.parse(first) as Ready };
}

test("dev tells that it is ready, serves, and stops at a signal with nothing left", async () => {
  const root = await project();
  const { child, ended, ready } = await dev(root);
  const opening = await openClient(ready.url);
  if (opening.kind !== "open") throw new Error(`refused with ${opening.statusCode}`);
  const { client } = opening;
  client.send('{"action":"hello"}');
  expect(await client.next()).toBe("hello yourself");

  child.kill("SIGTERM");

  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  const { exitCode, out, err } = await ended;
  expect([exitCode, err]).toEqual([0, ""]);
  const types = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line).type);
  expect(types[0]).toBe("ready");
  expect(types).toContain("connection.closed");
  expect(await readdir(join(root, ".wsgw", "running"))).toEqual([]);
});

test("send finds the gateway that runs in the project, in the clear and by TLS", async () => {
  const root = await project();
  const { ready } = await dev(root);
  const message = ["-x", '{"action":"hello"}', "-n", "1"];

  const [plain, secure] = await Promise.all([
    wsgw(root, ["send", ...message]).ended,
    wsgw(root, ["send", `wss://localhost:${ready.port}/v1`, ...message]).ended,
  ]);

  expect([plain, secure]).toEqual([
    { exitCode: 0, out: "hello yourself\n", err: "" },
    { exitCode: 0, out: "hello yourself\n", err: "" },
  ]);
});

test("send does not trust the gateway of another project", async () => {
  const { ready } = await dev(await project());

  const { ended } = wsgw(tmpdir(), ["send", `wss://localhost:${ready.port}/v1`, "-x", "a"]);

  expect(await ended).toMatchObject({ exitCode: 1, err: expect.stringContaining("--insecure") });
});

test("dev ends quietly when the reader of its output leaves", async () => {
  const root = await project();
  const { child, ended, ready } = await dev(root);

  child.stdout?.destroy();
  await openClient(ready.url).catch(() => {}); // something to tell of

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

test("dev says in one message that its port is taken, and exits with 1", async () => {
  const root = await project();
  const { ready } = await dev(root);

  const { exitCode, out, err } = await wsgw(root, ["dev", "--port", `${ready.port}`]).ended;

  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toMatch(/^✗ .*port.*\n {2}Stop the other process, or choose another --port\.\n$/i);
});
