import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../../cli/main.ts";
import { HELP } from "../../../cli/send/command-syntax.ts";
import { showWhenFailed } from "../../show-when-failed.ts";
import { buildCli } from "../build.ts";
import { fakeIo } from "../fake-io.ts";
import { hasTerminals, KEYS, startTerminal, type Terminal } from "../terminal.ts";
import { type LocalChat, startLocalChat } from "./local-chat.ts";

let cli: string;
let chat: LocalChat;
let shared: Terminal;
let endShared = async () => {};

const here = describe.skipIf(!hasTerminals());

beforeAll(async () => {
  [cli, chat] = await Promise.all([buildCli(), startLocalChat()]);
  await writeFile(join(chat.root, "message.txt"), '{"action":"echo","from":"file"}');
  await writeFile(join(chat.root, "lines.txt"), '# a comment\n{"action":"echo","from":"lines"}\n');
  if (!hasTerminals()) return;
  shared = await open((stop) => {
    endShared = stop;
  });
}, 60_000);
afterAll(async () => {
  await endShared();
  await chat?.stop();
});

/** `wsgw send` in the directory of the gateway. */
async function open(onEnd?: (stop: () => Promise<void>) => void): Promise<Terminal> {
  const terminal = await startTerminal([process.execPath, cli, "send"], {
    cwd: chat.root,
    ...(onEnd && { onEnd }),
  });
  await terminal.shows(/^Connected to ws:\/\/localhost:\d+\/v1 as\s\S{18}==\.[\s\S]*\n>/);
  return terminal;
}

/** Types a line and waits until what it brings stands below it. */
async function does(terminal: Terminal, line: string, pattern: RegExp): Promise<void> {
  const before = terminal.screen().length;
  terminal.type(`${line}${KEYS.enter}`);
  await terminal.shows({
    test: (screen: string) => pattern.test(screen.slice(Math.max(0, before - 2))),
  } as RegExp);
}

type Steps = readonly (readonly [typed: string, shows: RegExp])[];

/** For each line of /help: what is typed, and what is seen then. They share one terminal, in this order. */
const SHARED: Readonly<Record<string, Steps>> = {
  text: [['{"action":"echo","n":1}', /< \{"action":"echo","n":1\}\n>/]],
  "//text": [
    [
      "//slash",
      /< \{\n {4}"message": "Forbidden",[\s\S]*default route\.\n {2}\/trace shows the cause\.\n>/,
    ],
  ],
  "@NAME text": [
    ["@main /ping", /pong after/],
    ['@main {"action":"echo","at":1}', /"at":1\}\n>/],
    ["@nobody hi", /The connection nobody does not exist\. Open connections: main\./],
  ],
  "$last ${x}": [
    ['{"action":"echo","n":7}', /< .*"n":7\}/],
    ['{"action":"echo","was":$last.n,"say":"n is ${last.n}"}', /< .*"was":7,"say":"n is 7"\}/],
    ['{"a":$last.b.c}', /\$last\.b\.c has no value\. The last/],
  ],
  "/raw TEXT": [['/raw {"action":"echo","raw":"${x}"}', /< .*"raw":"\$\{x\}"\}/]],
  "/file FILE": [["/file message.txt", /< .*"from":"file"\}/]],
  "/ping [count]": [
    ["/ping 2", /2 pings: [\d.]+ ms at least, [\d.]+ ms on average, [\d.]+ ms at most/],
  ],
  "/set [NAME value]": [
    ["/set room blue", />/],
    ['{"action":"echo","room":"${room}"}', /< .*"room":"blue"\}/],
    ["/set", / {2}room {2}blue\n>/],
    ['{"a":"${unset}"}', /\$\{unset\} has no value/],
  ],
  "/template [NAME TEXT]": [
    ['/template hi {"action":"echo","to":"${who}","room":"${room}"}', />/],
    ["/template", / {2}hi {2}\{"action":"echo"/],
  ],
  "/send NAME [x=y …]": [["/send hi who=ann", /< .*"to":"ann","room":"blue"\}/]],
  "/select [expression]": [
    ["/select data.id", />/],
    ['{"action":"echo","data":{"id":"x1"}}', /\n< x1\n>/],
    ['{"action":"echo","data":1}', /\n< nothing selected, 26 bytes\n>/],
    ["/select", />/],
    ["/select [", /That is not a JMESPath expression/],
  ],
  "/pretty on|off": [
    [`{"action":"echo","long":"${"x".repeat(70)}"}`, /\n< \{\n {4}"action": "echo",\n/],
    ["/pretty off", />/],
    [`{"action":"echo","long":"${"y".repeat(70)}"}`, /\n< \{"action":"echo","long":"y/],
    ["/pretty on", />/],
  ],
  "/times on|off": [
    ["/times on", />/],
    [
      '{"action":"echo","t":1}',
      /\n\d\d:\d\d:\d\d\.\d{3} \+(<1|\d+) ms < \{"action":"echo","t":1\}/,
    ],
    ["/times off", />/],
    ["/times maybe", /\/times needs on or off/],
  ],
  "/pings on|off": [["/pings on", />/]],
  "/load FILE": [["/load lines.txt", /< .*"from":"lines"\}/]],
  "/expect WHAT": [
    ['{"action":"echo","e":1}', /< .*"e":1\}/],
    ['/expect {"e":1}', />/],
  ],
  "/wait TIME": [["/wait 1ms", />/]],
  "/routes": [["/routes", /\n {2}echo\n {2}save\n>/]],
  "/connections": [["/connections", /\n {2}\S{18}== main {2}127\.0\.0\.1 {2}since \d\d:/]],
  "/post ID TEXT": [
    ["/post main hello ann", /< hello ann\n[\s\S]*answered 200|answered 200\n[\s\S]*< hello ann\n/],
  ],
  "/get [ID]": [["/get", /answered 200\n[\s\S]*"sourceIp": "127\.0\.0\.1"/]],
  "/trace": [
    ['{"action":"save"}', /< saved/],
    [
      "/trace",
      /> \{"action":"save"\}[\s\S]*→ save because[\s\S]*event for save[\s\S]*"routeKey": "save"[\s\S]*PutItem chat-notes \{"id":\{"S":"n1"\}\}[\s\S]*kept n1[\s\S]*< posted[\s\S]*✓ save[\s\S]*< saved/,
    ],
  ],
  "/open NAME [url]": [
    ["/open ann", /ann is connected to ws:\/\/localhost:\d+\/v1 as[\s\S]*\nann> ?/],
  ],
  "/who": [["/who", / {2}main {2}ws:[\s\S]*\* ann {2}ws:/]],
  "/all TEXT": [['/all {"action":"echo","all":1}', /(main|ann) < [\s\S]*(main|ann) < /]],
  "/use NAME": [["/use main", /main> ?$/]],
  "/kick ID": [
    [
      "/kick ann",
      /answered 204[\s\S]*ann The gateway closed the connection with 1\d\d\d|with 1\d\d\d[\s\S]*answered 204/,
    ],
  ],
  "/help": [["/help", /\/help {2,}show this/]],
};

