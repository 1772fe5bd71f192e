// Runs one service (serverless.yml, handlers.js) in wsgw and in serverless-offline, with the same plain WebSocket
// client, and prints what each of them did as the table of docs/comparison.md. Not a part of CI:
//
//   npm start                          in the root, once: builds wsgw
//   npm install --no-package-lock      here
//   node compare.mjs
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

const here = fileURLToPath(new URL(".", import.meta.url));
const state = mkdtempSync(join(tmpdir(), "wsgw-compare-"));
const PATIENCE_MS = 5_000;
const SETTLE_MS = 500;
/** An option of serverless-offline; longer than every case but the idle one. */
const IDLE_S = 8;
const GONE = "Xux7aeaAFiACHZQ=";
const KB = 1024;

const EMULATORS = [
  {
    name: `wsgw ${versionOf("../..")}`,
    url: "ws://localhost:3201/dev",
    local: "http://localhost:3201/dev",
    command: [
      "../../dist/cli.js",
      "dev",
      "-t",
      "serverless.yml",
      "--port",
      "3201",
      "--state-dir",
      state,
    ],
    // the harness moves the clock of a gateway by the ten minutes that AWS takes
    async idle() {
      const { startGateway } = await import("../../dist/testing.js");
      const gateway = await startGateway("serverless.yml");
      try {
        const { closed } = await connect({ url: gateway.url, sockets: new Set() });
        await gateway.clock.advance("10m");
        return ended(await closed);
      } finally {
        await gateway.stop();
      }
    },
  },
  {
    name: `serverless-offline ${versionOf("node_modules/serverless-offline")} on osls ${versionOf("node_modules/serverless")}`,
    url: "ws://localhost:3211",
    local: "http://localhost:3211",
    command: [
      ...[
        "node_modules/.bin/serverless",
        "offline",
        "--httpPort",
        "3210",
        "--websocketPort",
        "3211",
      ],
      ...["--lambdaPort", "3212", "--webSocketIdleTimeout", String(IDLE_S)],
    ],
    async idle(running) {
      const { closed } = await connect(running);
      return ended(await Promise.race([closed, sleep(2 * IDLE_S * 1_000)]));
    },
  },
];

/** What AWS does is in docs/evidence.md; `run` says what the emulator did, in the same words. */
const CASES = [
  {
    what: "a handler posts to `https://{domainName}/{stage}`",
    aws: "the client gets it",
    run: (emulator) => posted(emulator, {}),
  },
  {
    what: "the same, with the emulator's own address in the handler",
    aws: "–",
    run: (emulator) => posted(emulator, { local: true }),
  },
  {
    what: "a handler posts to a connection that is gone",
    aws: "410",
    run: async (emulator) => {
      const client = await connect(emulator);
      client.send({ action: "post", to: GONE, local: true });
      return String((await emulator.report("post")).post);
    },
  },
  {
    what: "`$connect` answers 418",
    aws: "418",
    run: (emulator) => handshake(emulator, "?token=good&refuse=1"),
  },
  {
    what: "the authorizer denies",
    aws: "403",
    run: (emulator) => handshake(emulator, "?token=bad"),
  },
  {
    what: "the identity source is missing",
    aws: "401",
    run: (emulator) => handshake(emulator, ""),
  },
  {
    what: "`$connect` sees the authorizer's context",
    aws: "yes",
    run: async (emulator) => {
      await connect(emulator);
      return (await emulator.report("connect")).connect?.role === "admin" ? "yes" : "no";
    },
  },
  {
    what: "a two-way route returns a body",
    aws: "the client gets it",
    run: async (emulator) => {
      const client = await connect(emulator);
      client.send({ action: "answer" });
      return (await client.next()) === "answered" ? "the client gets it" : client.last();
    },
  },
  {
    what: "a handler throws",
    aws: "frame `Internal server error`",
    run: async (emulator) => messageFrame(await connect(emulator), { action: "fail" }),
  },
  {
    what: "no route fits, and there is no `$default`",
    aws: "frame `Forbidden`",
    run: async (emulator) => messageFrame(await connect(emulator), { action: "unknown" }),
  },
  {
    what: "a binary frame",
    aws: "closed with 1003 `Binary is not supported`",
    run: (emulator) => closing(emulator, (socket) => socket.send(Buffer.from([1, 2, 3]))),
  },
  {
    what: "a frame of 40 KB",
    aws: "closed with 1009",
    run: (emulator) => closing(emulator, (socket) => socket.send(filler(40))),
  },
  {
    what: "a message of 144 KB in frames of 16 KB",
    aws: "closed with 1009",
    run: (emulator) =>
      closing(emulator, (socket) => {
        for (let sent = 16; sent <= 144; sent += 16) socket.send(filler(16), { fin: sent === 144 });
      }),
  },
  {
    what: "idle for the limit (10 minutes on AWS)",
    aws: "closed with 1001 `Going away`",
    run: (emulator) => emulator.idle(emulator),
  },
  {
    what: "the client closes with 4001 `bye`: what `$disconnect` sees",
    aws: "4001 `bye`",
    run: async (emulator) => {
      const client = await connect(emulator);
      client.socket.close(4001, "bye");
      const [status, reason] = (await emulator.report("disconnect")).disconnect;
      return status === null || status === undefined ? "nothing" : `${status} \`${reason}\``;
    },
  },
];

