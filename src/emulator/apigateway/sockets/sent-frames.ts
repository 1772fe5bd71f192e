import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/**
 * Sends a reply or a post in frames of at most `frameBytes`. Each character has three bytes at most.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export function sendFrames(ws: WebSocket, raw: Duplex, text: string, frameBytes: number): void {
  if (text.length * 3 <= frameBytes) raw.write(textFrame(text));
  else sendFragments(ws, Buffer.from(text), frameBytes);
}

const TEXT_AND_FINAL = 0x81;
/** In the length field: the next two bytes contain the length. */
const LENGTH_FOLLOWS = 126;

/**
 * A whole text message of less than 64 KB in one frame. ws would write header and text separately, which
 * takes longer.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const isShort = bytes < LENGTH_FOLLOWS;
  const frame = Buffer.allocUnsafe((isShort ? 2 : 4) + bytes);
  frame[0] = TEXT_AND_FINAL;
  frame[1] = isShort ? bytes : LENGTH_FOLLOWS;
  if (!isShort) frame.writeUInt16BE(bytes, 2);
  frame.write(text, isShort ? 2 : 4);
  return frame;
}

function sendFragments(ws: WebSocket, bytes: Buffer, frameBytes: number): void {
  let at = 0;
  do {
    const next = Math.min(at + frameBytes, bytes.length);
    ws.send(bytes.subarray(at, next), { binary: false, fin: next === bytes.length });
    at = next;
  } while (at < bytes.length);
}
