import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { on, once } from "node:events";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { startGateway } from "../../src/testing/index.ts";
import { buildCli } from "../cli/build.ts";
import { runMain } from "../cli/run-main.ts";
import { lacksPython } from "../contracts/lambda-setup.ts";
import { showWhenFailed } from "../show-when-failed.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

// Whole projects as their users have them. Tests of these change the working directory: startGateway() without arguments
// takes the project of that.

const projects = fileURLToPath(new URL("../../fixtures/projects", import.meta.url));
const ownPackages = fileURLToPath(new URL("../../node_modules", import.meta.url));
const withoutPython = await lacksPython();

/** It is live within a second; a machine may be busy. */
const LIVE_WITHIN_MS = 10_000;

type Client = { readonly send: (message: object) => void; readonly next: () => Promise<string> };
/** The target is from the URL of the first API: a query string, or the path of another. */
type Connect = (target?: string, headers?: Readonly<Record<string, string>>) => Promise<Client>;

/** What describes a project. */
export type Kind = "template" | "terraform" | "cdk" | "serverless";

export type Project = {
  readonly name: string;
  readonly kind: Kind;
  /** Where its users stand in it. */
  readonly directory?: string;
  /** What they name with -t: wsgw does not look for plans. */
  readonly template?: string;
  readonly python?: true;
  /** What `npm install` brings. */
  readonly packages?: readonly string[];
  /** What clients say; returns what they hear. */
  readonly conversation: (connect: Connect) => Promise<unknown>;
  readonly heard: unknown;
  /** Options of `wsgw dev`, and what is heard in place of `heard` with them. */
  readonly dev?: { readonly options: readonly string[]; readonly heard: unknown };
  /** What tables hold when all have left. */
  readonly tables?: Readonly<Record<string, unknown>>;
  /** What is written into a file in place of what. */
  readonly save: { readonly file: string; readonly before: string; readonly after: string };
  /** What is heard only when the saved file is live. */
  readonly heardThen: unknown;
};

