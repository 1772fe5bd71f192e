import { setTimeout } from "node:timers/promises";

/** Clock, delay and randomness of a run; passed in, so that tests do not wait. */
export type Timing = {
  /** Epoch ms. */
  now(): number;
  /** ms since an arbitrary moment; only differences are meaningful. */
  elapsed(): number;
  /** Resolves after `ms`, or at once when `signal` is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 to 1. */
  random(): number;
};

/** The machine's own time. A delay keeps the process alive: a run that watches a stack has nothing else. */
export function createTiming(): Timing {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: () => Math.random(),
    pause: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}), // it was aborted
  };
}
