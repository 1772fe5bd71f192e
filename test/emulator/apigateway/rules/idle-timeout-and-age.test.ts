import { expect, test } from "vitest";
import {
  expiresAt,
  resetsIdleTimeout,
} from "../../../../src/emulator/apigateway/rules/idle-timeout-and-age.ts";
import { LIMITS } from "../../../../src/emulator/apigateway/rules/limits.ts";

const MINUTE = 60_000;

test.each([
  ["message", false, true],
  ["frame", false, true],
  ["ping", false, false],
  ["ping", true, true],
] as const)(
  "a %s resets the idle timeout with pingsResetIdle %s: %s",
  (activity, pings, resets) => {
    expect(resetsIdleTimeout(activity, pings)).toBe(resets);
  },
);

test.each([
  ["ten minutes after its last message", 0, 5 * MINUTE, 15 * MINUTE, "idle"],
  ["ten minutes after it was opened, when nothing was said", 0, 0, 10 * MINUTE, "idle"],
  ["two hours after it was opened, when it talks on", 0, 119 * MINUTE, 120 * MINUTE, "age"],
  ["for its age when both limits end at once", 0, 110 * MINUTE, 120 * MINUTE, "age"],
])("a connection must be closed %s", (_, openedAt, lastActiveAt, at, because) => {
  expect(expiresAt(LIMITS, openedAt, lastActiveAt)).toEqual({ at, because });
});
