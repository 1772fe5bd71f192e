import type { Client, Closed, ReceivedFrame } from "../../src/app.ts";
import type { Attempt, Connect, Connected } from "./connector.ts";
import { backOff, isFinal, isReopened } from "./reconnect.ts";

/** One of the connections of a prompt or script. */
export type Peer = {
  readonly name: string;
  readonly url: string;
  /** Undefined while it reconnects. */
  connected: Connected | undefined;
  /** `performance.now()` of the last message sent. */
  sentAt: number | undefined;
  /** The last message that came. */
  last: ReceivedFrame | undefined;
  /** Whether the other side ended it and it has not reconnected. */
  lost: boolean;
  /** Whether this side has started to close it, so that its end is expected. */
  leaving: boolean;
};

export type PeerHooks = {
  onFrame(peer: Peer, frame: ReceivedFrame): void;
  onPing(peer: Peer): void;
  /** It has ended and will not reconnect. */
  onGone(peer: Peer, closed: Closed): void;
  /** It was lost and will reconnect after this many ms. */
  onLost(peer: Peer, how: Closed, delayMs: number): void;
  /** A reconnect failed; the next follows after this many ms, or never. */
  onStillLost(peer: Peer, why: Attempt | Error, delayMs: number | undefined): void;
  onBack(peer: Peer, connected: Connected): void;
};

/** Keeps named connections, and with `reconnect` reopens those that the other side ends. */
export class Peers {
  readonly #connect: Connect;
  readonly #reconnect: boolean;
  readonly #hooks: PeerHooks;
  readonly #byName = new Map<string, Peer>();
  /** For those that wait for the next attempt: the function that ends the wait. */
  readonly #waits = new Map<Peer, () => void>();

  constructor(
    connect: Connect,
    { reconnect, hooks }: { readonly reconnect: boolean; readonly hooks: PeerHooks },
  ) {
    this.#connect = connect;
    this.#reconnect = reconnect;
    this.#hooks = hooks;
  }

  all(): readonly Peer[] {
    return [...this.#byName.values()];
  }

  get(name: string): Peer | undefined {
    return this.#byName.get(name);
  }

  add(name: string, connected: Connected): Peer {
    const peer: Peer = {
      name,
      url: connected.url,
      connected,
      sentAt: undefined,
      last: undefined,
      lost: false,
      leaving: false,
    };
    this.#byName.set(name, peer);
    this.#attach(peer, connected);
    return peer;
  }

  /** Closes one connection, by default without a code, and waits for its end. */
  async close(peer: Peer, code?: number, reason?: string): Promise<void> {
    await this.#leave(peer)?.client.close(code, reason);
  }

  /** Closes all with 1000 and cancels pending reconnects. */
  async closeAll(): Promise<void> {
    const left = this.all().map((peer) => this.#leave(peer));
    await Promise.all(left.map((connected) => connected && closeGracefully(connected.client)));
  }

  #leave(peer: Peer): Connected | undefined {
    peer.leaving = true;
    this.#waits.get(peer)?.();
    return peer.connected;
  }

  #attach(peer: Peer, connected: Connected): void {
    const { client } = connected;
    peer.connected = connected;
    peer.lost = false;
    const receive = (frame: ReceivedFrame) => {
      peer.last = frame;
      this.#hooks.onFrame(peer, frame);
    };
    for (const frame of client.received) receive(frame);
    client.onFrame(receive);
    client.onPing(() => this.#hooks.onPing(peer));
    void client.closed.then((closed) => this.#ended(peer, closed));
  }

  #ended(peer: Peer, closed: Closed): void {
    peer.connected = undefined;
    if (!isReopened(peer, { reconnect: this.#reconnect })) {
      this.#remove(peer, closed);
      return;
    }
    peer.lost = true;
    const delayMs = backOff(0, Math.random());
    this.#hooks.onLost(peer, closed, delayMs);
    void this.#connectAgain(peer, closed, delayMs);
  }

  #remove(peer: Peer, closed: Closed): void {
    if (this.#byName.get(peer.name) !== peer) return;
    this.#byName.delete(peer.name);
    this.#hooks.onGone(peer, closed);
  }

  async #connectAgain(peer: Peer, closed: Closed, firstDelayMs: number): Promise<void> {
    let delayMs = firstDelayMs;
    for (let attempt = 1; ; attempt += 1) {
      await this.#pause(peer, delayMs);
      if (peer.leaving) break;
      const result = await this.#attempt(peer.url);
      if (peer.leaving) {
        if (isOpen(result)) await closeGracefully(result.client);
        break;
      }
      if (isOpen(result)) {
        this.#hooks.onBack(peer, result);
        this.#attach(peer, result);
        return;
      }
      if (isFinal(result)) {
        this.#hooks.onStillLost(peer, result, undefined);
        break;
      }
      delayMs = backOff(attempt, Math.random());
      this.#hooks.onStillLost(peer, result, delayMs);
    }
    this.#remove(peer, closed);
  }

  async #attempt(url: string): Promise<Attempt | Error> {
    try {
      return await this.#connect(url);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #pause(peer: Peer, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        this.#waits.delete(peer);
        resolve();
      };
      const timer = setTimeout(over, ms);
      this.#waits.set(peer, over);
    });
  }
}

function isOpen(result: Attempt | Error): result is Connected {
  return "kind" in result && result.kind === "open";
}

const CLOSE_MS = 2000;

/** Closes with 1000; does not wait forever for a peer that does not answer. */
export async function closeGracefully(client: Client): Promise<void> {
  const timer = setTimeout(() => client.terminate(), CLOSE_MS);
  await client.close(1000);
  clearTimeout(timer);
}
