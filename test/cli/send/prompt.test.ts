import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCli } from "../build.ts";
import { chat, peer } from "../servers.ts";
import { hasTerminals, KEYS, startTerminal, type Terminal } from "../terminal.ts";

let cli: string;

beforeAll(async () => {
  cli = await buildCli();
}, 60_000);

/** `wsgw send` in a terminal, connected and asking. */
async function prompt(url: string, more: { argv?: string[]; home?: string } = {}) {
  const terminal = await startTerminal(
    [process.execPath, cli, "send", url, ...(more.argv ?? [])],
    more.home === undefined ? {} : { home: more.home },
  );
  await terminal.shows(/^Connected to [\s\S]*\n>/);
  return terminal;
}

/** What is below the two lines about the connection. */
function dialogue(terminal: Terminal): readonly string[] {
  return terminal.screen().split("\n").slice(2);
}

const MESSAGE = '{"message":"sendmessage", "data":"hello world !"}';

describe.skipIf(!hasTerminals())("at a terminal", () => {
  test("shows what is sent and what comes back as hashrocket's ws does", async () => {
    const { url, messages } = await peer(chat);
    const terminal = await prompt(url);

    terminal.type(`${MESSAGE}${KEYS.enter}`);
    await terminal.shows(/hello world !"\n>$/);

    expect(dialogue(terminal)).toEqual([`> ${MESSAGE}`, '< "hello world !"', ">"]);
    expect(messages).toEqual([MESSAGE]);
  });

  test("a frame that comes while one types leaves the line as it was, however long", async () => {
    const { url, connected, messages } = await peer((_, socket) => socket.send("thanks"));
    const terminal = await prompt(url);
    const typed = `${"0123456789".repeat(9)}END`;
    terminal.type(`${typed}${KEYS.left.repeat(3)}`);
    const column = 2 + typed.length - 3 - 80;
    await terminal.cursorAt(3, column);
    terminal.type("-"); // readline remembers the row from here on
    await terminal.cursorAt(3, column + 1);

    (await connected).socket.send("from elsewhere");
    await terminal.shows(/< from elsewhere\n> 0[\s\S]*-END$/);

    expect(dialogue(terminal)).toEqual([
      "< from elsewhere",
      `> ${typed.slice(0, 78)}`,
      `${typed.slice(78, -3)}-END`,
    ]);
    await terminal.cursorAt(4, column + 1);
    terminal.type(`X${KEYS.enter}`);
    await terminal.shows(/< thanks\n>$/);
    expect(messages).toEqual([`${"0123456789".repeat(9)}-XEND`]);
  });

  test.each([
    ["narrower", 45],
    ["wider", 100],
  ])(
    "a terminal that becomes %s shows the typed line once, and all above it",
    { tags: ["journey"] },
    async (_, columns) => {
      const { url, connected } = await peer();
      const terminal = await prompt(url);
      (await connected).socket.send("above");
      await terminal.shows(/< above\n>$/);
      const typed = `${"0123456789".repeat(9)}END`;
      terminal.type(typed);
      await terminal.shows(/END$/);

      terminal.resize(columns);
      terminal.type("!");
      await terminal.shows(/END!$/);

      const line = `> ${typed}!`;
      const rows = [...line.matchAll(new RegExp(`.{1,${columns}}`, "g"))].map(([row]) => row);
      expect(
        terminal
          .screen()
          .split("\n")
          .slice(-rows.length - 1),
      ).toEqual(["< above", ...rows]);
      expect(terminal.screen().match(/> 01234/g)).toHaveLength(1);
    },
  );

  test("pastes into the middle of a line where the cursor is", { tags: ["journey"] }, async () => {
    const { url, messages } = await peer((_, socket) => socket.send("thanks"));
    const terminal = await prompt(url);
    terminal.type(`ad${KEYS.left}`);
    await terminal.cursorAt(2, 3);

    terminal.type("bc");
    await terminal.shows(/> abcd$/);
    terminal.type(KEYS.enter);
    await terminal.shows(/< thanks\n>$/);

    expect(messages).toEqual(["abcd"]);
  });

  test("the arrow brings back what was sent, also at the next prompt", {
    tags: ["journey"],
  }, async () => {
    const { url } = await peer((text, socket) => socket.send(`got ${text}`));
    const first = await prompt(url);
    first.type(`one${KEYS.enter}`);
    await first.shows(/< got one\n>$/);
    first.type(`${KEYS.up}${KEYS.enter}`);
    await first.shows(/(< got one\n>[\s\S]*){2}$/);
    first.type(`/quit${KEYS.enter}`);
    expect(await first.exited).toBe(0);

    const second = await prompt(url, { home: first.home });
    second.type(`${KEYS.up}${KEYS.up}`);
    await second.shows(/> one$/);

    expect(await readFile(join(first.home, ".wsgw_history"), "utf8")).toBe("one\n/quit\n");
  });

  test("measures a round trip, lists the commands, and says what it does not know", {
    tags: ["journey"],
  }, async () => {
    const { url } = await peer();
    const terminal = await prompt(url);

    terminal.type(`/ping${KEYS.enter}`);
    await terminal.shows(/> \/ping\npong after \d+\.\d ms\n>$/);
    terminal.type(`/help${KEYS.enter}`);
    await terminal.shows(/\n {2}\/close \[code\] \[reason\] {2}close the connection[\s\S]*\n>$/);
    terminal.type(`/frob${KEYS.enter}`);
    await terminal.shows(
      /The command \/frob does not exist\. \/help lists them, and \/\/frob sends "\/frob"\.\n>$/,
    );
  });

  test("gathers JSON that is pasted over several lines into one message", {
    tags: ["journey"],
  }, async () => {
    const { url, messages } = await peer((_, socket) => socket.send("thanks"));
    const terminal = await prompt(url);

    terminal.type('{\r  "a": [\r  1]\r}\r');
    await terminal.shows(/< thanks\n>$/);

    expect(messages).toEqual(['{\n  "a": [\n  1]\n}']);
    expect(dialogue(terminal).slice(0, 4)).toEqual(["> {", '…   "a": [', "…   1]", "… }"]);
  });

  test("/close closes with the code and reason given, and leaves", {
    tags: ["journey"],
  }, async () => {
    const { url, closed } = await peer();
    const terminal = await prompt(url);

    terminal.type(`/close 4001 see you${KEYS.enter}`);

    expect(await terminal.exited).toBe(0);
    expect(await closed).toEqual({ code: 4001, reason: "see you" });
    expect(dialogue(terminal)).toEqual(["> /close 4001 see you", 'Closed with 4001 "see you".']);
  });

  test.each([
    ["Ctrl-D", KEYS.ctrlD],
    ["Ctrl-C on an empty line", KEYS.ctrlC],
  ])("%s closes with 1000 and leaves", { tags: ["journey"] }, async (_, key) => {
    const { url, closed } = await peer();
    const terminal = await prompt(url);

    terminal.type(key);

    expect(await terminal.exited).toBe(0);
    expect(await closed).toEqual({ code: 1000, reason: "" });
    expect(dialogue(terminal)).toEqual([">", "Closed with 1000."]);
  });

  test("Ctrl-C on a line that is being typed empties it", { tags: ["journey"] }, async () => {
    const { url, messages } = await peer((text, socket) => socket.send(`got ${text}`));
    const terminal = await prompt(url);

    terminal.type(`wrong${KEYS.ctrlC}right${KEYS.enter}`);
    await terminal.shows(/< got right\n>$/);

    expect(messages).toEqual(["right"]);
  });

  test("tells when the gateway closes the connection, and exits with 4", {
    tags: ["journey"],
  }, async () => {
    const { url, connected } = await peer();
    const terminal = await prompt(url);
    terminal.type("half a li");
    await terminal.shows(/half a li$/);

    (await connected).socket.close(1001, "Going away");

    expect(await terminal.exited).toBe(4);
    expect(dialogue(terminal)).toEqual([
      'The gateway closed the connection with 1001 "Going away".',
    ]);
  });

  test("explains the frames of the gateway itself", { tags: ["journey"] }, async () => {
    const frame = '{"message": "Forbidden", "connectionId":"a", "requestId":"b"}';
    const { url } = await peer((_, socket) => socket.send(frame));
    const terminal = await prompt(url);

    terminal.type(`x${KEYS.enter}`);
    await terminal.shows(/\$default route\.\n>$/);

    expect(dialogue(terminal)).toEqual([
      "> x",
      `< ${frame}`,
      "  No route takes this message, and the API has no $default route.",
      ">",
    ]);
  });

  test("shows frames of several lines and of bytes, and lets none steer the terminal", {
    tags: ["journey"],
  }, async () => {
    const { url, connected } = await peer();
    const terminal = await prompt(url);
    const { socket } = await connected;

    socket.send("one\ntwo\u001b[2J");
    socket.send(Buffer.from([1, 255]));
    await terminal.shows(/bytes\n>$/);

    expect(dialogue(terminal)).toEqual(["< one", "  two\\x1b[2J", "< 01ff  binary, 2 bytes", ">"]);
  });

  test("/pings on shows the pings of the server, /pings off hides them", {
    tags: ["journey"],
  }, async () => {
    const { url, connected } = await peer((text, socket) => socket.send(text));
    const terminal = await prompt(url);
    const { socket } = await connected;
    const ping = () =>
      new Promise<void>((resolve) => {
        socket.once("pong", () => resolve());
        socket.ping();
      });

    await ping();
    terminal.type(`/pings on${KEYS.enter}one${KEYS.enter}`);
    await terminal.shows(/< one\n>$/);
    await ping();
    await terminal.shows(/answered\n>$/);
    terminal.type(`/pings off${KEYS.enter}two${KEYS.enter}`);
    await terminal.shows(/< two\n>$/);
    await ping();
    socket.send("three");
    await terminal.shows(/< three\n>$/);

    expect(terminal.screen().match(/ping from the server, answered/g)).toHaveLength(1);
  });

  test("-x needs no prompt even at a terminal", { tags: ["journey"] }, async () => {
    const { url } = await peer((text, socket) => socket.send(`got ${text}`));
    const terminal = await startTerminal([
      process.execPath,
      cli,
      "send",
      url,
      "-x",
      "a",
      "-n",
      "1",
    ]);

    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toBe("got a");
  });
});
