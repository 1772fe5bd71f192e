// @ts-check
// One execution environment of the floor: runs one event at a time and is frozen between events,
// because it waits for the next one in a blocking read.
import { readSync, writeSync } from "node:fs";

const CHANNEL = 3;
const HEADER_BYTES = 4;

const [file = "", name = ""] = process.argv.slice(2);
const handler = (await import(file))[name];

let buffer = Buffer.allocUnsafe(64 * 1024);
for (;;) {
  const event = nextEvent();
  answer(await handler(event, {}));
}

function nextEvent() {
  let filled = 0;
  let wanted = HEADER_BYTES;
  while (filled < wanted) {
    filled += read(filled);
    if (wanted === HEADER_BYTES && filled >= HEADER_BYTES) wanted += buffer.readUInt32LE(0);
    if (wanted > buffer.length) buffer = Buffer.concat([buffer], wanted);
  }
  return JSON.parse(buffer.toString("utf8", HEADER_BYTES, wanted));
}

/** Blocks until bytes arrive, without an event loop; exits with the gateway. @param {number} at */
function read(at) {
  try {
    const count = readSync(CHANNEL, buffer, at, buffer.length - at, null);
    if (count > 0) return count;
  } catch {
    // ECONNRESET: killed while an event was in flight
  }
  process.exit(0);
}

/** @param {unknown} result */
function answer(result) {
  const text = JSON.stringify(result ?? null);
  const bytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bytes);
  frame.writeUInt32LE(bytes, 0);
  frame.write(text, HEADER_BYTES);
  for (let sent = 0; sent < frame.length; ) sent += writeSync(CHANNEL, frame, sent);
}
