import type { Client, Closed, ReceivedFrame } from "../../src/app.ts";
import type { Attempt, Connect, Connected } from "./connector.ts";

/** One of the connections of a prompt or script. */
export type Peer = {
  readonly name: string;
  readonly url: string;
  /** Undefined while it is being connected anew. */
  connected: Connected | undefined;
  /** `performance.now()` of the last message sent. */
  sentAt: number | undefined;
  /** The last message that came. */
  last: ReceivedFrame | undefined;
  /** Whether the other side ended it and it has not been connected anew. */
  lost: boolean;
  /** Whether we have begun to close it, so that its end is no surprise. */
  leaving: boolean;
};

export type PeerHooks = {
  onFrame(peer: Peer, frame: ReceivedFrame): void;
  onPing(peer: Peer): void;
  /** It has ended for good. */
  onGone(peer: Peer, closed: Closed): void;
  /** It was lost and will be connected anew after so many ms. */
  onLost(peer: Peer, how: Closed, delayMs: number): void;
  /** An attempt to connect anew did not help; there is another after so many ms, or none. */
  onStillLost(peer: Peer, why: Attempt | Error, delayMs: number | undefined): void;
  onBack(peer: Peer, connected: Connected): void;
};

export type Peers = {
  all(): readonly Peer[];
  get(name: string): Peer | undefined;
  add(name: string, connected: Connected): Peer;
  /** Closes one connection, without a code when none is given, and waits for its end. */
  close(peer: Peer, code?: number, reason?: string): Promise<void>;
  /** Closes all with 1000, and gives up those that are being connected anew. */
  closeAll(): Promise<void>;
};

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** So that the clients of a gateway that has started anew do not all come at once. */
const JITTER = 0.25;

/** The wait before the attempt with this number, counted from 0; `random` from 0 to 1. */
export function backOff(attempt: number, random: number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS);
  return Math.round(delay * (1 + JITTER * random));
}

/** Keeps named connections, and with `reconnect` makes those anew that the other side ends. */
export function createPeers(
  connect: Connect,
  { reconnect, hooks }: { readonly reconnect: boolean; readonly hooks: PeerHooks },
): Peers {
  const peers = new Map<string, Peer>();
  const waits = new Map<Peer, { timer: NodeJS.Timeout; giveUp: () => void }>();

  function attach(peer: Peer, connected: Connected): void {
    const { client } = connected;
    peer.connected = connected;
    peer.lost = false;
    const receive = (frame: ReceivedFrame) => {
      peer.last = frame;
      hooks.onFrame(peer, frame);
    };
    for (const frame of client.received) receive(frame);
    client.onFrame(receive);
    client.onPing(() => hooks.onPing(peer));
    void client.closed.then((closed) => ended(peer, closed));
  }

  function ended(peer: Peer, closed: Closed): void {
    peer.connected = undefined;
    if (peer.leaving || !reconnect) {
      remove(peer, closed);
      return;
    }
    peer.lost = true;
    const delayMs = backOff(0, Math.random());
    hooks.onLost(peer, closed, delayMs);
    void returns(peer, closed, delayMs);
  }

  function remove(peer: Peer, closed: Closed): void {
    if (peers.get(peer.name) !== peer) return;
    peers.delete(peer.name);
    hooks.onGone(peer, closed);
  }

  async function returns(peer: Peer, closed: Closed, firstDelayMs: number): Promise<void> {
    let delayMs = firstDelayMs;
    for (let attempt = 1; ; attempt += 1) {
      await pause(peer, delayMs);
      const result = peer.leaving ? undefined : await attempted(peer.url);
      if (peer.leaving) {
        if (result !== undefined && isOpen(result)) await closeGracefully(result.client);
        remove(peer, closed);
        return;
      }
      if (result !== undefined && isOpen(result)) {
        hooks.onBack(peer, result);
        attach(peer, result);
        return;
      }
      if (result === undefined) continue;
      if (isFinal(result)) {
        hooks.onStillLost(peer, result, undefined);
        remove(peer, closed);
        return;
      }
      delayMs = backOff(attempt, Math.random());
      hooks.onStillLost(peer, result, delayMs);
    }
  }

  async function attempted(url: string): Promise<Attempt | Error> {
    try {
      return await connect(url);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  function pause(peer: Peer, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        waits.delete(peer);
        resolve();
      };
      const timer = setTimeout(over, ms);
      waits.set(peer, { timer, giveUp: over });
    });
  }

  async function closeOne(peer: Peer, close: (connected: Connected) => Promise<unknown>) {
    peer.leaving = true;
    waits.get(peer)?.giveUp();
    if (peer.connected !== undefined) await close(peer.connected);
  }

  return {
    all: () => [...peers.values()],
    get: (name) => peers.get(name),
    add(name, connected) {
      const peer: Peer = {
        name,
        url: connected.url,
        connected,
        sentAt: undefined,
        last: undefined,
        lost: false,
        leaving: false,
      };
      peers.set(name, peer);
      attach(peer, connected);
      return peer;
    },
    close: (peer, code, reason) => closeOne(peer, ({ client }) => client.close(code, reason)),
    async closeAll() {
      await Promise.all(
        [...peers.values()].map((peer) => closeOne(peer, ({ client }) => closeGracefully(client))),
      );
    },
  };
}

function isOpen(result: Attempt | Error): result is Connected {
  return "kind" in result && result.kind === "open";
}

/** A refusal that another attempt would not change. */
function isFinal(result: Attempt | Error): boolean {
  if (!("kind" in result) || result.kind !== "refused") return false;
  const { statusCode } = result.refusal;
  return statusCode < 500 && statusCode !== 429;
}

const CLOSE_MS = 2000;

/** Closes with 1000; a peer that does not answer is left after a while. */
export async function closeGracefully(client: Client): Promise<void> {
  const timer = setTimeout(() => client.terminate(), CLOSE_MS);
  await client.close(1000);
  clearTimeout(timer);
}
