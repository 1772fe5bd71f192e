import { expect, test } from "vitest";
import {
  inWords,
  rateLimitOf,
  stageLimitOf,
} from "../../../../../src/emulator/apigateway/throttling/rules/rate-limits.ts";

test.each([
  [undefined, undefined],
  [{}, undefined],
  [
    { rateLimit: 5, burstLimit: 2 },
    { rate: 5, burst: 2 },
  ],
  [{ rateLimit: 5 }, { rate: 5, burst: 5000 }],
  [{ burstLimit: 2 }, { rate: 10_000, burst: 2 }],
  [
    { rateLimit: 0, burstLimit: 0 },
    { rate: 0, burst: 0 },
  ],
])("the limit of %o is %o; a missing half is the account's", (throttle, limit) => {
  expect(rateLimitOf(throttle)).toEqual(limit);
});

const routes = { say: { rateLimit: 1 }, none: {} };

test.each([
  ["say", { of: "route", limit: { rate: 1, burst: 7 } }],
  ["none", { of: "stage", limit: { rate: 9, burst: 7 } }],
  ["other", { of: "stage", limit: { rate: 9, burst: 7 } }],
  ["toString", { of: "stage", limit: { rate: 9, burst: 7 } }],
  [undefined, { of: "stage", limit: { rate: 9, burst: 7 } }],
])("the limit of a stage for the route %s is %o", (routeKey, limit) => {
  expect(stageLimitOf({ rateLimit: 9, burstLimit: 7, routes }, routeKey)).toEqual(limit);
});

test("a stage without a limit has only those of its routes", () => {
  expect(stageLimitOf({ routes }, "other")).toBeUndefined();
  expect(stageLimitOf({ routes }, "say")).toEqual({
    of: "route",
    limit: { rate: 1, burst: 5000 },
  });
});

test("a limit is described with both its halves", () => {
  expect(inWords({ rate: 5, burst: 2 })).toBe(
    "is limited to 5 requests per second and bursts of 2",
  );
});
