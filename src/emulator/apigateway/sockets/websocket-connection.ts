import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { type FrameLimits, FrameScanner } from "../message/rules/frames.ts";
import type { Gateway, IncomingMessage, Socket } from "../ports.ts";
import { isFull, MessageGate } from "./message-gate.ts";

/**
 * Opens a connection at the gateway and passes its messages on. ws delivers only whole messages, so a scanner
 * reads the raw bytes first. From a frame over a limit on, ws receives nothing more, except the client's
 * answer to the close frame.
 */
export function carryFrames(options: {
  readonly ws: WebSocket;
  /** The socket that `ws` uses. */
  readonly raw: Duplex;
  readonly connectionId: string;
  readonly gateway: Gateway;
  readonly limits: FrameLimits;
  readonly onClosed: () => void;
}): void {
  const { ws, raw, connectionId, gateway, limits, onClosed } = options;
  const scanner = new FrameScanner(limits);
  const answer = (message: IncomingMessage) => gateway.message(connectionId, message);
  const gate = new MessageGate({ ws, raw, answer });
  const deliver = takeDataListener(raw);
  let phase: "flowing" | "cut-off" | "closing" = "flowing";

  const onData = (chunk: Buffer): void => {
    const violation = scanner.scan(chunk);
    if (phase === "flowing") {
      if (violation === undefined) deliver.call(raw, chunk);
      else if (violation > 0) deliver.call(raw, chunk.subarray(0, violation));
      // The delivery may have uncovered a protocol violation.
      if (violation !== undefined && phase === "flowing") {
        phase = "cut-off";
        gate.end();
        gateway.oversized(connectionId);
      }
    }
    // The client's close frame has arrived: ws ends the connection, unless it did not receive that frame.
    if (scanner.closeSeen()) {
      if (phase === "cut-off") raw.end();
      else phase = "closing";
    }
    gate.afterRead();
  };
  raw.on("data", onData);

  ws.on("message", (data, isBinary) => gate.take(incoming(data as Buffer, isBinary))); // the type that ws uses by default
  ws.on("ping", () => gateway.pinged(connectionId));
  // The client violated the protocol; ws has already sent the close frame with the code.
  ws.on("error", ({ code }: NodeJS.ErrnoException) => {
    phase = "cut-off";
    gate.end();
    gateway.broken(
      connectionId,
      code === "WS_ERR_INVALID_UTF8" ? "invalid-utf8" : "protocol-error",
    );
  });
  ws.on("close", (code, reason) => {
    onClosed();
    gate.end();
    gateway.closed(connectionId, code, reason.toString());
  });

  gateway.open(
    connectionId,
    createSocket(ws, raw, limits.frameBytes, () => gate.end()),
  );
}

function incoming(data: Buffer, isBinary: boolean): IncomingMessage {
  const bytes = data.length;
  return isBinary ? { kind: "binary", bytes } : { kind: "text", text: data.toString(), bytes };
}

/** Replaces the listener by which ws reads its socket. */
function takeDataListener(raw: Duplex): (this: Duplex, chunk: Buffer) => void {
  const [listener, ...others] = raw.listeners("data");
  if (listener === undefined || others.length > 0) {
    throw new Error("ws does not read its socket by one data listener");
  }
  raw.removeListener("data", listener as (chunk: Buffer) => void);
  return listener as (this: Duplex, chunk: Buffer) => void;
}

/**
 * Sends the first message of an event loop turn at once, and the following ones of that turn in one write.
 * This multiplies the rate of small messages to one client and delays no single message.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
function createSocket(
  ws: WebSocket,
  raw: Duplex,
  frameBytes: number,
  onClosing: () => void,
): Socket {
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
      onClosing();
    },
  };
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

function sendInFrames(ws: WebSocket, bytes: Buffer, frameBytes: number): void {
  let at = 0;
  do {
    const next = Math.min(at + frameBytes, bytes.length);
    ws.send(bytes.subarray(at, next), { binary: false, fin: next === bytes.length });
    at = next;
  } while (at < bytes.length);
}
