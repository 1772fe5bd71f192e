import { type ErrorCode, WsgwError } from "../errors.ts";

/** An error whose message ends with the last facts. */
export function failure(code: ErrorCode, sentence: string, lastFacts: () => string): WsgwError {
  return new WsgwError(code, `${sentence}\n${lastFacts()}`);
}

/** Time limit of each wait in real time, and the last facts for the error after it. */
export type WaitLimits = { readonly waitMs: number; readonly lastFacts: () => string };
