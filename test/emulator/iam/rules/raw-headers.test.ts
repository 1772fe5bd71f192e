import { expect, test } from "vitest";
import { countOf, headerValue } from "../../../../src/emulator/iam/rules/raw-headers.ts";

const HEADERS = ["Host", "h", "X-Own", "host", "x-own", "last"];

test("the last value of a repeated header counts, whatever its case", () => {
  expect(headerValue(HEADERS, "x-own")).toBe("last");
  expect(headerValue(HEADERS, "host")).toBe("h");
  expect(headerValue(HEADERS, "last")).toBeUndefined();
  expect(headerValue(HEADERS, "none")).toBeUndefined();
});

test("counts names of headers, not values", () => {
  expect(countOf(HEADERS, "x-own")).toBe(2);
  expect(countOf(HEADERS, "host")).toBe(1);
  expect(countOf(HEADERS, "last")).toBe(0);
});
