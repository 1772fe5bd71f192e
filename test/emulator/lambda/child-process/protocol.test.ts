import { expect, test } from "vitest";
import {
  createFrameReader,
  encodeFrame,
  FRAME,
  firstLine,
} from "../../../../src/emulator/lambda/child-process/protocol.ts";

const frames = [
  [4, ""],
  [6, "héllo"],
  [7, "x".repeat(100)],
  [5, ""],
] as const;
const bytes = Buffer.concat(frames.map(([kind, body]) => encodeFrame(kind, body)));

test.each([1, 2, 3, 5, 7, 64, 1000])(
  "frames that come in pieces of %i bytes are put together",
  (size) => {
    const read: unknown[] = [];
    const push = createFrameReader((kind, body, length) => read.push([kind, body, length]));

    for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size));

    expect(read).toEqual(frames.map(([kind, body]) => [kind, body, Buffer.byteLength(body)]));
  },
);

test("the first line is cut off, and text without one is a line itself", () => {
  expect(firstLine("id\nrest\nof it")).toEqual(["id", "rest\nof it"]);
  expect(firstLine("id")).toEqual(["id", ""]);
  expect(firstLine("\nrest")).toEqual(["", "rest"]);
});

test("each kind of frame has its own number, which fits into a byte", () => {
  const numbers = Object.values(FRAME);

  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of numbers) expect(Buffer.of(number)[0]).toBe(number);
});
