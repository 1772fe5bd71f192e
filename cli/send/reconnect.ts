import type { Attempt } from "./connector.ts";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** So that the clients of a restarted gateway do not all reconnect at once. */
const JITTER = 0.25;

/** Whether a lost connection is opened again: with `--reconnect`, unless this side has closed it. */
export function isReopened(
  { leaving }: { readonly leaving: boolean },
  { reconnect }: { readonly reconnect: boolean },
): boolean {
  return reconnect && !leaving;
}

/** Delay before the attempt with this number, counted from 0; `random` from 0 to 1. */
export function backOff(attempt: number, random: number): number {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** attempt, LONGEST_DELAY_MS);
  return Math.round(delay * (1 + JITTER * random));
}

/** A rejection that another attempt would not change. */
export function isFinal(result: Attempt | Error): boolean {
  if (!("kind" in result) || result.kind !== "rejected") return false;
  const { statusCode } = result.rejection;
  return statusCode < 500 && statusCode !== 429;
}
