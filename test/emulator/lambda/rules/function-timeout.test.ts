import { expect, test } from "vitest";
import {
  deadlineOf,
  limitMs,
  timedOut,
} from "../../../../src/emulator/lambda/rules/function-timeout.ts";

test("a function has its timeout, and ten seconds more while its code loads", () => {
  expect(limitMs(3, "loaded")).toBe(3_000);
  expect(limitMs(3, "loading")).toBe(13_000);
});

test("a handler sees its timeout from its call on", () => {
  expect(deadlineOf(3, 1_000_000)).toBe(1_003_000);
});

test("tells which invocation timed out and after how many seconds", () => {
  expect(timedOut("id", 3)).toEqual({
    errorType: "Sandbox.Timedout",
    errorMessage: "RequestId: id Error: Task timed out after 3.00 seconds",
    trace: [],
  });
});
