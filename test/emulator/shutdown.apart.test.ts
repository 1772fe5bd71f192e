import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient } from "../../src/client/client.ts";
import { startEmulator } from "../../src/emulator/emulator.ts";
import type { WebSocketEvent } from "../../src/testing/index.ts";
import { project } from "../readers/projects.ts";

const OK = { statusCode: 200 };

/** Lets happen what takes no time, until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await vi.advanceTimersByTimeAsync(0);
    await setImmediate();
  }
}

/** A gateway that so many clients are connected to, whose `$disconnect` ends when the test says so. */
async function start(clients: number, stopGraceMs: number) {
  const disconnects: (() => void)[] = [];
  const { root } = project({ "package.json": "{}", "all.js": "exports.handler = () => {};\n" });
  const emulator = await startEmulator({
    root,
    port: 0,
    runtime: "in-process",
    stopGraceMs,
    environments: { growthDelayMs: 0, keep: clients },
    definition: {
      name: "stopping",
      routeSelectionExpression: "$request.body.action",
      stage: { name: "dev" },
      functions: { all: { handler: "all.handler", timeout: 900 } },
      routes: { $connect: { function: "all" }, $disconnect: { function: "all" } },
    },
    handlers: {
      all: ({ requestContext: { eventType } }: WebSocketEvent) =>
        eventType === "CONNECT"
          ? Promise.resolve(OK)
          : new Promise((resolve) => disconnects.push(() => resolve(OK))),
    },
  });
  onTestFinished(() => emulator.stop());
  for (let n = 0; n < clients; n += 1) {
    const opening = await openClient(emulator.url);
    if (opening.kind === "refused") throw new Error(opening.body);
  }
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  onTestFinished(() => void vi.useRealTimers());

  const stopping = { isOver: false };
  const stopped = emulator.stop().then(() => {
    stopping.isOver = true;
  });
  await until(() => disconnects.length === clients);
  const ended = () =>
    emulator.journal.entries().filter(({ type }) => type === "function.ended").length - clients;
  return {
    stopping,
    stopped,
    async endOne() {
      const before = ended();
      disconnects.shift()?.();
      await until(() => ended() === before + 1);
    },
    warnings: () =>
      emulator.journal
        .entries()
        .flatMap((entry) => (entry.type === "warning" ? entry.message : [])),
  };
}

test("each $disconnect that ends renews the others' time, and those left are reported", async () => {
  const { stopping, stopped, endOne, warnings } = await start(4, 5_000);

  for (let n = 0; n < 2; n += 1) {
    await vi.advanceTimersByTimeAsync(4_999);
    await endOne();
  }
  await vi.advanceTimersByTimeAsync(4_999);
  expect(stopping.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await stopped;

  expect(warnings()).toEqual([
    "wsgw stopped before the $disconnect of 2 connections ended. Data that it deletes, such as rows of a table, may remain.",
  ]);
});

test("after half a minute a stop continues, and reports also those that timed out", async () => {
  const { stopping, stopped, endOne, warnings } = await start(4, 20_000);

  await vi.advanceTimersByTimeAsync(19_000);
  await endOne();
  await vi.advanceTimersByTimeAsync(9_000);
  await endOne();
  expect(stopping.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(2_000);
  await stopped;

  expect(warnings()).toEqual([expect.stringContaining("of 2 connections ended")]);
});

test("a stop that has run every $disconnect tells nothing", async () => {
  const { stopped, endOne, warnings } = await start(2, 5_000);

  await endOne();
  await endOne();
  await stopped;

  expect(warnings()).toEqual([]);
});
