import { expect, test } from "vitest";
import { createManualClock } from "../../../src/clock.ts";
import { createStallDetector } from "../../../src/emulator/lambda/stall-detector.ts";

function start() {
  const clock = createManualClock(0);
  const stall = createStallDetector(clock, 10);
  clock.advance(100);
  stall.begin();
  const lookAfter = (ms: number) => {
    clock.advance(ms);
    return stall.look();
  };
  return { clock, stall, lookAfter };
}

test("silence adds up from look to look, and a look that comes late counts as one in time", () => {
  const { lookAfter } = start();

  expect([lookAfter(9), lookAfter(10), lookAfter(11), lookAfter(1000)]).toEqual([9, 19, 29, 39]);
});

test("silence begins again at the look after something was heard", () => {
  const { clock, stall, lookAfter } = start();
  lookAfter(10);

  clock.advance(1);
  stall.heard();

  expect([lookAfter(9), lookAfter(10)]).toEqual([0, 10]);
});

test("what was heard before the last look counts no more", () => {
  const { stall, lookAfter } = start();
  stall.heard();

  expect(lookAfter(10)).toBe(10);
});

test("silence before a new start does not count", () => {
  const { clock, stall, lookAfter } = start();
  lookAfter(10);
  clock.advance(5);

  stall.begin();

  expect(lookAfter(10)).toBe(10);
});
