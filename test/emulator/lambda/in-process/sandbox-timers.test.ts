import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { createFakeTimers } from "../../../../src/emulator/lambda/in-process/fake-timers.ts";
import { createTimers } from "../../../../src/emulator/lambda/in-process/sandbox-timers.ts";
import { manualClock } from "../../../contracts/lambda-setup.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const unexpected = (error: unknown): never => {
  throw error;
};

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}

function startedTimers() {
  const own = createTimers(unexpected);
  onTestFinished(own.stop);
  return own;
}

test.each([
  ["setTimeout", "clearTimeout"],
  ["setInterval", "clearInterval"],
  ["setImmediate", "clearImmediate"],
] as const)(
  "what %s held is free after %s, while the environment lives on",
  async (start, clear) => {
    const { timers } = startedTimers();
    const begin = () => {
      const held = { bytes: new Uint8Array(1000) };
      const timer = timers[start](() => held, 60_000);
      timers[clear](timer as never);
      return new WeakRef(held);
    };

    const held = begin();
    await turn();
    collectGarbage();

    expect(held.deref()).toBeUndefined();
  },
);

test("a timer that was cleared by its number does not fire, and no other is cleared", async () => {
  const { timers } = startedTimers();
  const fired: string[] = [];
  const cleared = timers.setTimeout(() => fired.push("cleared"), 1);
  const done = new Promise<void>((resolve) => {
    timers.setTimeout(() => {
      fired.push("other");
      resolve();
    }, 2);
  });

  timers.clearTimeout(Number(cleared));
  await done;

  expect(fired).toEqual(["other"]);
});

test("code that runs on after the end of its environment starts no timer any more", async () => {
  const { timers, stop } = startedTimers();
  const fired: string[] = [];
  const timersOfProcess = () =>
    process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

  stop();
  const before = timersOfProcess();
  timers.setImmediate(() => fired.push("immediate"));
  timers.setInterval(() => fired.push("interval"), 1);
  timers.setTimeout(() => fired.push("timeout"), 1);
  await turn();

  expect(fired).toEqual([]);
  expect(timersOfProcess()).toBe(before);
});

test("after the end of its environment nothing waits for the gateway's clock any more", () => {
  const clock = manualClock();
  const { timers } = startedTimers();
  const time = createFakeTimers(clock, timers, unexpected);
  const { setTimeout } = time.globals as typeof globalThis;
  const fired: string[] = [];

  time.stop();
  const timer = setTimeout(() => fired.push("late"), 1000);
  timer.refresh();
  clock.advance(5000);

  expect(fired).toEqual([]);
});
