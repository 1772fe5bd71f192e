import { expect, test } from "vitest";
import { isMeasured, outgrown } from "../../../../src/emulator/lambda/rules/memory-limit.ts";

const MB = 1024;

test.each([
  ["as much as it has", 128, undefined],
  ["a little more, which may be garbage", 192, undefined],
  [
    "more than that",
    193,
    "The function used 193 MB more than Node itself needs, but has 128 MB. Increase its memory.",
  ],
])("a function of 128 MB may take %s", (_, tookMb, why) => {
  const said = outgrown({ maxKb: (50 + tookMb) * MB, bareKb: 50 * MB }, 128);

  expect(said).toBe(why);
});

test.each([
  [10_304, undefined],
  [
    10_305,
    "The function used 10305 MB more than Node itself needs, but has 10240 MB. Increase its memory.",
  ],
])("a function of 10,240 MB that takes %i MB is measured to the megabyte", (tookMb, why) => {
  expect(outgrown({ maxKb: tookMb * MB, bareKb: 0 }, 10_240)).toBe(why);
});

test("memory is measured after each of the first sixteen events, and then every 200 ms only", () => {
  expect([isMeasured(16, 0), isMeasured(17, 199), isMeasured(17, 200)]).toEqual([
    true,
    false,
    true,
  ]);
});
