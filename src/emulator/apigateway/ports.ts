import type { FactId } from "../journal/journal.ts";
import type { ConnectDecision } from "./connect/rules/connect-result.ts";
import type { ProtocolBreach } from "./disconnect/rules/close-codes.ts";
import type { ConnectionDescription } from "./management/rules/management-answer.ts";

/** One open WebSocket. Calls after it has closed have no effect. */
export type Socket = {
  send(text: string): void;
  /** Whether the client reads so slowly that posts to it are rejected. */
  isFull(): boolean;
  /** Starts the closing handshake; the peer sees `code` and `reason`. */
  close(code: number, reason: string): void;
};

/** A WebSocket handshake, as received. */
export type Handshake = {
  /** The request target, raw: path and query. */
  readonly url: string;
  /** Names and values alternate, as in Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  /** The value of the identity header, which replaces the authorizer's result. */
  readonly mockedIdentity?: string | undefined;
  /** Why the request is not a valid handshake, such as a missing key; undefined for a valid one. */
  readonly problem?: string;
};

/** The content of one message. The gateway does not use the bytes of a binary message. */
export type IncomingMessage =
  | { readonly kind: "text"; readonly text: string; readonly bytes: number }
  | { readonly kind: "binary"; readonly bytes: number };

/** Links the facts of one call to the management API. */
export type CallFacts = {
  /** The invocation that made the call, if known. */
  readonly because: FactId | undefined;
  /** Set by the gateway to the effect of the call: a frame that was sent, or the end of a connection. */
  effect?: FactId;
};

type PostResult = { readonly kind: "delivered" | "gone" | "buffer-full" };

/** The life of a connection. Adapters call these methods and send the answers. */
export type Gateway = {
  /** Runs `$connect`. After `accept` exactly one of `open` and `abandon` must follow. */
  connect(handshake: Handshake): Promise<ConnectDecision>;
  /** All held handshakes have been answered as rejected by a stopping emulator, whatever is decided later. */
  rejectedHeld(): void;
  /** The 101 is sent: messages may flow. */
  open(connectionId: string, socket: Socket): void;
  /** The client left before the 101 was sent. */
  abandon(connectionId: string): void;
  message(connectionId: string, message: IncomingMessage): Promise<void>;
  /** The client sent a ping, which was answered. */
  pinged(connectionId: string): void;
  /** A frame or message over the limit has begun to arrive. */
  oversized(connectionId: string): void;
  /** The client violated the WebSocket protocol. */
  broken(connectionId: string, how: ProtocolBreach): void;
  /** The socket has closed, from either end; 1005 without a code, 1006 without a close frame. */
  closed(connectionId: string, code: number, reason: string): void;
  post(connectionId: string, body: Uint8Array, facts?: CallFacts): PostResult;
  describe(connectionId: string): ConnectionDescription | undefined;
  /** False if the connection does not exist. */
  remove(connectionId: string, facts?: CallFacts): boolean;
};
