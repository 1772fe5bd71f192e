import { expect, test } from "vitest";
import { FrameScanner } from "../../../../../src/emulator/apigateway/message/rules/frame-limits.ts";

const LIMITS = { frameBytes: 200, messageBytes: 500 };
const TEXT = 0x1;
const CONTINUATION = 0x0;
const CLOSE = 0x8;
const PING = 0x9;

/** A masked frame of zeros. */
function frame(opcode: number, length: number, fin = true): Buffer {
  const first = (fin ? 0x80 : 0) | opcode;
  const header =
    length < 126
      ? Buffer.from([first, 0x80 | length])
      : Buffer.from([first, 0x80 | 126, length >> 8, length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4 + length)]);
}

function longHeader(length: bigint): Buffer {
  const header = Buffer.alloc(14);
  header.writeUInt8(0x81, 0);
  header.writeUInt8(0x80 | 127, 1);
  header.writeBigUInt64BE(length, 2);
  return header;
}

test.each([
  ["a frame at its limit", [frame(TEXT, 200)], undefined],
  ["a frame over its limit", [frame(TEXT, 201)], 0],
  ["an oversized frame after a good one", [frame(TEXT, 10), frame(TEXT, 201)], 16],
  ["a frame of 2^32 bytes and more", [longHeader(2n ** 32n + 5n)], 0],
  [
    "a message at its limit",
    [frame(TEXT, 200, false), frame(CONTINUATION, 200, false), frame(CONTINUATION, 100)],
    undefined,
  ],
  [
    "a message over its limit",
    [frame(TEXT, 200, false), frame(CONTINUATION, 200, false), frame(CONTINUATION, 101)],
    208 * 2,
  ],
  ["messages that are only together over it", [1, 2, 3, 4].map(() => frame(TEXT, 200)), undefined],
  [
    "a ping between fragments, which counts for nothing",
    [
      frame(TEXT, 200, false),
      frame(PING, 125),
      frame(CONTINUATION, 200, false),
      frame(CONTINUATION, 100),
    ],
    undefined,
  ],
  [
    "a message over its limit with a ping between its fragments",
    [
      frame(TEXT, 200, false),
      frame(PING, 1),
      frame(CONTINUATION, 200, false),
      frame(CONTINUATION, 101),
    ],
    208 * 2 + 7,
  ],
  ["empty frames", [frame(TEXT, 0), frame(TEXT, 0)], undefined],
  [
    "an oversized frame after an unmasked one",
    [Buffer.from([0x81, 0x03, 0, 0, 0]), frame(TEXT, 201)],
    5,
  ],
  [
    "messages of the whole limit, one after the other",
    [1, 2].flatMap(() => [
      frame(TEXT, 200, false),
      frame(CONTINUATION, 200, false),
      frame(CONTINUATION, 100),
    ]),
    undefined,
  ],
  ["a close frame of any length", [frame(CLOSE, 300)], undefined],
  ["an oversized frame behind a close frame", [frame(CLOSE, 2), frame(TEXT, 201)], undefined],
])("judges %s", (_, frames, expected) => {
  const scanner = new FrameScanner(LIMITS);

  expect(scanner.scan(Buffer.concat(frames))).toBe(expected);
});

test("finds the same however the bytes are cut", () => {
  const bytes = Buffer.concat([frame(TEXT, 130, false), frame(PING, 3), frame(CONTINUATION, 201)]);
  const start = 138 + 9;

  for (let cut = 1; cut < bytes.length; cut += 1) {
    const scanner = new FrameScanner(LIMITS);
    const first = scanner.scan(bytes.subarray(0, cut));
    const second = scanner.scan(bytes.subarray(cut));

    const found = first ?? (second === undefined ? undefined : cut + second);
    // A header that began in an earlier chunk is reported at the beginning of the later one.
    expect(found).toBe(cut > start && cut < start + 8 ? cut : start);
  }
});

test("reports a violation once, at the last byte of the header", () => {
  const scanner = new FrameScanner(LIMITS);
  const bytes = frame(TEXT, 300);

  expect(scanner.scan(bytes.subarray(0, 7))).toBeUndefined();
  expect(scanner.scan(bytes.subarray(7, 8))).toBe(0);
  expect(scanner.scan(Buffer.concat([bytes.subarray(8), frame(TEXT, 400)]))).toBeUndefined();
});

test("sees a close frame when all of it has passed, also behind a violation", () => {
  const scanner = new FrameScanner(LIMITS);
  const close = frame(CLOSE, 2);

  scanner.scan(Buffer.concat([frame(TEXT, 300), close.subarray(0, 7)]));
  expect(scanner.closeSeen()).toBe(false);
  scanner.scan(close.subarray(7));
  expect(scanner.closeSeen()).toBe(true);
});