const PROJECTS: readonly Project[] = [
  {
    name: "simple-chat",
    kind: "template",
    conversation: async (connect) => {
      const [ann, bob] = [await connect(), await connect()];
      ann.send({ message: "sendmessage", data: "hello" });
      return [await ann.next(), await bob.next()];
    },
    heard: ["hello", "hello"],
    tables: { MembersTable: [] },
    save: { file: "sendmessage/app.js", before: "Data: data", after: "Data: `${data}!`" },
    heardThen: ["hello!", "hello!"],
  },
  {
    name: "typed-rooms",
    kind: "template",
    conversation: async (connect) => {
      const ann = await connect("?room=Garden");
      ann.send({ do: "ask" });
      return JSON.parse(await ann.next());
    },
    heard: {
      rooms: [{ room: "garden" }], // the index has keys only
      limit: "3",
      where: ["typed-rooms-dev", "${literal}"],
      region: "eu-west-1",
      mood: "calm",
    },
    save: { file: "services/join/src/room.ts", before: "toLowerCase", after: "toUpperCase" },
    heardThen: expect.objectContaining({ rooms: [{ room: "GARDEN" }] }),
  },
  {
    name: "lobby-terraform",
    kind: "terraform",
    conversation: async (connect) => {
      const [ann, bob] = [await connect("?name=ann"), await connect()];
      ann.send({ action: "say", text: "hello" });
      const heard = [await ann.next(), await bob.next()];
      bob.send({ action: "unknown" });
      return [...heard, await ann.next()];
    },
    heard: ["ann: hello", "ann: hello", "guest: JOIN LEAVE SAY"],
    tables: { members: [] },
    save: {
      file: "functions/say/index.js",
      before: "{speaker.name}:",
      after: "{speaker.name} says",
    },
    heardThen: expect.arrayContaining(["ann says hello"]),
  },
  {
    name: "poll-terraform",
    kind: "terraform",
    directory: "infra",
    conversation: async (connect) => {
      await expect(connect()).rejects.toThrow("Unexpected server response: 401");
      await expect(connect("?pass=eve:open")).rejects.toThrow("response: 403");
      const ann = await connect("?pass=ann:sesame");
      ann.send({ do: "vote", poll: "tea", choice: "yes" });
      const heard = [await ann.next(), await ann.next()].sort();
      ann.send({ do: "vote", poll: "tea", choice: "maybe" });
      return [...heard, await ann.next()];
    },
    heard: ["thank you", "yes: ann", "Choose yes or no."],
    tables: { votes: [{ poll: "tea", voter: "ann", choice: "yes" }] },
    save: { file: "src/votes.ts", before: "=> voter", after: "=> voter.toUpperCase()" },
    heardThen: expect.arrayContaining(["yes: ANN"]),
  },
  {
    name: "ticker-plan",
    kind: "terraform",
    template: "infra/plan.json",
    conversation: async (connect) => {
      const [ann, bob] = [await connect(), await connect()];
      ann.send({ type: "price", of: "tea", price: 4.5 });
      return [await ann.next(), await bob.next()];
    },
    heard: ["tea: 4.5 EUR", "tea: 4.5 EUR"],
    tables: { table: [] },
    save: { file: "src/ticker.js", before: "{of}:", after: "{of} costs" },
    heardThen: ["tea costs 4.5 EUR", "tea costs 4.5 EUR"],
  },
  {
    name: "guestbook-state",
    kind: "terraform",
    python: true,
    template: "state.json",
    conversation: async (connect) => {
      const ann = await connect();
      ann.send({ action: "sign", name: "Ann", text: "lovely" });
      return ann.next();
    },
    heard: "Ann wrote: lovely",
    tables: { entries: [{ name: "Ann", text: "lovely" }] },
    save: { file: "app/guestbook.py", before: "wrote:", after: "says:" },
    heardThen: "Ann says: lovely",
  },
  {
    name: "nested-board",
    kind: "template",
    conversation: async (connect) => {
      const ann = await connect();
      ann.send({ action: "pin", text: "milk" });
      return ann.next();
    },
    heard: "pinned milk to nested-board-us-east-1-notes",
    tables: { "Data-Notes": [{ id: "milk", by: expect.any(String) }] },
    save: { file: "cloudformation.json", before: "`pinned", after: "`posted" },
    heardThen: "posted milk to nested-board-us-east-1-notes",
  },
  {
    name: "half-here",
    kind: "template",
    python: true,
    conversation: async (connect) => {
      await expect(connect()).rejects.toThrow("Unexpected server response: 401");
      await expect(connect("", { Auth: "ann" })).rejects.toThrow("response: 403");
      const ann = await connect("", { Auth: "guest-ann" });
      ann.send({ action: "other" });
      const { heard, queue, by } = JSON.parse(await ann.next());
      ann.send({ action: "ping" }); // a mock on a one-way route is silent
      ann.send({ action: "render" });
      return [heard, queue, by, JSON.parse(await ann.next()).message];
    },
    heard: [
      '{"ACTION":"OTHER"}!',
      "https://sqs.us-east-1.amazonaws.com/123456789012/half-here-Jobs",
      "guest-ann",
      "Internal server error",
    ],
    save: { file: "talk/words.py", before: '"!"', after: '"?"' },
    heardThen: expect.arrayContaining(['{"ACTION":"OTHER"}?']),
  },
  {
    name: "votes",
    kind: "template",
    directory: "backend",
    python: true,
    conversation: async (connect) => {
      const [ann, bob] = [await connect("?poll=tea"), await connect("?poll=tea")];
      ann.send({ action: "vote", vote: { poll: "tea", choice: "green" } });
      const votes = [await ann.next(), await bob.next()].map((text) => JSON.parse(text).rules);
      ann.send({ action: "vote", vote: { poll: "tea", choice: "black" } });
      const refused = JSON.parse(await ann.next());
      bob.send({ action: "about" });
      return [...votes, refused, await bob.next()];
    },
    heard: ["one-each", "one-each", { refused: "black" }, "votes (v1, about)"],
    dev: {
      options: ["--env-vars", "env.json"],
      heard: expect.arrayContaining(["local votes (v1, about)"]),
    },
    tables: { Counts: [{ poll: "tea", choice: "green", votes: 1 }], Voters: [] },
    save: { file: "backend/template.yaml", before: 'f"{os', after: 'f"? {os' },
    heardThen: expect.arrayContaining(["? local votes (v1, about)"]),
  },
  {
    name: "support-desk",
    kind: "template",
    python: true,
    conversation: async (connect) => {
      const [ann, bob] = [await connect("?agent=ann"), await connect()];
      ann.send({ text: "what is wrong?" });
      return [await ann.next(), await bob.next()];
    },
    heard: ['{"asked": "what is wrong?", "by": "ann"}', "ann: what is wrong?"],
    tables: { Tickets: [] },
    save: { file: "desk/app.py", before: "['agent']}:", after: "['agent']} asks:" },
    heardThen: ['{"asked": "what is wrong?", "by": "ann"}', "ann asks: what is wrong?"],
  },
  {
    name: "price-alerts",
    kind: "template",
    python: true,
    conversation: async (connect) => {
      const ann = await connect("?name=ann");
      const heard: unknown[] = [];
      for (const message of [
        { action: "watch", symbol: "btc", above: 65000.5 },
        { action: "list" },
        { action: "forget", symbol: "btc" },
        { action: "sell" },
      ]) {
        ann.send(message);
        heard.push(JSON.parse(await ann.next()));
      }
      return heard;
    },
    heard: [
      { watching: "BTC", above: "65000.50 EUR" },
      { alerts: [{ symbol: "BTC", above: "65000.50 EUR" }] },
      { forgotten: "BTC" },
      { error: "Try watch, list or forget." },
    ],
    tables: { AlertsTable: [] },
    save: { file: "layers/quotes/python/quotes/__init__.py", before: ":.2f} {", after: ":.1f} {" },
    heardThen: expect.arrayContaining([{ watching: "BTC", above: "65000.5 EUR" }]),
  },
  {
    name: "two-lobbies",
    kind: "template",
    packages: ["aws-sdk"],
    conversation: async (connect) => {
      const [player, talker] = [await connect("?name=ann"), await connect("/ChatSocket/live")];
      player.send({ action: "ping" });
      const pong = await player.next();
      talker.send({ type: "say", text: "hello" });
      const said = await talker.next();
      talker.send({ type: "ranking" });
      const { message } = JSON.parse(await talker.next());
      talker.send({ type: "call", text: "come over" });
      return [pong, said, message, await player.next()];
    },
    heard: [
      '{"pong":"live"}',
      '{"from":"somebody","text":"hello"}',
      "Internal server error",
      '{"called":"come over"}',
    ],
    tables: { People: [] },
    save: {
      file: "layers/shared/nodejs/people.js",
      before: "Data = JSON",
      after: "Data = `!`+JSON",
    },
    heardThen: expect.arrayContaining(['!{"called":"come over"}']),
  },
  {
    name: "pub-quiz",
    kind: "cdk",
    conversation: async (connect) => {
      await expect(connect()).rejects.toThrow("Unexpected server response: 401");
      await expect(connect("?name=mallory")).rejects.toThrow("response: 403");
      const [ann, bob] = [await connect("?name=ann"), await connect("?name=bob")];
      ann.send({ action: "answer", text: "42" });
      return [await ann.next(), await bob.next()].map((text) => JSON.parse(text));
    },
    heard: [
      { right: true, rounds: "3" },
      { by: "ANN", text: "42" },
    ],
    tables: { PlayersCF26CFA0: [] },
    save: {
      file: "src/shared/players.ts",
      before: "{ connectionId, nick }",
      after: "{ connectionId, nick: `${nick}!` }",
    },
    heardThen: expect.arrayContaining([{ by: "ANN!", text: "42" }]),
  },
  {
    name: "auction-house",
    kind: "cdk",
    conversation: async (connect) => {
      const [ann, bob] = [await connect(), await connect()];
      ann.send({ do: "bid", lot: "vase", amount: 5 });
      await ann.next();
      const { highest, ...news } = JSON.parse(await bob.next());
      return [highest, news];
    },
    heard: [
      5,
      {
        lot: "vase",
        bids: 1,
        table: "north-data-Bids7CC0BBC2",
        topic: "arn:aws:sns:eu-central-1:222222222222:auction-news-ClosedBAF26A78",
        region: "eu-central-1",
      },
    ],
    tables: { "auction-data-BiddersA5E8F558": [] },
    save: { file: "handlers/socket/bid.js", before: "bids[0].amount", after: "bids[0].amount * 2" },
    heardThen: expect.arrayContaining([10]),
  },
  {
    name: "whiteboard",
    kind: "cdk",
    python: true,
    conversation: async (connect) => {
      const ann = await connect();
      ann.send({ action: "draw", board: String(Math.random()), color: "red", kind: "line" });
      return ann.next();
    },
    heard: '{"strokes": 1, "shape": "red line"}',
    save: { file: "functions/strokes.py", before: "{stroke['kind']}", after: "{stroke['kind']}!" },
    heardThen: '{"strokes": 1, "shape": "red line!"}',
  },
  {
    name: "help-line",
    kind: "cdk",
    directory: "infra",
    conversation: async (connect) => {
      const ann = await connect();
      ann.send({ action: "menu" });
      const menu = await ann.next();
      ann.send({ action: "who" });
      return [menu, /\d+ .*/.exec(await ann.next())?.[0].replace(/\d+/, "")];
    },
    heard: ["bills, faults", " on the line"],
    save: { file: "services/desk/greeting.ts", before: "on the line", after: "waiting" },
    heardThen: ["bills, faults", " waiting"],
  },
  {
    name: "quiz-night",
    kind: "serverless",
    conversation: async (connect) => {
      await expect(connect()).rejects.toThrow("Unexpected server response: 401");
      await expect(connect("?ticket=pub-owls")).rejects.toThrow("response: 403");
      const [owls, cats] = [await connect("?ticket=team-owls"), await connect("?ticket=team-cats")];
      owls.send({ kind: "answer", answer: 42 });
      cats.send({ kind: "score" });
      return [await owls.next(), JSON.parse(await cats.next())];
    },
    heard: ["right", { stage: "dev", teams: ["cats", "owls"] }],
    dev: {
      options: ["--parameter-overrides", "stage=final"],
      heard: ["right", { stage: "final", teams: ["cats", "owls"] }],
    },
    tables: { PlayersTable: [] },
    save: { file: "serverless.yml", before: 'RIGHT: "42"', after: 'RIGHT: "43"' },
    heardThen: ["wrong", { stage: "final", teams: ["cats", "owls"] }],
  },
  {
    name: "standup",
    kind: "serverless",
    conversation: async (connect) => {
      const [ann, bob] = [await connect("?name=ann"), await connect()];
      ann.send({ action: "say", text: "done" });
      const heard = [await ann.next(), await bob.next()];
      bob.send({ action: "other" });
      return [...heard, await ann.next()].map((text) => JSON.parse(text));
    },
    heard: [
      { team: "owls", from: "ann", text: "done" },
      { team: "owls", from: "ann", text: "done" },
      { team: "owls", from: "guest", text: '{"action":"other"}' },
    ],
    tables: { Members: [] },
    save: { file: "src/functions/say/handler.ts", before: ").text", after: ").text.toUpperCase()" },
    heardThen: expect.arrayContaining([{ team: "owls", from: "ann", text: "DONE" }]),
  },
  {
    name: "auction",
    kind: "serverless",
    conversation: async (connect) => {
      const [ann, bob] = [await connect(), await connect()];
      ann.send({ action: "bid", amount: 12.5 });
      const bids = [await ann.next(), await bob.next()].map((text) => JSON.parse(text));
      bob.send({ action: "look" });
      return [...bids, JSON.parse(await bob.next())];
    },
    heard: [
      { lot: "lamp", bid: "12.50 EUR" },
      { lot: "lamp", bid: "12.50 EUR" },
      { house: "Elm Street", stage: "dev", highest: "12.50 EUR" },
    ],
    dev: {
      options: ["--parameter-overrides", "stage=live", "--parameter-overrides", "currency=GBP"],
      heard: [
        { lot: "painting", bid: "12.50 GBP" },
        { lot: "painting", bid: "12.50 GBP" },
        { house: "unnamed", stage: "live", highest: "12.50 GBP" },
      ],
    },
    tables: { Bidders: [] },
    save: { file: "config/live.json", before: "painting", after: "mirror" },
    heardThen: expect.arrayContaining([{ lot: "mirror", bid: "12.50 GBP" }]),
  },
  {
    name: "parcel-track",
    kind: "serverless",
    python: true,
    conversation: async (connect) => {
      await expect(connect()).rejects.toThrow("Unexpected server response: 401");
      await expect(connect("", { Auth: "none" })).rejects.toThrow("response: 403");
      const ann = await connect("", { Auth: "key-ann" });
      ann.send({ action: "follow", parcel: "p1" });
      const follows = await ann.next();
      ann.send({ action: "move", parcel: "p1", to: "Oslo" });
      return [follows, await ann.next()];
    },
    heard: ["ann follows p1", "p1 is in Oslo"],
    save: { file: "tracking/routes.py", before: "is in", after: "reached" },
    heardThen: ["ann follows p1", "p1 reached Oslo"],
  },
];

