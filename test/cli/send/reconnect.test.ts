import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Attempt } from "../../../cli/send/connector.ts";
import { backOff, isFinal, isReopened } from "../../../cli/send/reconnect.ts";
import { startEmulator } from "../../../src/emulator/emulator.ts";
import { buildCli } from "../build.ts";
import { hasTerminals, KEYS, startTerminal } from "../terminal.ts";
import { announce, DEFINITION, startLocalChat } from "./local-chat.ts";

let cli: string;

const AGAIN = /Connected again as\s(\S{18}==)\./;

describe.skipIf(!hasTerminals())("wsgw send --reconnect at a gateway", () => {
  beforeAll(async () => {
    cli = await buildCli();
  }, 60_000);

  test("tells the new connection id after the connection was ended there", {
    tags: ["journey"],
  }, async () => {
    const chat = await startLocalChat();
    onTestFinished(() => chat.stop());
    const terminal = await open(chat.root);
    const first = /as\s(\S{18}==)\./.exec(terminal.screen())?.[1];

    terminal.type(`/kick main${KEYS.enter}`);
    await terminal.shows(AGAIN);
    const second = AGAIN.exec(terminal.screen())?.[1];
    terminal.type(`/connections${KEYS.enter}`);
    await terminal.shows(/\n {2}\S{18}== main/);

    expect(terminal.screen().replace(/\s+/g, "")).toMatch(
      /Thegatewayclosedtheconnectionwith1000"ConnectionClosedNormally";reconnectingin/,
    );
    expect(second).not.toBe(first);
    expect(/\n {2}(\S{18}==) main/.exec(terminal.screen())?.[1]).toBe(second);
  });

  test("finds the restarted gateway, and uses it from then on", { tags: ["journey"] }, async () => {
    const chat = await startLocalChat();
    onTestFinished(() => chat.stop());
    const terminal = await open(chat.root);
    const port = Number(new URL(chat.emulator.url).port);

    await chat.emulator.stop();
    await terminal.shows(unwrapped(/reconnectingin/));
    const emulator = await startEmulator({ definition: DEFINITION, root: chat.root, port });
    const withdraw = await announce(chat.root, emulator);
    onTestFinished(async () => {
      await withdraw();
      await emulator.stop();
    });
    await terminal.shows(AGAIN);
    terminal.type(`{"action":"echo","n":1}${KEYS.enter}`);
    await terminal.shows(/< \{"action":"echo","n":1\}\n>$/);
    terminal.type(`/get${KEYS.enter}`);
    await terminal.shows(/answered 200\n[\s\S]*"sourceIp"/);
  });

  test("leaves while it reconnects, and says that it did not", { tags: ["journey"] }, async () => {
    const chat = await startLocalChat();
    onTestFinished(() => chat.stop());
    const terminal = await open(chat.root);
    await chat.emulator.stop();
    await terminal.shows(unwrapped(/reconnectingin/));

    terminal.type(KEYS.ctrlD);

    expect(await terminal.exited).toBe(0);
    expect(terminal.screen()).toMatch(/Left while not connected\.$/);
  });
});

test.each([
  [0, 0, 250],
  [0, 1, 313],
  [1, 0, 500],
  [2, 0, 1000],
  [6, 0, 16_000],
  [7, 0, 30_000],
  [20, 0, 30_000],
  [100, 1, 37_500],
])("before attempt %i with chance %d there are %i ms", (attempt, random, ms) => {
  expect(backOff(attempt, random)).toBe(ms);
});

test.each([
  [400, true],
  [403, true],
  [499, true],
  [429, false],
  [500, false],
  [502, false],
])("after the status %i a further attempt is useless: %s", (statusCode, useless) => {
  expect(isFinal({ kind: "rejected", rejection: { statusCode } } as Attempt)).toBe(useless);
});

/** A pattern for the screen without its blanks: lines are broken anywhere. */
function unwrapped(pattern: RegExp): RegExp {
  return { test: (screen: string) => pattern.test(screen.replace(/\s+/g, "")) } as RegExp;
}

async function open(root: string) {
  const terminal = await startTerminal([process.execPath, cli, "send", "--reconnect"], {
    cwd: root,
  });
  await terminal.shows(/^Connected to ws:\/\/localhost:\d+\/v1 as\s\S{18}==\.[\s\S]*\n>/);
  return terminal;
}

test("a connection is opened again with --reconnect, unless this side has closed it", () => {
  expect(isReopened({ leaving: false }, { reconnect: true })).toBe(true);
  expect(isReopened({ leaving: true }, { reconnect: true })).toBe(false);
  expect(isReopened({ leaving: false }, { reconnect: false })).toBe(false);
});
