import { expect, test } from "vitest";
import { createManualClock } from "../../src/clock.ts";
import { advanceClock } from "../../src/testing/advance-clock.ts";
import { ok, startedWith } from "./gateways.ts";

test("earlier frames arrive, then each due callback runs at its own time, then the clock shows the end", async () => {
  const clock = createManualClock(0);
  const seen: unknown[] = [];
  const later = (name: string, delayMs: number, run = () => {}) =>
    clock.schedule(delayMs, () => {
      seen.push([name, clock.now()]);
      run();
    });
  later("second", 2_000);
  later("too late", 10_001);

  await advanceClock("10s", {
    clock,
    arrived: async () => {
      seen.push(["arrived", clock.now()]);
      later("first", 1_000, () => later("caused by the first", 8_000));
    },
    underWay: () => 0,
    limitMs: 1_000,
  });

  expect(seen).toEqual([
    ["arrived", 0],
    ["first", 1_000],
    ["second", 2_000],
    ["caused by the first", 9_000],
  ]);
  expect(clock.now()).toBe(10_000);
});

test("the next callback waits until the calls of handlers are answered", async () => {
  const clock = createManualClock(0);
  let underWay = 0;
  const seen: unknown[] = [];
  const call = async (): Promise<void> => {
    underWay = 1;
    for (let turns = 0; turns < 20; turns += 1) await new Promise((turn) => setImmediate(turn));
    underWay = 0;
    seen.push(["answered", clock.now()]);
  };
  clock.schedule(1_000, () => void call());
  clock.schedule(2_000, () => seen.push(["next", clock.now()]));

  await advanceClock("2s", {
    clock,
    arrived: async () => {},
    underWay: () => underWay,
    limitMs: 60_000,
  });

  expect(seen).toEqual([
    ["answered", 1_000],
    ["next", 2_000],
  ]);
});

test("an invalid duration leaves the clock where it is", async () => {
  const gateway = await startedWith(ok);
  const before = gateway.clock.now();

  await expect(gateway.clock.advance(Number.NaN)).rejects.toMatchObject({ code: "USAGE" });

  expect(gateway.clock.now()).toBe(before);
});
