import { type ErrorCode, WsgwError } from "../errors.ts";

/** An error whose message ends with what happened last. */
export function failure(code: ErrorCode, sentence: string, lastFacts: () => string): WsgwError {
  return new WsgwError(code, `${sentence}\n${lastFacts()}`);
}

/** How long each wait of a gateway may take in real time, and what happened last, for when it takes longer. */
export type WaitLimits = { readonly waitMs: number; readonly lastFacts: () => string };
