import type { Stamp, Warning } from "./facts.ts";

export type { Warning };

/** Identifies a fact of one journal, for example as the cause of others. */
export type FactId = Stamp["id"];

/** A fact with its time and cause. */
export type Entry<Fact> = Fact & Stamp;

/** Where a subject records its facts. */
export type Recorder<Fact> = {
  /**
   * Takes ownership of the object, which becomes the entry: a copy would cost every message several times.
   * `causedBy` is undefined if a client or a person acted. Returns the id, for later facts with this cause.
   */
  record(fact: Fact, causedBy?: FactId): FactId;
};

/** Where facts are recorded and read. */
export type Journal<Fact> = Recorder<Fact> & {
  /** Calls `listener` for every future fact; the returned function unsubscribes. */
  subscribe(listener: (entry: Entry<Fact>) => void): () => void;
  /** The kept entries, oldest first. */
  entries(): readonly Entry<Fact>[];
};

/**
 * Creates a journal that keeps the newest `keep` entries (0 keeps none). An error of a listener is a bug of
 * that listener: it is thrown asynchronously, as an uncaught exception.
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
      return entry.id; // a listener may have recorded more facts
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
