import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { type FrameLimits, FrameScanner } from "../message/rules/frame-limits.ts";
import type { Gateway, IncomingMessage, Socket } from "../ports.ts";
import { isFull, MessageGate } from "./backpressure.ts";
import { sendFrames } from "./sent-frames.ts";

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
      sendFrames(ws, raw, text, frameBytes);
    },
    isFull: () => isFull(raw),
    close(code, reason) {
      ws.close(code, reason);
      onClosing();
    },
  };
}
