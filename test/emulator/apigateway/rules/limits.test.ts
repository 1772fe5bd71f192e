import { expect, test } from "vitest";
import { LIMITS } from "../../../../src/emulator/apigateway/rules/limits.ts";

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
