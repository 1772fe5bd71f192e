import { expect, test } from "vitest";
import {
  environmentsWith,
  isUntimed,
  shownRemainingMs,
  variablesForDebugger,
} from "../../../../src/emulator/lambda/rules/while-debugging.ts";

test("nothing times out while you debug, on any port", () => {
  expect([9229, 0, undefined].map(isUntimed)).toEqual([true, true, false]);
});

test("each function has one permanent environment while you debug", () => {
  const asked = { keep: 3, maxEnvironments: 5, growthDelayMs: 7 };

  expect(environmentsWith(9229, asked)).toEqual({
    keep: 1,
    maxEnvironments: 1,
    maxTotal: Number.POSITIVE_INFINITY,
    growthDelayMs: 7,
  });
  expect(environmentsWith(undefined, asked)).toBe(asked);
});

test("a function gets two variables of the shell if VS Code has set them", () => {
  const shell = { NODE_OPTIONS: "--require attach", VSCODE_INSPECTOR_OPTIONS: "{}", HOME: "/home" };
  const own = { NODE_OPTIONS: "--trace-warnings", A: "1" };

  expect(variablesForDebugger(own, shell)).toEqual({
    NODE_OPTIONS: "--trace-warnings --require attach",
    VSCODE_INSPECTOR_OPTIONS: "{}",
    A: "1",
  });
  expect(variablesForDebugger({}, shell).NODE_OPTIONS).toBe("--require attach");
  expect(variablesForDebugger(own, { NODE_OPTIONS: "--x" })).toBe(own);
});

test("a handler always sees its full timeout while you debug", () => {
  expect(shownRemainingMs(true, 3000, 12)).toBe(3000);
  expect(shownRemainingMs(false, 3000, 12)).toBe(12);
});
