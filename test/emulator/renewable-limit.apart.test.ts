import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RenewableLimit } from "../../src/emulator/renewable-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEVER = new Promise<never>(() => {});

/** Whether the work has ended in time; undefined as long as nobody knows. */
function watch(limit: RenewableLimit, work: Promise<unknown>) {
  const seen: { inTime?: boolean } = {};
  void limit.for(work).then((inTime) => {
    seen.inTime = inTime;
  });
  return seen;
}

test("reports work that ends in time, and cancels its timer", async () => {
  const seen = watch(new RenewableLimit(1_000, 5_000), Promise.resolve());

  await vi.advanceTimersByTimeAsync(0);

  expect(seen).toEqual({ inTime: true });
  expect(vi.getTimerCount()).toBe(0);
});

test("work that does not end is given up when its time is over, and not before", async () => {
  const seen = watch(new RenewableLimit(1_000, 5_000), NEVER);

  await vi.advanceTimersByTimeAsync(999);
  expect(seen).toEqual({});
  await vi.advanceTimersByTimeAsync(1);

  expect(seen).toEqual({ inTime: false });
});

test("each renewal restarts the whole time, up to the total limit", async () => {
  const limit = new RenewableLimit(1_000, 2_500);
  const seen = watch(limit, NEVER);

  for (let passed = 0; passed < 2_400; passed += 800) {
    limit.renew();
    await vi.advanceTimersByTimeAsync(800);
    limit.renew();
  }
  expect(seen).toEqual({});
  await vi.advanceTimersByTimeAsync(99);
  expect(seen).toEqual({});
  await vi.advanceTimersByTimeAsync(1);

  expect(seen).toEqual({ inTime: false });
});

test("a renewal after the end starts nothing", async () => {
  const limit = new RenewableLimit(1_000, 5_000);
  await limit.for(Promise.resolve());

  limit.renew();

  expect(vi.getTimerCount()).toBe(0);
});