/** A project as its users have it: a repository with everything committed, and its packages installed. */
function checkedOut({ name, directory = ".", packages = [] }: Project) {
  const root = join(temporaryDirectory(), name);
  cpSync(join(projects, name), root, { recursive: true });
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      cwd: root,
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "all of it");
  for (const installed of packages) {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    symlinkSync(join(ownPackages, installed), join(root, "node_modules", installed), "junction");
  }
  const status = () => git("status", "--porcelain", "--ignored");
  const before = status();
  return { root, cwd: join(root, directory), changes: () => status().replace(before, "") };
}

/**
 * All that a build can see of a directory: its files and directories, ignored ones too, each with its mode, its time
 * of change and its bytes. CDK's asset hash, `sam build`, `sam package` and `osls package` are functions of these, so
 * where they are the same before and after, the builds are. The directories' times show even a file that came and went.
 */
function seenByBuilds(root: string): readonly string[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  const isOwn = (name: string) => !/^(\.git(\/|$)|node_modules\/[^/]+\/)/.test(name);
  return ["", ...names.filter(isOwn)].map((name) => {
    const { mode, mtimeMs } = lstatSync(join(root, name));
    const isFile = statSync(join(root, name)).isFile();
    const bytes = isFile ? readFileSync(join(root, name)) : "";
    return [name, mode, mtimeMs, createHash("sha256").update(bytes).digest("hex")].join(" ");
  });
}