/** These end the prompt, so each has a terminal of its own. */
const ENDING: Readonly<Record<string, (terminal: Terminal) => Promise<void>>> = {
  async "/binary HEX"(terminal) {
    terminal.type(`/binary 00 ff${KEYS.enter}`);
    expect(await terminal.exited).toBe(4);
    expect(terminal.screen()).toMatch(/The gateway closed the connection with 1003/);
  },
  async "/close [code] [reason]"(terminal) {
    terminal.type(`/close 4001 see you${KEYS.enter}`);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toMatch(/Closed with 4001 "see you"\.$/);
  },
  async "/quit"(terminal) {
    terminal.type(`/quit${KEYS.enter}`);
    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toMatch(/Closed with 1000\.$/);
  },
};

test("every command of /help is tested here", () => {
  const tested = [...Object.keys(SHARED), ...Object.keys(ENDING)].sort();

  expect(tested).toEqual(HELP.map(([usage]) => usage).sort());
});

test.each(["/post nobody hello", "/get nobody", "/kick nobody", "/trace"])(
  "a script ends where the gateway cannot do %s",
  async (line) => {
    const stdin = Readable.from([`${line}\n/ping\n`]);
    const io = fakeIo({ stdin, cwd: chat.root });

    expect(await main(["send", "-f", "-"], io)).toBe(1);
    expect(io.err()).toMatch(/^✗ .*(answered 4|has no record of a message).*\n✗ -, line 1: /);
  },
);

test("a script goes on where the gateway does what is asked", async () => {
  const stdin = Readable.from(["/post main hello\n/expect hello\n/get\n/open ann\n/kick ann\n"]);
  const io = fakeIo({ stdin, cwd: chat.root });

  expect(await main(["send", "-f", "-"], io)).toBe(0);
});

here("at the prompt of a local gateway", () => {
  test.each(Object.entries(SHARED))("%s", async (_, steps) => {
    showWhenFailed("What the terminal showed:", shared.screen);
    for (const [typed, shows] of steps) await does(shared, typed, shows);
  });

  test.each(Object.entries(ENDING))("%s", { tags: ["journey"] }, async (_, ends) => {
    await ends(await open());
  });

  test("Tab completes commands, route keys, and what was sent before", {
    tags: ["journey"],
  }, async () => {
    const terminal = await open();
    await does(terminal, "/routes", / {2}echo\n/); // by now it knows them
    terminal.type("/tem");
    await terminal.shows(/> \/tem$/);
    terminal.type(KEYS.tab);
    await terminal.shows(/> \/template$/);
    terminal.type(KEYS.ctrlC);
    terminal.type('{"action":"ec');
    await terminal.shows(/"ec$/);
    terminal.type(KEYS.tab);
    await terminal.shows(/> \{"action":"echo"$/);
    terminal.type(`,"n":5}${KEYS.enter}`);
    await terminal.shows(/< \{"action":"echo","n":5\}\n>$/);
    terminal.type('{"action":"echo",');
    await terminal.shows(/> \{"action":"echo",$/);
    terminal.type(KEYS.tab);
    await terminal.shows(/> \{"action":"echo","n":5\}$/);
  });
});
