import type { FactId } from "../journal/journal.ts";
import type { ConnectDecision } from "./connect/rules/handshake.ts";
import type { ProtocolBreach } from "./disconnect/rules/closing.ts";
import type { ConnectionDescription } from "./management/rules/management-answer.ts";

/** One open WebSocket. Calls after it has closed do nothing. */
export type Socket = {
  send(text: string): void;
  /** Whether so much waits for the client to read that no post is taken for it. */
  isFull(): boolean;
  /** Starts the closing handshake; the peer sees `code` and `reason`. */
  close(code: number, reason: string): void;
};

/** A WebSocket handshake, as it came over the wire. */
export type Handshake = {
  /** The request target, raw: path and query. */
  readonly url: string;
  /** Names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  /** Who the client is, in place of what the authorizer says: the value of the identity header. */
  readonly mockedIdentity?: string | undefined;
  /** What makes it no handshake at all, such as a key that is missing; undefined for a sound one. */
  readonly problem?: string;
};

/** What came in one message; the bytes of a binary one are of no use to the gateway. */
export type IncomingMessage =
  | { readonly kind: "text"; readonly text: string; readonly bytes: number }
  | { readonly kind: "binary"; readonly bytes: number };

/** Ties together the facts of one call of the management API. */
export type CallFacts = {
  /** The invocation whose code called, where it is known. */
  readonly because: FactId | undefined;
  /** The gateway names here what the call brought about: a frame that was sent, or the end of a connection. */
  effect?: FactId;
};

type PostResult = { readonly kind: "delivered" | "gone" | "buffer-full" };

/** A connection's life. Rules decide, the gateway acts; adapters call these and carry the answers. */
export type Gateway = {
  /** Runs `$connect`. After `accept` exactly one of `open` and `abandon` must follow. */
  connect(handshake: Handshake): Promise<ConnectDecision>;
  /** All handshakes under way have been answered as those that come while the emulator stops, whatever is decided now. */
  refusedHeld(): void;
  /** The 101 is out: messages may flow. */
  open(connectionId: string, socket: Socket): void;
  /** The client left before the 101 could be sent. */
  abandon(connectionId: string): void;
  message(connectionId: string, message: IncomingMessage): Promise<void>;
  /** The client has sent a ping, and it is answered. */
  pinged(connectionId: string): void;
  /** A frame or message larger than allowed has begun to arrive. */
  oversized(connectionId: string): void;
  /** The client broke the WebSocket protocol. */
  broken(connectionId: string, how: ProtocolBreach): void;
  /** The socket has closed, whoever closed it; 1005 without a code, 1006 without a close frame. */
  closed(connectionId: string, code: number, reason: string): void;
  post(connectionId: string, body: Uint8Array, facts?: CallFacts): PostResult;
  describe(connectionId: string): ConnectionDescription | undefined;
  /** False when there is no such connection. */
  remove(connectionId: string, facts?: CallFacts): boolean;
};
