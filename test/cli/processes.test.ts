import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { isAlive } from "../is-alive.ts";
import { sharedDirectory } from "../temporary-directory.ts";
import { runMain } from "./run-main.ts";
import {
  ASK,
  cli,
  devThatLoops,
  fill,
  printedPid,
  project,
  sharedDev,
  temporary,
  useCli,
  wsgw,
} from "./wsgw-process.ts";

// The command line as a process: one of each kind. The others are in processes.journey.test.ts.

useCli();

const root = sharedDirectory();
/** The last test that uses it stops it. */
let shared: Awaited<ReturnType<typeof sharedDev>>;
beforeAll(async () => {
  await fill(root);
  shared = await sharedDev(root);
});
afterAll(() => shared?.kill());

test("send finds the gateway that runs in the project, in the clear and by TLS", async () => {
  const { port } = shared.ready;

  const plain = await runMain(["send", ...ASK], { cwd: root });
  const secure = await runMain(["send", `wss://localhost:${port}/v1`, ...ASK], { cwd: root });

  expect([plain, secure]).toEqual([
    { exitCode: 0, out: "hello yourself\n", err: "" },
    { exitCode: 0, out: "hello yourself\n", err: "" },
  ]);
});

test("send does not trust the gateway of another project", async () => {
  const argv = ["send", `wss://localhost:${shared.ready.port}/v1`, "-x", "a"];

  const sent = await runMain(argv, { cwd: tmpdir() });

  expect(sent).toMatchObject({ exitCode: 1, err: expect.stringContaining("--insecure") });
});

test("dev says in one message that its port is taken, and exits with 1", async () => {
  const { child, ready } = shared;

  const { exitCode, out, err } = await wsgw(root, ["dev", "--port", `${ready.port}`]).ended;

  expect([exitCode, out]).toEqual([1, ""]);
  expect(err).toBe(
    `✗ Port ${ready.port} is in use by the wsgw dev of this project: ${ready.url} (process ${child.pid}).\n` +
      "  Use that gateway, for example with wsgw send. Start a second one with --port auto.\n",
  );
});

test("dev tells that it is ready, serves, and stops at a signal with nothing left", async () => {
  const { child, ended, ready } = shared;
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

test("with --json the lines of a command are facts of their own, and a signal stops it too", {
  tags: ["journey"],
}, async () => {
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

test.skipIf(process.platform === "win32")(
  "a handler that loops, and what it has started, do not outlive a wsgw that is killed",
  { tags: ["journey"] },
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
  { tags: ["journey"] },
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

test("a config that awaits what never comes is a mistake, and no silent end", {
  tags: ["journey"],
}, async () => {
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

test("a reader that leaves early does not cause an error", { tags: ["journey"] }, async () => {
  const { child, ended } = wsgw(await project(), ["event", "connect"]);
  child.stdout?.destroy();

  expect(await ended).toMatchObject({ exitCode: 0, err: "" });
});

/** Names of the programs that a process has started itself. */
function commandsBelow(pid: number): readonly string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "ppid=,comm="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [parent, command = ""] = line.trim().split(/\s+/);
    return Number(parent) === pid ? [command.replace(/^.*\//, "")] : [];
  });
}
