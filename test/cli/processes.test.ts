import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { isAlive } from "../is-alive.ts";
import { showWhenFailed } from "../show-when-failed.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { buildCli } from "./build.ts";

let cli: string;
/** For the temporary files of all processes here: those that are killed leave some. */
let temporary: string;

beforeAll(async () => {
  cli = await buildCli();
  temporary = await mkdtemp(join(tmpdir(), "wsgw-processes-"));
}, 60_000);
afterAll(async () => {
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
});

const DEFINITION = {
  name: "hello",
  routeSelectionExpression: "$request.body.action",
  stage: { name: "v1" },
  functions: { hello: { handler: "hello.handler" } },
  routes: { hello: { function: "hello", routeResponse: true } },
};
/** Sends one message and waits for one answer, as long as a busy machine needs. */
const ASK = ["-x", '{"action":"hello"}', "-n", "1", "-t", "1m"] as const;
const HANDLER = `exports.handler = async () => ({ statusCode: 200, body: "hello yourself" });\n`;

/** Posts back to the sender once the server at `MEETING_PORT` has let both events go. */
const POSTS_TOGETHER = `
const { connect } = require("node:net");
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
exports.handler = async ({ requestContext: { connectionId: ConnectionId, domainName, stage }, body }) => {
  await new Promise((resolve) => connect(process.env.MEETING_PORT, "127.0.0.1").on("close", resolve).resume());
  const api = new ApiGatewayManagementApiClient({ endpoint: \`https://\${domainName}/\${stage}\` });
  await api.send(new PostToConnectionCommand({ ConnectionId, Data: JSON.parse(body).text }));
  return { statusCode: 200 };
};
`;

async function project(): Promise<string> {
  const root = temporaryFolder();
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(DEFINITION));
  await writeFile(join(root, "hello.js"), HANDLER);
  return root;
}

