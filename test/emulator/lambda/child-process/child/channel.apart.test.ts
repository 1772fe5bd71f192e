import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { expect, onTestFinished, test, vi } from "vitest";
import { createChannel } from "../../../../../src/emulator/lambda/child-process/child/channel.ts";
import { encodeFrame } from "../../../../../src/emulator/lambda/child-process/protocol.ts";

type Step = Buffer | NodeJS.ErrnoException;

const errorOf = (code: string) => Object.assign(new Error(code), { code });

/** A channel from which the steps are read, one a call, and then nothing more. */
function open(
  steps: readonly Step[] = [],
  writes: readonly (number | NodeJS.ErrnoException)[] = [],
) {
  const { readSync, writeSync } = fs;
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  onTestFinished(() => {
    Object.assign(fs, { readSync, writeSync });
    syncBuiltinESMExports();
    kill.mockRestore();
  });
  const left = [...steps];
  const room = [...writes];
  const written: Buffer[] = [];
  const places: unknown[] = [];
  Object.assign(fs, {
    readSync(fd: number, buffer: Buffer, at: number, length: number, position: unknown) {
      places.push([fd, position]);
      const step = left.shift() ?? Buffer.alloc(0);
      if (step instanceof Error) throw step;
      const taken = step.copy(buffer, at, 0, length);
      if (taken < step.length) left.unshift(step.subarray(taken));
      return taken;
    },
    writeSync(fd: number, bytes: Buffer, from: number) {
      places.push([fd]);
      const most = room.shift() ?? bytes.length;
      if (most instanceof Error) throw most;
      const part = bytes.subarray(from, from + most);
      written.push(Buffer.from(part));
      return part.length;
    },
  });
  syncBuiltinESMExports();
  return { channel: createChannel(), written, kill, places };
}

/** Bytes in pieces of a size. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
}

const SHORT = [
  { kind: 1, body: "" },
  { kind: 2, body: "grüße" },
  { kind: 255, body: "x".repeat(300) },
];
const LARGE = [
  { kind: 2, body: "a".repeat(40_000) },
  { kind: 3, body: "b".repeat(40_000) },
  { kind: 4, body: "c".repeat(200_000) },
  { kind: 5, body: "d" },
  { kind: 6, body: "e".repeat(65_531) },
  { kind: 7, body: "f".repeat(65_532) },
];

test.each([
  [SHORT, 1],
  [SHORT, 4],
  [SHORT, 6],
  [SHORT, 10_000],
  [LARGE, 30_000],
  [LARGE, 65_536],
  [LARGE, 1_000_000],
])("frames are received in order, whatever comes at once (%#)", (frames, size) => {
  const bytes = Buffer.concat(frames.map(({ kind, body }) => encodeFrame(kind, body)));
  const { channel, places } = open(pieces(bytes, size));

  expect(frames.map(() => channel.receive())).toEqual(frames);

  expect(channel.hasMore()).toBe(false);
  expect(new Set(places.map(String))).toEqual(new Set(["3,"]));
});

test("a part of a frame that has arrived is more, and the rest of what was read", () => {
  const second = encodeFrame(2, "second").subarray(0, 7);
  const { channel } = open([Buffer.concat([encodeFrame(1, "first"), second])]);
  expect(channel.hasMore()).toBe(false);
  expect(channel.rest()).toEqual(Buffer.alloc(0));

  channel.receive();

  expect(channel.hasMore()).toBe(true);
  expect(channel.rest()).toEqual(second);
});

test("a frame is sent in one write, together with the one before it", () => {
  const { channel, written, places } = open();

  channel.send(4, "ü");
  channel.send(6, "null", { kind: 12, body: "1.5" });

  expect(written).toEqual([
    encodeFrame(4, "ü"),
    Buffer.concat([encodeFrame(12, "1.5"), encodeFrame(6, "null")]),
  ]);
  expect(places).toEqual([[3], [3]]);
});

test("what does not fit at once is sent in parts, and again when the system was interrupted", () => {
  const { channel, written } = open([], [4, errorOf("EINTR"), 1, errorOf("EAGAIN")]);

  channel.send(4, "a body");

  expect(written.map(({ length }) => length)).toEqual([4, 1, 6]);
  expect(Buffer.concat(written)).toEqual(encodeFrame(4, "a body"));
});

test("a read that was interrupted, or finds nothing yet, is repeated", () => {
  const { channel, kill } = open([errorOf("EINTR"), errorOf("EAGAIN"), encodeFrame(1, "body")]);

  expect(channel.receive()).toEqual({ kind: 1, body: "body" });
  expect(kill).not.toHaveBeenCalled();
});

test.each<[string, readonly Step[]]>([
  ["has closed the channel", []],
  ["has closed it within a frame", [encodeFrame(1, "body").subarray(0, 8)]],
  ["has gone", [errorOf("ECONNRESET")]],
])("a process whose gateway %s ends at once", (_, steps) => {
  const { channel, kill } = open(steps);

  expect(() => channel.receive()).toThrow("The process outlived SIGKILL.");

  expect(kill).toHaveBeenCalledWith(process.pid, "SIGKILL");
});

test("a process that can send nothing ends at once", () => {
  const { channel, kill } = open([], [errorOf("EPIPE")]);

  expect(() => channel.send(4, "")).toThrow("The process outlived SIGKILL.");

  expect(kill).toHaveBeenCalledWith(process.pid, "SIGKILL");
});
