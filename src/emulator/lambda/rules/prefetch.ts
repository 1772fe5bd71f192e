/** How much work, in ms, an environment may have before it besides the event that it runs. */
const MOST_MS = 5;
const MOST_EVENTS = 16;
const SHORTEST_MS = 0.01;

/**
 * How many of the events that wait are handed to an environment before it has answered, when an event
 * takes it `averageMs`; undefined is not known yet. Fast code spends more time on waiting for its next
 * event than on the event. Slow code gets none: another environment may be free sooner.
 */
export function eventsToPrefetch(averageMs: number | undefined): number {
  if (averageMs === undefined) return 0;
  return Math.min(MOST_EVENTS, Math.floor(MOST_MS / Math.max(averageMs, SHORTEST_MS)));
}

/** The average, of which the newest counts for a quarter. */
export function averageWith(averageMs: number | undefined, newestMs: number): number {
  return averageMs === undefined ? newestMs : averageMs + (newestMs - averageMs) / 4;
}
