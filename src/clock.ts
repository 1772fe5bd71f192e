/** A clock, passed in so that a test can advance it. */
export type Clock = {
  /** Epoch ms, whole. */
  now(): number;
  /** Monotonic ms with fractions, for durations. */
  elapsed(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. Never keeps the process alive. */
  schedule(delayMs: number, run: () => void): () => void;
};

/** The machine's clock. Its timers never keep the process alive. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    schedule(delayMs, run) {
      // If the machine was suspended, input that arrived in time is read late: it is handled before the limit
      // expires.
      let soon: NodeJS.Immediate | undefined;
      const timer = setTimeout(() => {
        soon = setImmediate(run);
      }, delayMs);
      timer.unref();
      return () => {
        clearTimeout(timer);
        clearImmediate(soon);
      };
    },
  };
}

/** A clock that only advances on request. */
export type ManualClock = Clock & {
  /** Advances by `ms` and runs due callbacks on the way, in order, each at its own time. */
  advance(ms: number): void;
  /** Runs the next callback due by `until` (epoch ms), at its own time; false if none is due. */
  step(until: number): boolean;
};

export function createManualClock(startAt: number): ManualClock {
  let now = startAt;
  let order = 0;
  const due = new Map<number, { at: number; run: () => void }>();

  return {
    now: () => now,
    elapsed: () => now - startAt,
    schedule(delayMs, run) {
      const id = ++order;
      due.set(id, { at: now + Math.max(0, delayMs), run });
      return () => due.delete(id);
    },
    step,
    advance(ms) {
      const end = now + ms;
      while (step(end)) {
        // one after the other
      }
      now = Math.max(now, end);
    },
  };

  function step(until: number): boolean {
    const next = earliest(due, until);
    if (next === undefined) return false;
    const [id, { at, run }] = next;
    due.delete(id);
    now = Math.max(now, at);
    run();
    return true;
  }
}

type Due = { readonly at: number; readonly run: () => void };

function earliest(due: ReadonlyMap<number, Due>, end: number): [number, Due] | undefined {
  let found: [number, Due] | undefined;
  for (const entry of due) {
    if (entry[1].at <= end && (found === undefined || entry[1].at < found[1].at)) found = entry;
  }
  return found;
}
