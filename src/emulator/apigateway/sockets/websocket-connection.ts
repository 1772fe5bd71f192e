import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { createFrameScanner, type FrameLimits } from "../message/rules/frames.ts";
import type { Gateway, Socket } from "../ports.ts";

/**
 * What may wait for a client that does not read. Beyond it posts are answered 429, and the client's own messages, whose
 * replies would wait too, stay on the line until it has read. Assumed: AWS does not publish the size of its buffer.
 */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Opens a connection at the gateway and carries its messages. ws hands over whole messages, so the raw
 * bytes pass a scanner first: the frame that breaks a limit, and all that follows it, never gets
 * to ws; only the client's answer to the close frame is waited for.
 */
export function carryFrames(options: {
  readonly ws: WebSocket;
  /** The socket that `ws` has just been set up on. */
  readonly raw: Duplex;
  readonly connectionId: string;
  readonly gateway: Gateway;
  readonly limits: FrameLimits;
  readonly onClosed: () => void;
}): void {
  const { ws, raw, connectionId, gateway, limits, onClosed } = options;
  const scanner = createFrameScanner(limits);
  const deliver = takeDataListener(raw);
  let phase: "flowing" | "cut-off" | "closing" = "flowing";

  const onData = (chunk: Buffer): void => {
    const violation = scanner.scan(chunk);
    if (phase === "flowing") {
      if (violation === undefined) deliver.call(raw, chunk);
      else if (violation > 0) deliver.call(raw, chunk.subarray(0, violation));
      // Delivering may have found the protocol broken.
      if (violation !== undefined && phase === "flowing") {
        phase = "cut-off";
        gateway.oversized(connectionId);
      }
    }
    // The client's close frame is through: ws ends the connection, unless it was kept from ws.
    if (scanner.closeSeen()) {
      if (phase === "cut-off") raw.end();
      else phase = "closing";
    }
    if (isFull(raw) && !raw.isPaused()) {
      raw.pause();
      raw.once("drain", () => raw.resume());
    }
  };
  raw.on("data", onData);

  ws.on("message", (data, isBinary) => {
    const bytes = data as Buffer; // what ws gives unless told otherwise
    if (isBinary) void gateway.message(connectionId, { kind: "binary", bytes: bytes.length });
    else {
      void gateway.message(connectionId, {
        kind: "text",
        text: bytes.toString(),
        bytes: bytes.length,
      });
    }
  });
  ws.on("ping", () => gateway.pinged(connectionId));
  // The client broke the protocol; ws has sent it the close frame that says how.
  ws.on("error", ({ code }: NodeJS.ErrnoException) => {
    phase = "cut-off";
    gateway.broken(
      connectionId,
      code === "WS_ERR_INVALID_UTF8" ? "invalid-utf8" : "protocol-error",
    );
  });
  ws.on("close", (code, reason) => {
    onClosed();
    gateway.closed(connectionId, code, reason.toString());
  });

  gateway.open(connectionId, createSocket(ws, raw, limits.frameBytes));
}

function isFull(raw: Duplex): boolean {
  return raw.writableLength > MOST_WAITING_BYTES;
}

/** Takes over from the one listener by which ws reads its socket. */
function takeDataListener(raw: Duplex): (this: Duplex, chunk: Buffer) => void {
  const [listener, ...others] = raw.listeners("data");
  if (listener === undefined || others.length > 0) {
    throw new Error("ws does not read its socket by one data listener");
  }
  raw.removeListener("data", listener as (chunk: Buffer) => void);
  return listener as (this: Duplex, chunk: Buffer) => void;
}

/**
 * The first message of a turn of the event loop goes out at once; what follows it in the same turn goes
 * out in one write: several times as many small messages to one client per second, and none is delayed
 * that comes alone.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
function createSocket(ws: WebSocket, raw: Duplex, frameBytes: number): Socket {
  let turn: "quiet" | "spoken" | "held-back" = "quiet";
  const endTurn = (): void => {
    if (turn === "held-back") raw.uncork();
    turn = "quiet";
  };

  return {
    send(text) {
      if (ws.readyState !== WebSocket.OPEN) return;
      if (turn === "quiet") {
        turn = "spoken";
        setImmediate(endTurn);
      } else if (turn === "spoken") {
        turn = "held-back";
        raw.cork();
      }
      if (text.length * 3 <= frameBytes) raw.write(textFrame(text));
      else sendInFrames(ws, Buffer.from(text), frameBytes);
    },
    isFull: () => isFull(raw),
    close(code, reason) {
      ws.close(code, reason);
    },
  };
}

const TEXT_AND_FINAL = 0x81;
/** In the place of the length: the next two bytes have it. */
const LENGTH_FOLLOWS = 126;

/**
 * A whole text message in one frame, of less than 64 KB. ws would hand header and text to the system as
 * two pieces, which takes Node and the system longer than one.
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

function sendInFrames(ws: WebSocket, bytes: Buffer, frameBytes: number): void {
  let at = 0;
  do {
    const next = Math.min(at + frameBytes, bytes.length);
    ws.send(bytes.subarray(at, next), { binary: false, fin: next === bytes.length });
    at = next;
  } while (at < bytes.length);
}
