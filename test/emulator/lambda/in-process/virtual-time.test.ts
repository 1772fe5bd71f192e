import { getEventListeners } from "node:events";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { createManualClock } from "../../../../src/clock.ts";
import { createTimers } from "../../../../src/emulator/lambda/in-process/sandbox-timers.ts";
import { createFakeTimers } from "../../../../src/emulator/lambda/in-process/virtual-time.ts";

const NOW = Date.parse("2026-03-01T00:00:00Z");
const MOST_MS = 2 ** 31 - 1;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

type TimersPromises = typeof import("node:timers/promises");

function start() {
  const errors: unknown[] = [];
  const clock = createManualClock(NOW);
  const { timers: real, stop } = createTimers((error) => void errors.push(error));
  onTestFinished(stop);
  const fake = createFakeTimers(clock, real, (error) => void errors.push(error));
  const globals = fake.globals as typeof globalThis & { now(): number };
  const promises = fake.modules["wsgw:timers/promises"] as TimersPromises;
  return { clock, real, fake, globals, promises, errors };
}

test("a timer fires once, when its time has come, with its values", () => {
  const { clock, globals } = start();
  const fired: unknown[] = [];
  globals.setTimeout((...values: unknown[]) => fired.push(values), 100, "a", 1);

  clock.advance(99);
  expect(fired).toEqual([]);
  clock.advance(1000);

  expect(fired).toEqual([["a", 1]]);
});

test("an interval fires again and again until it is cleared", () => {
  const { clock, globals } = start();
  const fired: number[] = [];
  const timer = globals.setInterval(() => fired.push(clock.now() - NOW), 100);

  clock.advance(350);
  globals.clearInterval(timer);
  clock.advance(1000);

  expect(fired).toEqual([100, 200, 300]);
});

test.each([
  [0, 1],
  [-5, 1],
  [undefined, 1],
  ["20", 20],
  [1.9, 1],
  [MOST_MS, MOST_MS],
  [MOST_MS + 1, 1],
])("a delay of %s is one of %i ms", (delay, ms) => {
  const { clock, globals } = start();
  let fired = false;
  globals.setTimeout(() => {
    fired = true;
  }, delay as number);

  clock.advance(ms - 1);
  expect(fired).toBe(false);
  clock.advance(1);

  expect(fired).toBe(true);
});