/** A server that ends its connections once there are two. Resolves to its port. */
async function meetingOfTwo(): Promise<number> {
  const waiting: Socket[] = [];
  const server = createServer((socket) => {
    if (waiting.push(socket) === 2) for (const each of waiting) each.end();
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

type Ran = { readonly exitCode: number | null; readonly out: string; readonly err: string };

/** Runs the command line as a process of its own; it is killed at the end of the test at the latest. */
function wsgw(
  cwd: string,
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
  files?: number,
): { child: ChildProcess; ended: Promise<Ran> } {
  const program = [process.execPath, cli, ...argv];
  const limited = ["sh", "-c", `ulimit -n ${files}; exec "$0" "$@"`, ...program];
  const [file = "", ...rest] = files === undefined ? program : limited;
  const child = spawn(file, rest, { cwd, env: { ...process.env, TMPDIR: temporary, ...env } });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  showWhenFailed(`What wsgw ${argv.join(" ")} wrote:`, () => out + err);
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
async function dev(cwd: string, files?: number) {
  const running = wsgw(cwd, ["dev", "--port", "0", "--json"], {}, files);
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
  expect((await readdir(temporary)).filter((name) => name.includes(`-${child.pid}-`))).toEqual([]);
});

test.skipIf(process.platform === "win32")(
  "with few file descriptors dev says once that it drops clients, and serves when they have left",
  async () => {
    const { child, ended, ready } = await dev(await project(), 64);
    let out = "";
    child.stdout!.on("data", (data) => (out += data));
    const clients = Array.from({ length: 100 }, () => connect(ready.port, "127.0.0.1"));
    const gone = clients.map((client) => {
      client.on("error", () => {});
      return new Promise((resolve) => client.once("close", resolve));
    });
    await vi.waitFor(() => expect(out).toContain("EMFILE"), 20_000);

    for (const client of clients) client.destroy();
    await Promise.all(gone);
    const asked = await wsgw(temporary, ["send", ready.url, ...ASK]).ended;
    child.kill("SIGTERM");

    expect(asked).toMatchObject({ exitCode: 0, out: "hello yourself\n" });
    expect((await ended).exitCode).toBe(0);
    expect(out.match(/\(EMFILE\) and drops new clients/g)).toHaveLength(1);
  },
);

test("with --json each post leads back to the message that made it, however many clients speak", async () => {
  const root = await project();
  await writeFile(join(root, "hello.js"), POSTS_TOGETHER);
  const definition = structuredClone(DEFINITION);
  const environment = { MEETING_PORT: String(await meetingOfTwo()) };
  Object.assign(definition.functions.hello, { environment });
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify(definition));
  const { child, ended, ready } = await dev(root);
  const openings = await Promise.all([openClient(ready.url), openClient(ready.url)]);
  const clients = openings.map((opening) => {
    if (opening.kind !== "open") throw new Error(`refused with ${opening.statusCode}`);
    return opening.client;
  });
  clients.forEach((client, n) => {
    client.send(JSON.stringify({ action: "hello", text: `post ${n}` }));
  });
  expect(await Promise.all(clients.map((client) => client.next()))).toEqual(["post 0", "post 1"]);

  child.kill("SIGTERM");

  const [, ...facts] = (await ended).out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const posts = facts.filter(({ type, cause }) => type === "frame.sent" && cause === "post");
  expect(posts).toHaveLength(2);
  for (const post of posts) {
    const way = [post];
    while (way[0].causedBy !== undefined)
      way.unshift(facts.find(({ id }) => id === way[0].causedBy));
    const { connectionId, text } = post;
    expect(way).toMatchObject([
      { type: "message.received", connectionId, text: JSON.stringify({ action: "hello", text }) },
      { type: "route.selected", connectionId },
      { type: "function.started", connectionId },
      { type: "frame.sent", connectionId },
    ]);
  }
});

test("send finds the gateway that runs in the project, in the clear and by TLS", async () => {
  const root = await project();
  const { ready } = await dev(root);

  const [plain, secure] = await Promise.all([
    wsgw(root, ["send", ...ASK]).ended,
    wsgw(root, ["send", `wss://localhost:${ready.port}/v1`, ...ASK]).ended,
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

test("dev ends when the reader of its output leaves, though there is nothing to tell", async () => {
  const { child, ended } = await dev(await project());

  child.stdout?.destroy();

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

test.skipIf(process.platform === "win32")(
  "dev ends when the reader of a pipe leaves, though there is nothing to tell",
  async () => {
    const script = '"$0" "$1" dev --port 0 --json | head -n 1';
    const shell = spawn("sh", ["-c", script, process.execPath, cli], {
      cwd: await project(),
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    onTestFinished(() => void (shell.exitCode ?? process.kill(-shell.pid!, "SIGKILL")));
    const out = text(shell.stdout);
    const err = text(shell.stderr);

    // The shell waits for both.
    expect(JSON.parse(await out)).toMatchObject({ type: "ready" });
    expect(await err).toBe("");
  },
);

test("dev says in one message that its port is taken, and exits with 1", async () => {
  const root = await project();
  const { child, ready } = await dev(root);

  const { exitCode, out, err } = await wsgw(root, ["dev", "--port", `${ready.port}`]).ended;

  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toBe(
    `✗ Port ${ready.port} is in use by the wsgw dev of this project: ${ready.url} (process ${child.pid}).\n` +
      "  Use that gateway, for example with wsgw send. Start a second one with --port auto.\n",
  );
});

test("gateways of two projects run side by side, and send finds that of its own project", async () => {
  const roots = [await project(), await project()] as const;
  await writeFile(join(roots[1], "hello.js"), HANDLER.replace("hello yourself", "the other"));
  await Promise.all(roots.map((root) => dev(root)));

  const answers = await Promise.all(roots.map((root) => wsgw(root, ["send", ...ASK]).ended));

  expect(answers.map(({ out }) => out)).toEqual(["hello yourself\n", "the other\n"]);
});

test("a command that runs with the gateway gets its URLs, and dev ends with the command's status", async () => {
  const root = await project();
  const script =
    'node -e "console.log(process.env.WSGW_URL === process.env.VITE_WS_URL, process.env.WSGW_STAGE)"; node "$0" send "$VITE_WS_URL" -x \'{"action":"hello"}\' -n 1 -t 1m; exit 3';

  const { exitCode, out } = await wsgw(root, [
    ...["dev", "--port", "0", "--color", "--url-env", "VITE_WS_URL", "--"],
    ...["sh", "-c", script, cli],
  ]).ended;

  expect(exitCode).toBe(3);
  const plain = stripVTControlCharacters(out);
  expect(plain).toMatch(/ {2}sh {5}│ true v1\n/);
  expect(plain).toMatch(/ {2}sh {5}│ hello yourself\n/);
  expect(plain).toMatch(/ {2}sh {5}✗ ended with status 3\n/);
});

test("a command that runs with the gateway finds its tables, by a configurable port", async () => {
  const root = await project();
  const tables = { notes: { partitionKey: { name: "id", type: "S" } } };
  await writeFile(join(root, "wsgw.config.json"), JSON.stringify({ ...DEFINITION, tables }));

  const { out } = await wsgw(root, [
    ...["dev", "--port", "0", "--dynamodb-port", "0", "--"],
    ...["sh", "-c", 'echo "tables at $AWS_ENDPOINT_URL_DYNAMODB"'],
  ]).ended;

  expect(stripVTControlCharacters(out)).toMatch(/│ tables at http:\/\/127\.0\.0\.1:\d+\n/);
});

/** Shows what an SDK that is told nothing finds in the tables, by the names that functions know. */
const SEES_TABLES = `
const { DynamoDBClient, ScanCommand, PutItemCommand } = require(${JSON.stringify(createRequire(import.meta.url).resolve("@aws-sdk/client-dynamodb"))});
const { NOTES, ROOMS = "nothing", BOTH = "nothing" } = process.env;
const client = new DynamoDBClient();
(async () => {
  await client.send(new PutItemCommand({ TableName: NOTES, Item: { id: { S: "a" } } }));
  const { Count } = await client.send(new ScanCommand({ TableName: NOTES }));
  console.log("sees", NOTES, ROOMS, BOTH, Count, await client.config.region());
})();
`;

test("a command that runs with the gateway has the functions' table variables, whatever its shell sets", async () => {
  const root = await project();
  const id = { partitionKey: { name: "id", type: "S" } };
  const asked = { ref: "table.rooms.name" };
  await writeFile(
    join(root, "wsgw.config.json"),
    JSON.stringify({
      ...DEFINITION,
      tables: { notes: { ...id, environmentVariable: "NOTES" }, rooms: id },
      functions: {
        hello: { handler: "hello.handler", environment: { ROOMS: asked, BOTH: asked } },
        other: { handler: "hello.handler", environment: { BOTH: { ref: "table.notes.name" } } },
      },
      routes: { ...DEFINITION.routes, other: { function: "other" } },
    }),
  );
  await writeFile(join(root, "sees.cjs"), SEES_TABLES);
  await mkdir(join(root, ".aws"));
  await writeFile(join(root, ".aws", "config"), "[profile elsewhere]\nregion = eu-west-1\n");

  const argv = ["dev", "--port", "0", "--region", "eu-north-1", "--", "node", "sees.cjs"];
  const { out } = await wsgw(root, argv, {
    HOME: root,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    NOTES: "of the shell",
  }).ended;

  expect(stripVTControlCharacters(out)).toMatch(/│ sees \S*notes \S*rooms nothing 1 eu-north-1\n/);
});

test("with --json the lines of a command are facts of their own, and a signal stops it too", async () => {
  const root = await project();
  const script =
    'exec 2>/dev/null; trap "echo bye; exit 0" TERM; echo pid $$; while :; do sleep 0.05; done';
  const { child, ended } = wsgw(root, ["dev", "-p", "0", "--json", "--", "sh", "-c", script]);
  const pid = await printedPid(child);

  child.kill("SIGTERM");

  const { exitCode, out, err } = await ended;
  expect([exitCode, err]).toEqual([0, ""]);
  const facts = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(facts.slice(1)).toMatchObject([
    { type: "command.printed", command: "sh", stream: "stdout", text: `pid ${pid}` },
    { type: "command.printed", command: "sh", stream: "stdout", text: "bye" },
    { type: "command.ended", command: "sh", end: { kind: "exited", code: 0 } },
  ]);
  expect(isAlive(pid)).toBe(false);
});

test("nothing of the command is left when wsgw is killed", async () => {
  const script = "trap '' TERM HUP; echo pid $$; while :; do sleep 1; done";
  const argv = ["dev", "-p", "0", "--json", "--", "sh", "-c", script];
  const { child } = wsgw(await project(), argv);
  const pid = await printedPid(child);
  expect(isAlive(pid)).toBe(true);

  child.kill("SIGKILL");

  await expect.poll(() => isAlive(pid)).toBe(false);
});

/** Sleeps as it loops, so as not to take a core from other tests. */
const LOOPS = `const { spawn } = require("child_process");
const never = new Int32Array(new SharedArrayBuffer(4));
exports.handler = async () => {
  console.log(JSON.stringify([process.pid, spawn("sleep", ["600"]).pid]));
  for (;;) Atomics.wait(never, 0, 0, 1000);
};
`;

/** A gateway whose handler loops, and the ids of its process and of what that has started. */
async function devThatLoops() {
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

const PATIENT = { ...DEFINITION, functions: { hello: { handler: "hello.handler", timeout: 900 } } };

test.skipIf(process.platform === "win32")(
  "a handler that loops, and what it has started, do not outlive a wsgw that is killed",
  async () => {
    const { child, pids } = await devThatLoops();
    await expect.poll(() => commandsBelow(child.pid!)).toContain("sh");
    expect(pids.map(isAlive)).toEqual([true, true]);

    child.kill("SIGKILL");

    await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
  },
);

test.skipIf(process.platform !== "linux")(
  "reports output lost on a full disk, with exit code 1",
  async () => {
    const root = await project();
    const full = openSync("/dev/full", "w");
    onTestFinished(() => closeSync(full));

    const { status, stderr } = spawnSync(process.execPath, [cli, "event", "connect"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });

    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^✗ Standard output could not be written: the disk is full \(ENOSPC\)\. The output is incomplete\.\n {2}Free some space/,
    );
  },
);

test("a config that awaits what never comes is a mistake, and no silent end", async () => {
  const root = await project();
  await rm(join(root, "wsgw.config.json"));
  await writeFile(
    join(root, "wsgw.config.mjs"),
    "await new Promise(() => {});\nexport default {};\n",
  );

  const { status, stderr } = spawnSync(process.execPath, [cli, "event", "connect"], {
    cwd: root,
    encoding: "utf8",
  });

  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^✗ \S+wsgw\.config\.mjs: a promise that it awaits or exports never settles\.\n/,
  );
});

test("a reader that leaves early does not cause an error", async () => {
  const { child, ended } = wsgw(await project(), ["event", "connect"]);
  child.stdout?.destroy();

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

test.skipIf(process.platform === "win32")(
  "a handler that loops, and what it has started, do not keep dev from stopping",
  async () => {
    const { child, ended, pids } = await devThatLoops();

    child.kill("SIGTERM");

    expect(await ended).toMatchObject({ exitCode: 0, err: "" });
    expect(pids.map(isAlive)).toEqual([false, false]);
  },
);

test("a command that cannot be started is one message, and the gateway stops", async () => {
  const root = await project();

  const { exitCode, err } = await wsgw(root, ["dev", "-p", "0", "--", "no-such-program", "x"])
    .ended;

  expect(exitCode).toBe(1);
  expect(err).toMatch(
    /^✗ no-such-program x could not start: the program does not exist \(ENOENT\)\.\n {2}Write a program.*\n$/,
  );
  expect(await readdir(join(root, ".wsgw", "running"))).toEqual([]);
});

/** The process id that the command prints. */
function printedPid(child: ChildProcess): Promise<number> {
  const lines = createInterface({ input: child.stdout! });
  return new Promise((resolve) => {
    lines.on("line", (line) => {
      const pid = /"text":"pid (\d+)"/.exec(line)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
}

/** Names of the programs that a process has started itself. */
function commandsBelow(pid: number): readonly string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,comm="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [parent, command = ""] = line.trim().split(/\s+/);
    return Number(parent) === pid ? [command.replace(/^.*\//, "")] : [];
  });
}
