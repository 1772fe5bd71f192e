import { readSync, writeSync } from "node:fs";
import { encodeFrame, HEADER_BYTES } from "../protocol.ts";

const FD = 3;
const PAUSE_MS = 1;

/** A frame from or to the gateway. */
export type Frame = { readonly kind: number; readonly body: string };

/**
 * The child's end of the channel. Both directions block, so that none of the function's code runs meanwhile.
 */
export type Channel = {
  /** Waits for the next frame. Never returns once the gateway is gone. */
  receive(): Frame;
  /** With two frames, sends both in one write. */
  send(kind: number, body: string, before?: Frame): void;
  /** Whether a frame, or a part of one, has arrived and not been received. */
  hasMore(): boolean;
  /** Bytes that were read and belong to no received frame. Nothing may be received after this call. */
  rest(): Buffer;
};

/** Opens the channel from the parent process. */
export function createChannel(): Channel {
  let buffer = Buffer.allocUnsafe(64 * 1024);
  let start = 0;
  let end = 0;

  return {
    receive() {
      need(HEADER_BYTES);
      const length = buffer.readUInt32LE(start);
      need(4 + length);
      const kind = buffer.readUInt8(start + 4);
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

/** Retries until the channel is ready: some systems make it non-blocking. */
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

/** The gateway is gone: ends the process before any user code can notice. */
export function leave(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("The process outlived SIGKILL.");
}
