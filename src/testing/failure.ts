import { type ErrorCode, WsgwError } from "../errors.ts";

/** An error whose message ends with what happened last. */
export function failure(code: ErrorCode, sentence: string, lastFacts: () => string): WsgwError {
  return new WsgwError(code, `${sentence}\n${lastFacts()}`);
}
