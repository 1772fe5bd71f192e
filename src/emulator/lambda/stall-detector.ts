import type { Clock } from "../../clock.ts";

/** Tells for how long nothing has been heard of the environments of a function. */
export type StallDetector = {
  heard(): void;
  /** The first look: it is not silent yet. */
  begin(): void;
  /** Takes the next look. Returns ms. */
  look(): number;
};

/**
 * Counts at most `lookMs` for each look, however late it comes: between two looks the event loop has read
 * what has come, and when it or the whole machine stood still, so did the environments.
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
