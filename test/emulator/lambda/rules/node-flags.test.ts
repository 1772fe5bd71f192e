import { expect, test } from "vitest";
import { FLAGS_OF_V8_UNSET, nodeFlags } from "../../../../src/emulator/lambda/rules/node-flags.ts";

test("leaves out what the function's own NODE_OPTIONS say, whatever their dashes", () => {
  const own = "--max_old_space_size=9  --enable-source-maps --max-http-header-size=1";

  expect(nodeFlags(128, own)).toEqual([
    "--expose-gc",
    "--max-semi-space-size=6",
    "--min-semi-space-size=2",
    "--initial-old-space-size=58",
  ]);
});

test("the space for new values begins no larger than a small function allows", () => {
  expect(nodeFlags(40)).toEqual(
    expect.arrayContaining(["--max-semi-space-size=2", "--min-semi-space-size=2"]),
  );
});

test("what V8 got is taken back, but for the size of headers, which is Node's", () => {
  const names = nodeFlags(128).map((flag) => flag.split("=")[0]);

  expect(FLAGS_OF_V8_UNSET).toEqual([
    "--no-expose-gc",
    "--max-semi-space-size=0",
    "--min-semi-space-size=0",
    "--max-old-space-size=0",
    "--initial-old-space-size=0",
  ]);
  expect(names).toEqual(
    expect.arrayContaining(FLAGS_OF_V8_UNSET.map((flag) => flag.replace("no-", "").split("=")[0])),
  );
});

test.each([
  [128, 6, 116, 58],
  [300, 15, 270, 64],
  [10_240, 16, 9_216, 64],
])("shares %i MB between long-lived and new values as Lambda does", (memory, semi, old, first) => {
  expect(nodeFlags(memory)).toEqual([
    "--expose-gc",
    "--max-http-header-size=81920",
    `--max-semi-space-size=${semi}`,
    "--min-semi-space-size=2",
    `--max-old-space-size=${old}`,
    `--initial-old-space-size=${first}`,
  ]);
});
