import { after, waitFor } from "../client/waiting.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { Entry } from "../emulator/facts.ts";

/** A client of the harness: both ends of its connection are in this process. */
type OwnClient = {
  readonly connectionId: string;
  readonly closed: Promise<unknown>;
  /** Whether it has started to leave or has left. */
  isClosing(): boolean;
};

export type Settling = {
  /** Counts a handshake of the harness until it is answered. */
  opening<Value>(handshake: Promise<Value>): Promise<Value>;
  add(client: OwnClient): void;
  /** Expects nothing more from a connection whose client was dropped without a close. */
  lost(connectionId: string): void;
  /** Resolves when all frames that clients of the harness have sent have arrived. */
  arrived(): Promise<void>;
  /**
   * Resolves when no frame is in flight in either direction, no handler runs, no post is pending and no
   * `$disconnect` is outstanding.
   */
  settled(): Promise<void>;
  /** What is still outstanding, as text. */
  outstanding(): readonly string[];
};

/** Time for an external client to answer a ping before it is ignored. */
const OUTSIDE_MS = 500;

/** Facts that do not indicate activity. */
const ASIDE: ReadonlySet<Entry["type"]> = new Set(["function.logged", "warning"]);

/**
 * Detects when a gateway has nothing left to do. A ping and its pong confirm that every earlier frame in
 * either direction has arrived. All activity creates facts, so nothing was pending if a whole round of pings,
 * closed connections and handlers passes without a fact.
 */
export function createSettling(emulator: Emulator, waitMs: number): Settling {
  const { journal } = emulator;
  const handshakes = new Set<Promise<unknown>>();
  const clients = new Map<string, OwnClient>();
  const silent = new Set<string>();
  const open = new Set<string>();
  let facts = 0;
  journal.subscribe((entry) => {
    if (!ASIDE.has(entry.type)) facts += 1;
    if (entry.type === "connection.opened") open.add(entry.connectionId);
    if (entry.type === "connection.closed") open.delete(entry.connectionId);
  });

  function bothEnds(connectionId: string): Promise<unknown> {
    const client = clients.get(connectionId);
    if (client === undefined) return flushedOutside(connectionId);
    return client.isClosing() ? closedAtGateway(connectionId) : emulator.flushed(connectionId);
  }

  function closedAtGateway(connectionId: string): Promise<unknown> {
    return waitFor({
      look: () => (open.has(connectionId) ? undefined : true),
      subscribe: journal.subscribe,
      timeoutMs: waitMs,
      missed: () => new Error(`The gateway did not notice that ${connectionId} left.`),
    });
  }

  async function flushedOutside(connectionId: string): Promise<void> {
    if (silent.has(connectionId)) return;
    let cancel = (): void => {};
    const limit = new Promise<void>((resolve) => {
      cancel = after(OUTSIDE_MS, () => {
        silent.add(connectionId);
        resolve();
      });
    });
    await Promise.race([emulator.flushed(connectionId), limit]);
    cancel();
  }

  return {
    async opening(handshake) {
      handshakes.add(handshake);
      try {
        return await handshake;
      } finally {
        handshakes.delete(handshake);
      }
    },
    add(client) {
      clients.set(client.connectionId, client);
    },
    lost(connectionId) {
      open.delete(connectionId);
      clients.delete(connectionId);
    },
    async arrived() {
      const own = [...open].filter((connectionId) => clients.has(connectionId));
      await Promise.all(own.map(bothEnds));
    },
    async settled() {
      let before: number;
      do {
        before = facts;
        await Promise.allSettled(handshakes);
        await Promise.all([...open].map(bothEnds));
        for (const [connectionId, { closed }] of clients) {
          if (open.has(connectionId)) continue;
          await closed;
          clients.delete(connectionId);
        }
        await emulator.idle();
      } while (facts !== before || handshakes.size > 0);
    },
    outstanding: () => [
      ...(handshakes.size > 0 ? [`unanswered handshakes: ${handshakes.size}`] : []),
      ...runningIn(journal.entries()),
    ],
  };
}

type Started = Extract<Entry, { readonly type: "function.started" }>;

function runningText({ functionName, connectionId }: Started): string {
  return connectionId === undefined
    ? `${functionName} runs`
    : `${functionName} runs for ${connectionId}`;
}

function runningIn(entries: readonly Entry[]): readonly string[] {
  const running = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type === "function.started") {
      running.set(entry.awsRequestId, runningText(entry));
    }
    if (entry.type === "function.ended") running.delete(entry.awsRequestId);
  }
  return [...running.values()];
}
