/** Kinds of frames between the gateway and a child process; one byte on the wire. */
export const FRAME = {
  /** To the child, once: JSON of what it needs to know about its function. */
  start: 1,
  /** To the child: request id, trace header and the event's JSON, one line each. */
  event: 2,
  /** Like `event`, with its number on a line before that. It may have been taken back since. */
  prefetch: 10,
  /** From the child: duration of loading the module, in ms. */
  initialized: 3,
  /** From the child: request id (or an empty line), then the output. */
  stdout: 4,
  stderr: 5,
  /** From the child: JSON of the result. */
  returned: 6,
  /** From the child: JSON of the error. */
  failed: 7,
  /** Like `failed`, and the child is about to exit. */
  broken: 8,
  /** From the child: JSON of a call that it blocked. */
  stopped: 9,
  /** From the child, before a response: its duration in ms. */
  took: 12,
  /** From the child: the number of an event that it skipped because it was taken back. */
  skipped: 11,
  /** From the child, before it waits for its next event: JSON of the pending work of the last one. */
  unfinished: 20,
  /** From the child, before a response: its maximum memory, and that at its start, in kB. */
  memory: 21,
} as const;

/** Bytes before a frame's body: length including the kind (4, little endian), kind (1). */
export const HEADER_BYTES = 5;

/** One frame, ready for a single write. */
export function encodeFrame(kind: number, body: string): Buffer {
  const bytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.writeUInt32LE(bytes + 1, 0);
  frame[4] = kind;
  frame.write(body, HEADER_BYTES);
  return frame;
}

/** Splits the incoming bytes into frames, whatever the chunks. */
export function createFrameReader(
  onFrame: (kind: number, body: string, bytes: number) => void,
): (chunk: Buffer) => void {
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  return (chunk) => {
    pending.push(chunk);
    pendingBytes += chunk.length;
    const needed = bytesOfFirst(pending, pendingBytes);
    if (needed > pendingBytes) return;

    const bytes = pending.length === 1 ? chunk : Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + 4 + bytes.readUInt32LE(at);
      if (end > bytes.length) break;
      const body = bytes.toString("utf8", at + HEADER_BYTES, end);
      onFrame(bytes.readUInt8(at + 4), body, end - at - HEADER_BYTES);
      at = end;
    }
    if (at === bytes.length) return;
    pending = [bytes.subarray(at)];
    pendingBytes = bytes.length - at;
  };
}

/** Length of the first frame, so that a long one is concatenated once and not for each chunk. */
function bytesOfFirst(pending: readonly Buffer[], pendingBytes: number): number {
  if (pendingBytes < HEADER_BYTES) return HEADER_BYTES;
  const first = pending[0];
  if (first !== undefined && first.length >= 4) return 4 + first.readUInt32LE(0);
  return 4 + Buffer.concat(pending, pendingBytes).readUInt32LE(0);
}

/** Splits off the first line. */
export function firstLine(text: string): readonly [line: string, rest: string] {
  const end = text.indexOf("\n");
  return end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 1)];
}
