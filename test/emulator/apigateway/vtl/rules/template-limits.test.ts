import { expect, test } from "vitest";
import {
  MOST_MS,
  TemplateLimits,
  withinMemory,
} from "../../../../../src/emulator/apigateway/vtl/rules/template-limits.ts";

test("a template may take five seconds", () => {
  expect(MOST_MS).toBe(5000);
});

test("lists and strings have a million items or characters at most", () => {
  const most = "a".repeat(1_000_000);

  expect(withinMemory(most)).toBe(most);
  expect(() => withinMemory(`${most}a`)).toThrow("OutOfMemoryError");
});

test("a template has 300,000 steps at most, and each output is one", () => {
  const limits = new TemplateLimits();

  for (let step = 1; step < 300_000; step += 1) expect(limits.step()).toBeUndefined();
  limits.print(0);

  expect(limits.step()).toBe("the template takes more than 300000 steps");
});

test("a template prints a million characters at most", () => {
  const limits = new TemplateLimits();

  expect(limits.print(999_999)).toBeUndefined();
  expect(limits.print(1)).toBeUndefined();
  expect(limits.print(1)).toBe("the template's output exceeds 1000000 characters");
});

test("calls are nested 20 levels deep at most", () => {
  const limits = new TemplateLimits();
  for (let depth = 0; depth < 20; depth += 1) expect(limits.enter("#m")).toBeUndefined();

  expect(limits.enter("#m")).toBe("#m calls itself more than 20 levels deep");
  limits.leave();
  expect(limits.enter("#m")).toBeUndefined();
});
