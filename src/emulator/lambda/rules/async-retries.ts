const MINUTE_MS = 60_000;
/** Delays before the second and the third attempt, which is the last. */
const DELAYS_MS: readonly number[] = [MINUTE_MS, 2 * MINUTE_MS];

/** What happens to an event of an asynchronous invocation that failed. */
type AfterFailure =
  | { readonly kind: "retry"; readonly delayMs: number }
  | { readonly kind: "drop"; readonly because: "retries-exhausted" | "stopped" };

/**
 * Whether Lambda retries an event whose function failed, and when. Attempts count from 1. [documented] When the
 * gateway stops, it drops events that would wait for a retry.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export function afterFailure(attempt: number, isStopping: boolean): AfterFailure {
  const delayMs = DELAYS_MS[attempt - 1];
  if (delayMs === undefined) return { kind: "drop", because: "retries-exhausted" };
  return isStopping ? { kind: "drop", because: "stopped" } : { kind: "retry", delayMs };
}
