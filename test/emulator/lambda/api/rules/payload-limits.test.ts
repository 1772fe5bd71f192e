import { expect, test } from "vitest";
import { rejectionOfSize } from "../../../../../src/emulator/lambda/api/rules/payload-limits.ts";

const MB = 1024 * 1024;

test.each([
  ["RequestResponse", 6 * MB],
  ["DryRun", 6 * MB],
  ["Event", MB],
] as const)("a payload for %s may have %i bytes", (type, limit) => {
  expect(rejectionOfSize(limit, type)).toBeUndefined();
  expect(rejectionOfSize(limit + 1, type)).toEqual({
    statusCode: 413,
    errorType: "RequestTooLargeException",
    body: {
      Type: "User",
      message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    },
  });
});
