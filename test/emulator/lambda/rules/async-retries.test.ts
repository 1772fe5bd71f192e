import { expect, test } from "vitest";
import { retryDelayMs } from "../../../../src/emulator/lambda/rules/async-retries.ts";

test("retries an event after one minute, then after two, and then no more", () => {
  expect([1, 2, 3, 4].map(retryDelayMs)).toEqual([60_000, 120_000, undefined, undefined]);
});
