import { expect, test } from "vitest";
import { toMs } from "../../src/testing/duration.ts";

test.each([
  [250, 250],
  ["250ms", 250],
  ["29s", 29_000],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
])("%j is %i ms", (duration, ms) => {
  expect(toMs(duration)).toBe(ms);
});

test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "", "-1s", "5", "5 minutes"])(
  "%s is not a duration",
  (duration) => {
    expect(() => toMs(duration)).toThrow(expect.objectContaining({ code: "USAGE" }));
  },
);
