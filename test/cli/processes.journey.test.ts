// @module-tag journey
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { isAlive } from "../is-alive.ts";
import {
  ASK,
  cli,
  DEFINITION,
  dev,
  devThatLoops,
  HANDLER,
  printedPid,
  project,
  temporary,
  useCli,
  wsgw,
} from "./wsgw-process.ts";

useCli();

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

test.each(["SIGINT", "SIGHUP"] as const)("dev stops at %s with nothing left", async (signal) => {
  const root = await project();
  const { child, ended, ready } = await dev(root);
  const opening = await openClient(ready.url);
  if (opening.kind !== "open") throw new Error(`refused with ${opening.statusCode}`);

  child.kill(signal);

  expect(await opening.client.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
  expect(await readdir(join(root, ".wsgw", "running"))).toEqual([]);
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

test("dev ends quietly when the reader of its output leaves", async () => {
  const root = await project();
  const { child, ended, ready } = await dev(root);

  child.stdout?.destroy();
  await openClient(ready.url).catch(() => {}); // causes a fact

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

test("dev ends when the reader of its output leaves, even if there is nothing to print", async () => {
  const { child, ended } = await dev(await project());

  child.stdout?.destroy();

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

test.skipIf(process.platform === "win32")(
  "dev ends when the reader of a pipe leaves, even if there is nothing to print",
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

/** Prints what an SDK without settings finds in the tables, by the names that functions know. */
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

test("nothing of the command is left when wsgw is killed", async () => {
  const script = "trap '' TERM HUP; echo pid $$; while :; do sleep 1; done";
  const argv = ["dev", "-p", "0", "--json", "--", "sh", "-c", script];
  const { child } = wsgw(await project(), argv);
  const pid = await printedPid(child);
  expect(isAlive(pid)).toBe(true);

  child.kill("SIGKILL");

  await expect.poll(() => isAlive(pid)).toBe(false);
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
