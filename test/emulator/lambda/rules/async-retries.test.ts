import { expect, test } from "vitest";
import { retryDelayMs } from "../../../../src/emulator/lambda/rules/async-retries.ts";

test("an event is tried again after one minute, then after two, and not again", () => {
  expect([1, 2, 3, 4].map(retryDelayMs)).toEqual([60_000, 120_000, undefined, undefined]);
});
