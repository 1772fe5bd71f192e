import { expect, test } from "vitest";
import { afterFailure } from "../../../../src/emulator/lambda/rules/async-retries.ts";

test("retries an event after one minute, then after two, and then no more", () => {
  expect([1, 2, 3, 4].map((attempt) => afterFailure(attempt, false))).toEqual([
    { kind: "retry", delayMs: 60_000 },
    { kind: "retry", delayMs: 120_000 },
    { kind: "drop", because: "retries-exhausted" },
    { kind: "drop", because: "retries-exhausted" },
  ]);
});

test("drops an event that would wait for a retry when the gateway stops", () => {
  expect([1, 3].map((attempt) => afterFailure(attempt, true))).toEqual([
    { kind: "drop", because: "stopped" },
    { kind: "drop", because: "retries-exhausted" },
  ]);
});