/** Clients of the package `ws`, as anybody has them, each with a connection of its own. */
function clientsOf(url: string) {
  const open = new Set<WebSocket>();
  const connect: Connect = async (target = "", headers = {}) => {
    const socket = new WebSocket(new URL(target, url), { headers });
    open.add(socket);
    const messages = on(socket, "message");
    await once(socket, "open").finally(() => {
      if (socket.readyState !== WebSocket.OPEN) open.delete(socket);
    });
    return {
      send: (message) => socket.send(JSON.stringify(message)),
      next: async () => String((await messages.next()).value[0]),
    };
  };
  const leave = () =>
    Promise.all(
      [...open].map((socket) => {
        open.delete(socket);
        socket.close();
        return once(socket, "close");
      }),
    );
  return { connect, leave };
}

/** Clients come, talk and leave; returns what they heard. */
async function play({ conversation }: Project, url: string): Promise<unknown> {
  const { connect, leave } = clientsOf(url);
  return conversation(connect).finally(leave);
}

/** `wsgw dev` in a directory; it is stopped by Ctrl-C's signal. */
async function dev(cwd: string, options: readonly string[] = []) {
  const args = [await buildCli(), "dev", "--port", "0", "--json", ...options];
  const child = spawn(process.execPath, args, { cwd });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => (written += data));
  }
  showWhenFailed("What wsgw dev wrote:", () => written);
  const gone = once(child, "close");
  const stop = async () => {
    child.kill("SIGINT");
    await gone;
  };
  onTestFinished(stop);
  const lines = createInterface(child.stdout);
  const [line] = await Promise.race([once(lines, "line"), gone]);
  const ready = JSON.parse(line);
  /** Resolves when what is saved from now on is live. */
  const saved = () =>
    new Promise<void>((resolve) => {
      lines.on("line", (fact) => {
        if (/"type":"(code\.reloaded|project\.changed)"/.test(fact)) resolve();
      });
    });
  return { url: String(ready.url), saved, stop };
}

