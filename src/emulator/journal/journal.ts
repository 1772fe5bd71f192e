/** A fact of any subject: something that the user should look at. */
export type Warning = { readonly type: "warning"; readonly message: string };

/** A fact with its place in time. */
export type Entry<Fact> = Fact & {
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
};

/** Where a subject records its facts. */
export type Recorder<Fact> = {
  /** Takes the object over, which becomes the entry: copying it would cost every message several times. */
  record(fact: Fact): void;
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
    record(fact) {
      if (keep === 0 && listeners.size === 0) return;
      seq += 1;
      const entry = fact as Fact & { seq: number; at: number };
      entry.seq = seq;
      entry.at = now();
      if (keep > 0) {
        kept.push(entry);
        if (kept.length >= keep * 2) kept = kept.slice(-keep);
      }
      for (const listener of listeners) tell(listener, entry);
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
