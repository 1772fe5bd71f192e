import { expect, test } from "vitest";
import {
  DEFAULT_SCALING,
  endsWhenIdle,
  isFull,
  type Load,
  startsAtOnce,
  wantsToGrow,
} from "../../../../src/emulator/lambda/rules/environment-scaling.ts";

const stuck: Load = { stalledMs: 30, isStarting: false };

test.each<[string, Load, boolean]>([
  ["an event waits and no answers come", stuck, true],
  ["answers come, or events have not waited long enough", { ...stuck, stalledMs: 29 }, false],
  ["an environment is on its way already", { ...stuck, isStarting: true }, false],
])("when %s: %s", (_, load, grows) => {
  expect(wantsToGrow(load, DEFAULT_SCALING)).toBe(grows);
});

test("two environments start as soon as events overlap, and further ones later", () => {
  expect([0, 1, 2, 9].map((count) => startsAtOnce(count, DEFAULT_SCALING))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("without a delay each overlapping event starts one, up to the maximum", () => {
  const settings = { ...DEFAULT_SCALING, growthDelayMs: 0 };

  expect([2, 9, 10].map((count) => startsAtOnce(count, settings))).toEqual([true, true, false]);
  expect([9, 10].map((count) => isFull(count, settings))).toEqual([false, true]);
});

test("environments beyond the two end after a minute without an event", () => {
  expect(endsWhenIdle(3, 60_000, DEFAULT_SCALING)).toBe(true);
  expect(endsWhenIdle(3, 59_999, DEFAULT_SCALING)).toBe(false);
  expect(endsWhenIdle(2, 60_000, DEFAULT_SCALING)).toBe(false);
});