/** What runs in a directory has it as its working directory, and a cache directory of its own. */
function standIn(directory: string): void {
  const before = process.cwd();
  process.chdir(directory);
  vi.stubEnv("XDG_CACHE_HOME", temporaryDirectory());
  onTestFinished(() => {
    process.chdir(before);
    vi.unstubAllEnvs();
  });
}

/** The project of this name in `fixtures/projects`. */
export function projectNamed(name: string): Project {
  const found = PROJECTS.find((project) => project.name === name);
  if (found === undefined) throw new Error(`fixtures/projects has no project "${name}".`);
  return found;
}

/** What `wsgw dev` has to be given to find its template. */
const namedIn = ({ template }: Project) => (template === undefined ? [] : ["-t", template]);

/** A gateway of the harness serves the project. */
export function testInDirectory(project: Project): void {
  const { name, heard, tables = {}, python, template } = project;
  test.skipIf(python && withoutPython)(`${name}: startGateway() in its directory`, async () => {
    const { cwd, changes } = checkedOut(project);
    standIn(cwd);

    const gateway = await (template === undefined ? startGateway() : startGateway(template));
    onTestFinished(() => gateway.stop());

    expect(await play(project, gateway.url)).toEqual(heard);
    await gateway.settled({ timeoutMs: 30_000 }); // a machine may be busy
    for (const [table, items] of Object.entries(tables)) {
      expect(await gateway.table(table).items()).toEqual(items);
    }
    await gateway.stop();
    expect(changes()).toBe("");
  });
}