test("a timer is cleared by itself and by its number; one of a package's too", async () => {
  const { clock, real, globals, fake } = start();
  const fired: string[] = [];
  const note = (name: string) => () => void fired.push(name);
  const [one, two] = [globals.setTimeout(note("one"), 10), globals.setTimeout(note("two"), 10)];
  globals.setTimeout(note("three"), 10);
  const packages = real.setTimeout(note("a package's"), 1);
  expect(Number(one)).not.toBe(Number(two));

  globals.clearTimeout(one);
  globals.clearTimeout(Number(two));
  globals.clearTimeout(packages);
  clock.advance(10);
  await new Promise((resolve) => real.setTimeout(resolve, 2));

  expect(fired).toEqual(["three"]);
  fake.stop();
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("has the methods of Node's Timeout", () => {
  const { clock, globals } = start();
  const fired: number[] = [];
  const timer = globals.setTimeout(() => fired.push(clock.now() - NOW), 100);

  expect(timer.hasRef()).toBe(true);
  expect(timer.unref()).toBe(timer);
  expect(timer.hasRef()).toBe(false);
  expect(timer.ref()).toBe(timer);
  expect(timer.hasRef()).toBe(true);
  clock.advance(60);
  expect(timer.refresh()).toBe(timer);
  clock.advance(1000);
  expect(fired).toEqual([160]);
  timer.refresh();
  expect(timer.close()).toBe(timer);
  clock.advance(1000);

  expect(fired).toEqual([160]);
});

test("rejects what is not a function, and reports what a timer throws", () => {
  const { clock, globals, errors } = start();
  const boom = new Error("boom");

  expect(() => globals.setTimeout("text" as never, 1)).toThrow(
    'The "callback" argument must be of type function.',
  );
  globals.setTimeout(() => {
    throw boom;
  }, 1);
  clock.advance(1);

  expect(errors).toEqual([boom]);
});

test("Date is the machine's but for its idea of now", () => {
  const { clock, globals } = start();
  clock.advance(1500);

  expect(globals.Date.now()).toBe(NOW + 1500);
  expect(new globals.Date().getTime()).toBe(NOW + 1500);
  expect(new globals.Date(7).getTime()).toBe(7);
  expect(globals.Date()).toBe(new Date(NOW + 1500).toString());
  expect(globals.Date.UTC(2026, 2)).toBe(NOW);
  expect(new globals.Date()).toBeInstanceOf(Date);
  expect(globals.now()).toBe(1500);
});

test("sleeping resolves with its value, and is broken off by a signal, also one from before", async () => {
  const { clock, globals, promises } = start();
  const ending = new AbortController();
  const slept = promises.setTimeout(100, "value", { signal: ending.signal });
  const promised = promisify(globals.setTimeout)(100, "promised");
  const waited = promises.scheduler.wait(100);
  clock.advance(100);
  expect(await slept).toBe("value");
  expect(await promised).toBe("promised");
  expect(await waited).toBeUndefined();
  expect(await promises.setImmediate("soon")).toBe("soon");
  expect(getEventListeners(ending.signal, "abort")).toEqual([]);

  const broken = promises.setTimeout(100, "value", { signal: ending.signal });
  ending.abort("enough");
  const why = { name: "AbortError", code: "ABORT_ERR", cause: "enough" };
  await expect(broken).rejects.toMatchObject(why);
  await expect(broken).rejects.toThrow("The operation was aborted");
  await expect(promises.setTimeout(1, "", { signal: ending.signal })).rejects.toMatchObject(why);
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("an interval that is looped over misses no tick, and leaves nothing behind", async () => {
  const { clock, promises } = start();
  const { signal } = new AbortController();
  const ticks = promises.setInterval(100, "tick", { signal })[Symbol.asyncIterator]();
  const first = ticks.next();
  await turn();
  clock.advance(100);
  expect(await first).toEqual({ done: false, value: "tick" });
  clock.advance(200);

  expect(await ticks.next()).toEqual({ done: false, value: "tick" });
  expect(await ticks.next()).toEqual({ done: false, value: "tick" });
  let isEarly = true;
  const next = ticks.next().then(() => {
    expect(isEarly).toBe(false);
  });
  await turn();
  isEarly = false;
  clock.advance(100);
  await next;
  await ticks.return?.(undefined);

  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("an interval that is looped over ends with its signal", async () => {
  const { clock, promises } = start();
  const ending = new AbortController();
  const ticks = promises.setInterval(100, 1, { signal: ending.signal })[Symbol.asyncIterator]();
  const waiting = ticks.next();
  await turn();

  ending.abort();

  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("stopping clears what waits, and what starts later never fires", () => {
  const { clock, globals, fake } = start();
  const fired: string[] = [];
  globals.setTimeout(() => fired.push("before"), 10);
  globals.setInterval(() => fired.push("again"), 10);

  fake.stop();
  globals.setTimeout(() => fired.push("after"), 10);
  clock.advance(1000);

  expect(fired).toEqual([]);
  expect(clock.step(Number.POSITIVE_INFINITY)).toBe(false);
});

test("a timer that has fired or was closed is forgotten: its number may be one of a package", () => {
  const clock = createManualClock(NOW);
  const cleared: unknown[] = [];
  const real = { clearTimeout: (timer: unknown) => void cleared.push(timer) } as never;
  const { setTimeout, clearTimeout } = createFakeTimers(clock, real, () => {})
    .globals as typeof globalThis;
  const fired = Number(setTimeout(() => {}, 1));
  const closed = setTimeout(() => {}, 1000).close();
  clock.advance(1);

  clearTimeout(fired);
  clearTimeout(Number(closed));

  expect(cleared).toEqual([fired, Number(closed)]);
});

test("the modules have the same timers", () => {
  const { fake, globals } = start();

  expect(fake.modules["wsgw:timers"]).toMatchObject({
    setTimeout: globals.setTimeout,
    setInterval: globals.setInterval,
    clearTimeout: globals.clearTimeout,
    clearInterval: globals.clearInterval,
    setImmediate: globals.setImmediate,
    clearImmediate: globals.clearImmediate,
    promises: fake.modules["wsgw:timers/promises"],
  });
});
