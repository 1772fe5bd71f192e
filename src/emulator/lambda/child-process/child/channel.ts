import { readSync, writeSync } from "node:fs";
import { encodeFrame, HEADER_BYTES } from "../protocol.ts";

const FD = 3;
const PAUSE_MS = 1;

/** A frame from the gateway, or to it. */
export type Frame = { readonly kind: number; readonly body: string };

/** The child's end of the channel. Both directions block, so that nothing of the code runs meanwhile. */
export type Channel = {
  /** Waits for the next frame. Does not return when the gateway has gone. */
  receive(): Frame;
  /** With two frames both go in one write. */
  send(kind: number, body: string, before?: Frame): void;
  /** Whether a frame, or a part of one, has come that nobody has received. */
  hasMore(): boolean;
  /** What has been read and belongs to no received frame. Nothing may be received after that. */
  rest(): Buffer;
};

/** Opens the channel that the parent process made. */
export function createChannel(): Channel {
  let buffer = Buffer.allocUnsafe(64 * 1024);
  let start = 0;
  let end = 0;

  return {
    receive() {
      need(HEADER_BYTES);
      const length = buffer.readUInt32LE(start);
      need(4 + length);
      const kind = buffer[start + 4] ?? 0;
      const body = buffer.toString("utf8", start + HEADER_BYTES, start + 4 + length);
      start += 4 + length;
      return { kind, body };
    },
    hasMore: () => end > start,
    rest: () => buffer.subarray(start, end),
    send(kind, body, before) {
      const last = encodeFrame(kind, body);
      const frame =
        before === undefined ? last : Buffer.concat([encodeFrame(before.kind, before.body), last]);
      let sent = 0;
      while (sent < frame.length) sent += patiently(() => writeSync(FD, frame, sent));
    },
  };

  function need(bytes: number): void {
    if (start === end) {
      start = 0;
      end = 0;
    }
    if (start + bytes > buffer.length) makeRoom(bytes);
    while (end - start < bytes) {
      const read = patiently(() => readSync(FD, buffer, end, buffer.length - end, null));
      if (read === 0) leave();
      end += read;
    }
  }

  function makeRoom(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(buffer.length, bytes));
    buffer.copy(larger, 0, start, end);
    buffer = larger;
    end -= start;
    start = 0;
  }
}

/** Tries until the channel takes or has something: it may be non-blocking where the system made it so. */
function patiently(run: () => number): number {
  for (;;) {
    try {
      return run();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      else if (code !== "EINTR") leave();
    }
  }
}

/** The gateway has gone: ends the process before any code of the user can notice. */
export function leave(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("The process outlived SIGKILL.");
}