/** The command line serves the project and follows a save. */
export function testDev(project: Project): void {
  const { name, heard, save, heardThen, python } = project;
  test.skipIf(python && withoutPython)(`${name}: wsgw dev, and a save`, async () => {
    const { root, cwd, changes } = checkedOut(project);
    standIn(cwd);
    const file = join(root, save.file);
    const setTime = () => utimesSync(file, 1_700_000_000, 1_700_000_000); // a time without fractions, which would be lost
    setTime();
    const before = seenByBuilds(root);
    const { url, saved, stop } = await dev(cwd, [
      ...namedIn(project),
      ...(project.dev?.options ?? []),
    ]);
    expect(await play(project, url)).toEqual(project.dev?.heard ?? heard);

    const text = readFileSync(file, "utf8");
    expect(text).toContain(save.before);
    const live = saved();
    const savedAt = performance.now();
    writeFileSync(
      file,
      text.replace(save.before, () => save.after),
    );
    await live;
    expect(performance.now() - savedAt).toBeLessThan(LIVE_WITHIN_MS);
    expect(await play(project, url)).toEqual(heardThen);

    await stop();
    writeFileSync(file, text);
    setTime();
    expect(seenByBuilds(root)).toEqual(before);
    expect(changes()).toBe("");
  });
}

/** Commands read the project and package it. */
export function testDescribed(project: Project): void {
  const named = namedIn(project);
  test(`${project.name}: describe and deploy --noop`, async () => {
    const { cwd, changes } = checkedOut(project);
    standIn(cwd);

    expect(await runMain(["describe", ...named], { cwd })).toMatchObject({
      exitCode: 0,
      err: expect.stringMatching(/^(! .* is not available on this machine\. .*\n)*$/), // runtimes that AWS has closed
    });
    expect(await runMain(["deploy", "--noop", ...named], { cwd })).toMatchObject({
      exitCode: 0,
      err: "",
    });
    expect(changes()).toBe("");
  });
}

/** Every journey of every project of a kind. */
export function testKind(kind: Kind): void {
  const ofKind = PROJECTS.filter((project) => project.kind === kind);
  for (const project of ofKind) {
    testInDirectory(project);
    testDev(project);
    testDescribed(project);
  }
}
