import { expect, test } from "vitest";
import { accountLimitsFor } from "../../../../../src/emulator/apigateway/throttling/rules/account-limits.ts";

const kinds = ["handshake", "message", "call"] as const;

test("without accountLimits an account has no limits", () => {
  for (const kind of kinds) {
    expect(accountLimitsFor(kind, undefined)).toEqual([]);
    expect(accountLimitsFor(kind, {})).toEqual([]);
  }
});

test("one limit is for handshakes, messages and calls together", () => {
  for (const kind of kinds) {
    expect(accountLimitsFor(kind, { rateLimit: 2 })).toEqual([
      {
        bucket: "account",
        limit: { rate: 2, burst: 5000 },
        because: "the account is limited to 2 requests per second and bursts of 5000",
      },
    ]);
  }
});

test("handshakes have the limit of new connections first", () => {
  const limits = { burstLimit: 3, newConnectionsPerSecond: 7 };

  expect(accountLimitsFor("handshake", limits).map(({ bucket }) => bucket)).toEqual([
    "new connections",
    "account",
  ]);
  expect(accountLimitsFor("handshake", limits)[0]).toMatchObject({
    limit: { rate: 7, burst: 7 },
    because: "the account is limited to 7 new connections per second",
  });
  expect(accountLimitsFor("call", limits).map(({ bucket }) => bucket)).toEqual(["account"]);
});
