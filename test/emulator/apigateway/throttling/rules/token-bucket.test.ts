import { expect, test } from "vitest";
import {
  type Bucket,
  type RateLimit,
  takeToken,
} from "../../../../../src/emulator/apigateway/throttling/rules/token-bucket.ts";

/** Whether each of the requests at these moments, in ms, is let through. */
function admitted(limit: RateLimit, ...moments: readonly number[]): readonly boolean[] {
  let bucket: Bucket | undefined;
  return moments.map((now) => {
    const left = takeToken(bucket, limit, now);
    bucket = left ?? bucket;
    return left !== undefined;
  });
}

test("6: a full bucket lets its burst through at once, and then no more", () => {
  expect(admitted({ rate: 1, burst: 2 }, 0, 0, 0, 999)).toEqual([true, true, false, false]);
});

test("6: tokens come back at the rate, refusals take none, and the burst is the most there are", () => {
  const limit = { rate: 3, burst: 1 };

  expect(admitted(limit, 0, 100, 333, 334, 667, 1000, 9000, 9000)).toEqual([
    ...[true, false, false, true, false, true],
    ...[true, false],
  ]);
});

test("6: thirds of a token add up to one", () => {
  const thirds = { rate: 1000 / 3, burst: 1 };

  expect(admitted(thirds, 0, 1, 2, 3)).toEqual([true, false, false, true]);
});

test("6: a rate of 0 lets the burst through and nothing after it; a burst of 0 nothing at all", () => {
  expect(admitted({ rate: 0, burst: 1 }, 0, 1e12)).toEqual([true, false]);
  expect(admitted({ rate: 1000, burst: 0 }, 0, 1e12)).toEqual([false, false]);
});
