import { expect, test } from "vitest";
import { expiresAt, LIMITS } from "../../../../src/emulator/apigateway/rules/limits.ts";

const MINUTE = 60_000;

test("the limits are those of AWS's quota page", () => {
  expect(LIMITS).toEqual({
    frameBytes: 32_768,
    messageBytes: 131_072,
    idleMs: 600_000,
    ageMs: 7_200_000,
    integrationTimeoutMs: 29_000,
    postBytes: 131_072,
    urlCharacters: 4096,
    headerBytes: 10_240,
  });
});

test.each([
  ["ten minutes after its last message", 0, 5 * MINUTE, 15 * MINUTE, "idle"],
  ["ten minutes after it was opened, when nothing was said", 0, 0, 10 * MINUTE, "idle"],
  ["two hours after it was opened, when it talks on", 0, 119 * MINUTE, 120 * MINUTE, "age"],
  ["for its age when both limits end at once", 0, 110 * MINUTE, 120 * MINUTE, "age"],
])("a connection must be closed %s", (_, openedAt, lastActiveAt, at, because) => {
  expect(expiresAt(LIMITS, openedAt, lastActiveAt)).toEqual({ at, because });
});
