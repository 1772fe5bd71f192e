import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { showWhenFailed } from "../show-when-failed.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { buildCli } from "./build.ts";

/** The command line as it is now. */
export let cli: string;
/** For the temporary files of all processes here: those that are killed leave some. */
export let temporary: string;

/** Builds the command line for the tests of a file. Call it at the top level. */
export function useCli(): void {
  beforeAll(async () => {
    cli = await buildCli();
    temporary = await mkdtemp(join(tmpdir(), "wsgw-processes-"));
  }, 60_000);
  afterAll(async () => {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  });
}

export const DEFINITION = {
  name: "hello",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { hello: { handler: "hello.handler" } },
  routes: { hello: { function: "hello", routeResponse: true } },
};

/** Sends one message and waits for one answer, as long as a busy machine needs. */
export const ASK = ["-x", '{"action":"hello"}', "-n", "1", "-t", "1m"] as const;
export const HANDLER = `exports.handler = async () => ({ statusCode: 200, body: "hello yourself" });\n`;

export async function project(): Promise<string> {
  const root = temporaryDirectory();
  await fill(root);
  return root;
}

/** Writes the project into a directory. */
export async function fill(root: string): Promise<void> {
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "hello.js"), HANDLER);
}

type Ran = { readonly exitCode: number | null; readonly out: string; readonly err: string };

type Running = { readonly child: ChildProcess; readonly ended: Promise<Ran>; written(): string };

/** Starts the command line as a process of its own. */
function start(
  cwd: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  files?: number,
): Running {
  const program = [process.execPath, cli, ...argv];
  const limited = ["sh", "-c", `ulimit -n ${files}; exec "$0" "$@"`, ...program];
  const [file = "", ...rest] = files === undefined ? program : limited;
  const child = spawn(file, rest, { cwd, env: { ...process.env, TMPDIR: temporary, ...env } });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const ended = new Promise<Ran>((resolve) => {
    child.once("close", (exitCode) => resolve({ exitCode, out, err }));
  });
  return { child, ended, written: () => out + err };
}

/** Runs the command line as a process of its own; it is killed at the end of the test at the latest. */
export function wsgw(...args: Parameters<typeof start>): Running {
  const running = start(...args);
  showWhenFailed(`What wsgw ${args[1].join(" ")} wrote:`, running.written);
  onTestFinished(() => kill(running));
  return running;
}

async function kill({ child, ended }: Running): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

type Ready = { readonly type: string; readonly url: string; readonly port: number };

/** `wsgw dev --json` on a free port, once its first line has come. */
export function dev(cwd: string, files?: number) {
  return whenReady(wsgw(cwd, DEV, {}, files));
}

/** One `wsgw dev --json` for several tests. Returns what kills it. */
export async function sharedDev(cwd: string) {
  const running = start(cwd, DEV);
  return { ...(await whenReady(running)), kill: () => kill(running) };
}

const DEV = ["dev", "--port", "0", "--json"] as const;

async function whenReady(running: Running) {
  const lines = createInterface({ input: running.child.stdout! });
  const [first] = await new Promise<[string]>((resolve, reject) => {
    lines.once("line", (line) => resolve([line]));
    running.ended.then(({ err }) => reject(new Error(err)));
  });
  return { ...running, ready: JSON.parse(first) as Ready };
}

/** Sleeps as it loops, so as not to take a core from other tests. */
const LOOPS = `const { spawn } = require("child_process");
const never = new Int32Array(new SharedArrayBuffer(4));
exports.handler = async () => {
  console.log(JSON.stringify([process.pid, spawn("sleep", ["600"]).pid]));
  for (;;) Atomics.wait(never, 0, 0, 1000);
};
`;

const PATIENT = { ...DEFINITION, functions: { hello: { handler: "hello.handler", timeout: 900 } } };

/** A gateway whose handler loops, and the ids of its process and of what that has started. */
export async function devThatLoops() {
  const root = await project();
  await writeFile(join(root, "hello.js"), LOOPS);
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(PATIENT));
  const running = await dev(root);
  const printed = new Promise<string>((resolve) => {
    createInterface({ input: running.child.stdout! }).on("line", (line) => {
      const fact = JSON.parse(line) as { type: string; text: string };
      if (fact.type === "function.logged") resolve(fact.text);
    });
  });
  const opening = await openClient(running.ready.url);
  if (opening.kind === "open") opening.client.send('{"action":"hello"}');
  return { ...running, pids: JSON.parse(await printed) as number[] };
}

/** The process id that the command prints. */
export function printedPid(child: ChildProcess): Promise<number> {
  const lines = createInterface({ input: child.stdout! });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      const pid = /"text":"pid (\d+)"/.exec(line)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
}