for (const emulator of EMULATORS) Object.assign(emulator, await results(emulator));
rmSync(state, { recursive: true, force: true });
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log(`| Case | AWS | ${EMULATORS.map(({ name }) => name).join(" | ")} |`);
console.log(`| --- | --- |${" --- |".repeat(EMULATORS.length)}`);
for (const [index, { what, aws }] of CASES.entries()) {
  console.log(`| ${what} | ${aws} | ${EMULATORS.map(({ did }) => did[index]).join(" | ")} |`);
}

async function results(emulator) {
  const running = await start(emulator);
  const did = [];
  try {
    for (const { run } of CASES) {
      running.forget();
      did.push(await run(running).catch((error) => `nothing (${error.message})`));
      running.hangUp();
      await sleep(SETTLE_MS);
    }
  } finally {
    await running.stop();
  }
  return { did };
}

async function start({ url, local, command, idle }) {
  const env = { ...process.env, NO_COLOR: "1", LOCAL_ENDPOINT: local };
  Object.assign(env, { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" });
  const child = spawn(process.execPath, command, {
    cwd: here,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
    });
  }
  const sockets = new Set();
  const running = {
    url,
    sockets,
    idle,
    forget: () => {
      output = "";
    },
    /** The first line of a handler that has `key`. */
    report: (key) =>
      eventually(`no report of ${key}`, () =>
        output
          .split("\n")
          .flatMap((line) => /REPORT (\{.*\})/.exec(line)?.[1] ?? [])
          .map((json) => JSON.parse(json))
          .find((each) => key in each),
      ),
    hangUp: () => {
      for (const socket of sockets) socket.terminate();
      sockets.clear();
    },
    stop: async () => {
      child.kill("SIGINT");
      await exited;
    },
  };
  const deadline = Date.now() + 60_000;
  while ((await handshake(running, "?token=good")) !== "101") {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(output);
    await sleep(500);
  }
  running.hangUp();
  await sleep(SETTLE_MS);
  return running;
}

/** The status of a handshake: 101, or that of the refusal. */
function handshake({ url, sockets }, query) {
  const socket = new WebSocket(`${url}${query}`);
  sockets.add(socket);
  return new Promise((resolve) => {
    socket.on("open", () => resolve("101"));
    socket.on("unexpected-response", (_, response) => resolve(String(response.statusCode)));
    socket.on("error", ({ code, message }) => resolve(code ?? message));
  });
}

async function connect({ url, sockets }) {
  const socket = new WebSocket(`${url}?token=good`);
  sockets.add(socket);
  const frames = [];
  socket.on("message", (data) => frames.push(String(data)));
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await once(socket, "open");
  return {
    socket,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    next: () => eventually("no frame", () => frames.shift()),
    last: () => frames.at(-1),
  };
}

async function posted(emulator, options) {
  const client = await connect(emulator);
  client.send({ action: "post", ...options });
  const { post } = await emulator.report("post");
  if (post !== 200) return `the call fails: ${post}`;
  return (await client.next()) === "posted" ? "the client gets it" : "another frame";
}

async function messageFrame(client, message) {
  client.send(message);
  return `frame \`${JSON.parse(await client.next()).message}\``;
}

async function closing(emulator, send) {
  const client = await connect(emulator);
  send(client.socket);
  return ended(await Promise.race([client.closed, sleep(2_000)]));
}

/** The arguments of a close event in words; undefined when there was none. */
function ended([code, reason] = []) {
  if (code === undefined) return "the connection stays open";
  return `closed with ${code}${reason.length > 0 ? ` \`${reason}\`` : ""}`;
}

async function eventually(otherwise, find) {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = find();
    if (found !== undefined) return found;
    await sleep(20);
  }
  throw new Error(otherwise);
}

function filler(kilobytes) {
  return "x".repeat(kilobytes * KB);
}

function versionOf(directory) {
  return JSON.parse(readFileSync(join(here, directory, "package.json"), "utf8")).version;
}
