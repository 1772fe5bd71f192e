import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { createTimers } from "../../../../src/emulator/lambda/in-process/sandbox-timers.ts";
import { createFakeTimers } from "../../../../src/emulator/lambda/in-process/virtual-time.ts";
import { manualClock } from "../../../contracts/lambda-setup.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Changes at any time, since other files' timers end. */
const timersOfProcess = () =>
  process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
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
  { tags: ["journey"] },
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

test.each(["setTimeout", "setImmediate"] as const)(
  "what %s held is free once it has fired, while the environment lives on",
  async (start) => {
    const { timers } = startedTimers();
    const begin = () => {
      const held = { bytes: new Uint8Array(1000) };
      const fired = new Promise<void>((resolve) => {
        timers[start](() => resolve(void held), 1);
      });
      return { held: new WeakRef(held), fired };
    };

    const { held, fired } = begin();
    await fired;
    await turn();
    collectGarbage();

    expect(held.deref()).toBeUndefined();
  },
);

test.each(["setTimeout", "setInterval", "setImmediate"] as const)(
  "%s hands its values over, and what its code throws is the function's",
  async (start) => {
    const thrown = new Error("mine");
    const [error, values] = await new Promise<[unknown, unknown[]]>((resolve) => {
      let given: unknown[] = [];
      const { timers, stop } = createTimers((uncaught) => resolve([uncaught, given]));
      onTestFinished(stop);
      const run = (...handed: unknown[]) => {
        given = handed;
        throw thrown;
      };
      const more = start === "setImmediate" ? ["a", "b"] : [1, "a", "b"];
      Reflect.apply(timers[start], undefined, [run, ...more]);
    });

    expect(error).toBe(thrown);
    expect(values).toEqual(["a", "b"]);
  },
);

test("an interval fires until its environment ends", async () => {
  const { timers, stop } = startedTimers();
  let fired = 0;
  await new Promise<void>((resolve) => {
    timers.setInterval(() => {
      fired += 1;
      if (fired === 2) resolve();
    }, 1);
  });

  const before = timersOfProcess();
  stop();

  expect(timersOfProcess()).toBe(before - 1);
});

test("timers can be awaited, as those of the process", async () => {
  const { timers } = startedTimers();

  expect(await promisify(timers.setTimeout)(1, "a")).toBe("a");
  expect(await promisify(timers.setImmediate)("b")).toBe("b");
});

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
  stop();
  const before = timersOfProcess();
  timers.setImmediate(() => fired.push("immediate"));
  timers.setInterval(() => fired.push("interval"), 1);
  timers.setTimeout(() => fired.push("timeout"), 1);

  expect(timersOfProcess()).toBe(before);
  await turn();
  expect(fired).toEqual([]);
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
