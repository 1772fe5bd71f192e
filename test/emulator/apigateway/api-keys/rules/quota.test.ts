import { expect, test } from "vitest";
import {
  countHandshake,
  periodAt,
} from "../../../../../src/emulator/apigateway/api-keys/rules/quota.ts";

const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);

test.each([
  ["DAY", "2026-12-31T23:59:59.999Z", "2026-12-31T00:00", "2027-01-01T00:00"],
  ["DAY", "2026-12-31T00:00:00.000Z", "2026-12-31T00:00", "2027-01-01T00:00"],
  ["WEEK", "2026-11-28T12:00:00.000Z", "2026-11-22T00:00", "2026-11-29T00:00"], // a Saturday
  ["WEEK", "2026-11-29T00:00:00.000Z", "2026-11-29T00:00", "2026-12-06T00:00"],
  ["WEEK", "2027-01-01T00:00:00.000Z", "2026-12-27T00:00", "2027-01-03T00:00"],
  ["MONTH", "2028-02-29T12:00:00.000Z", "2028-02-01T00:00", "2028-03-01T00:00"],
  ["MONTH", "2026-12-01T00:00:00.000Z", "2026-12-01T00:00", "2027-01-01T00:00"],
] as const)("5: the %s of %s is from %s until %s", (period, now, from, until) => {
  const found = periodAt(period, Date.parse(now));

  expect([iso(found.from), iso(found.until)]).toEqual([from, until]);
});

test("a quota is used up until its period ends", () => {
  const quota = { limit: 2, period: "DAY" } as const;
  const from = Date.UTC(2026, 10, 28);
  const until = Date.UTC(2026, 10, 29);

  expect(countHandshake(quota, undefined, from)).toEqual({
    kind: "counted",
    used: { from, count: 1 },
  });
  expect(countHandshake(quota, { from, count: 1 }, until - 1)).toEqual({
    kind: "counted",
    used: { from, count: 2 },
  });
  expect(countHandshake(quota, { from, count: 2 }, until - 1)).toEqual({ kind: "used-up", until });
  expect(countHandshake(quota, { from, count: 2 }, until)).toEqual({
    kind: "counted",
    used: { from: until, count: 1 },
  });
});
