import { expect, test } from "vitest";
import { traceHeader, traceParent } from "../../../src/emulator/journal/trace-header.ts";

test("the parent that a trace header names is the end of the request id, and is read back from it", () => {
  const header = traceHeader("Root=1-0-1", "01234567-89ab-4def-8123-456789abcdef");

  expect(header).toBe("Root=1-0-1;Parent=8123456789abcdef;Sampled=0");
  expect(traceParent(header)).toBe("8123456789abcdef");
  expect(traceParent("Root=1-0-1")).toBeUndefined();
});
