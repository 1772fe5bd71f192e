import { expect, test } from "vitest";
import { nodeFlags } from "../../../../src/emulator/lambda/rules/node-flags.ts";

test.each([
  [128, 6, 116, 58],
  [300, 15, 270, 64],
  [10_240, 16, 9_216, 64],
])("shares %i MB between long-lived and new values as Lambda does", (memory, semi, old, first) => {
  expect(nodeFlags(memory)).toEqual([
    "--expose-gc",
    "--max-http-header-size=81920",
    `--max-semi-space-size=${semi}`,
    `--max-old-space-size=${old}`,
    `--initial-old-space-size=${first}`,
  ]);
});
