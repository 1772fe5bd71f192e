const MINUTE_MS = 60_000;
/** Delays before the second and the third attempt, which is the last. */
const DELAYS_MS: readonly number[] = [MINUTE_MS, 2 * MINUTE_MS];

/**
 * Delay before Lambda retries an event of an asynchronous invocation; undefined after the last attempt.
 * Attempts count from 1. [documented]
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function retryDelayMs(attempt: number): number | undefined {
  return DELAYS_MS[attempt - 1];
}
