import type { Stamp, Warning } from "./facts.ts";

export type { Warning };

/** Names a fact of one journal, as the cause of others. */
export type FactId = Stamp["id"];

/** A fact with its place in time and its cause. */
export type Entry<Fact> = Fact & Stamp;

/** Where a subject records its facts. */
export type Recorder<Fact> = {
  /**
   * Takes the object over, which becomes the entry: copying it would cost every message several times. `causedBy` is
   * left out where a client or a person acted. Returns the id by which later facts name this one as their cause.
   */
  record(fact: Fact, causedBy?: FactId): FactId;
};

/** Where facts are recorded and read. */
export type Journal<Fact> = Recorder<Fact> & {
  /** Calls `listener` for every fact from now on; the returned function ends that. */
  subscribe(listener: (entry: Entry<Fact>) => void): () => void;
  /** What is kept, oldest first. */
  entries(): readonly Entry<Fact>[];
};

/**
 * Creates a journal that keeps the newest `keep` entries (0 keeps none). A listener that throws is a
 * bug of its own: its error is thrown where nobody records, as an uncaught exception.
 */
export function createJournal<Fact extends object>(
  now: () => number,
  keep = 10_000,
): Journal<Fact> {
  const listeners = new Set<(entry: Entry<Fact>) => void>();
  let kept: Entry<Fact>[] = [];
  let seq = 0;

  return {
    record(fact, causedBy) {
      seq += 1;
      if (keep === 0 && listeners.size === 0) return seq;
      const entry = fact as Fact & { seq: number; at: number; id: FactId; causedBy?: FactId };
      entry.seq = seq;
      entry.at = now();
      entry.id = seq;
      if (causedBy !== undefined) entry.causedBy = causedBy;
      if (keep > 0) {
        kept.push(entry);
        if (kept.length >= keep * 2) kept = kept.slice(-keep);
      }
      for (const listener of listeners) tell(listener, entry);
      return entry.id; // a listener may have recorded more
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    entries: () => (kept.length > keep ? kept.slice(-keep) : kept),
  };
}

function tell<Fact>(listener: (entry: Entry<Fact>) => void, entry: Entry<Fact>): void {
  try {
    listener(entry);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
