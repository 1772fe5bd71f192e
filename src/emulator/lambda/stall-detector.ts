import type { Clock } from "../../clock.ts";

/** Measures for how long the environments of a function have reported nothing. */
export type StallDetector = {
  heard(): void;
  /** The first check: nothing has stalled yet. */
  begin(): void;
  /** The next check. Returns the stalled time in ms. */
  look(): number;
};

/**
 * Counts at most `lookMs` for each check, however late it comes. Between two checks the event loop has read
 * all reports, and if it or the whole machine was suspended, so were the environments.
 */
export function createStallDetector(clock: Clock, lookMs: number): StallDetector {
  let heardAt = 0;
  let lookedAt = 0;
  let stalledMs = 0;

  return {
    heard() {
      heardAt = clock.elapsed();
    },
    begin() {
      lookedAt = clock.elapsed();
      stalledMs = 0;
    },
    look() {
      const now = clock.elapsed();
      stalledMs = heardAt > lookedAt ? 0 : stalledMs + Math.min(now - lookedAt, lookMs);
      lookedAt = now;
      return stalledMs;
    },
  };
}
