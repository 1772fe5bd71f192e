const POLL_MS = 2000;
const POLL_LIMIT_MS = 10_000;
const GROWTH_AFTER = 30;
const THROTTLE_LIMIT_MS = 30_000;

/**
 * Delay before the stack is polled again, in ms: 2 s, after a minute slowly growing to 10 s. `random` (0 to
 * 1) varies it by a fifth.
 */
export function pollDelay(polls: number, random: number): number {
  const base = Math.min(POLL_LIMIT_MS, POLL_MS * 1.1 ** Math.max(0, polls - GROWTH_AFTER));
  return Math.round(base * (0.9 + random * 0.2));
}

/** Delay after the `times`-th throttled call in a row, in ms: doubles each time, half of it random. */
export function throttleDelay(times: number, random: number): number {
  const ceiling = Math.min(THROTTLE_LIMIT_MS, POLL_MS * 2 ** (times - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}

const THROTTLED: readonly string[] = [
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "SlowDown",
];

/** Whether an error means that calls are too frequent. */
export function isThrottled(error: { readonly code: string; readonly message: string }): boolean {
  return THROTTLED.includes(error.code) || /^Rate exceeded/i.test(error.message);
}
