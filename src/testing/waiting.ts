import { type ErrorCode, WsgwError } from "../errors.ts";

/** Something that can be waited for. */
export type Wanted<Value> = {
  /** What it is now, or undefined; may throw when it can never be. */
  readonly look: () => Value | undefined;
  /** Calls back whenever it is worth another look; the returned function ends that. */
  readonly subscribe: (again: () => void) => () => void;
  readonly timeoutMs: number;
  /** What is said when the time is over. */
  readonly missed: () => Error;
};

/** Waits until a look finds something. Never looks by a timer. */
export async function waitFor<Value>(wanted: Wanted<Value>): Promise<Value> {
  const { look, subscribe, timeoutMs, missed } = wanted;
  const found = look();
  if (found !== undefined) return found;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      finish();
    };
    const unsubscribe = subscribe(() => {
      try {
        const value = look();
        if (value !== undefined) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    });
    const timer = setTimeout(() => settle(() => reject(missed())), timeoutMs);
  });
}

/** Gives `work` up when it takes longer than `timeoutMs` of real time. */
export async function withLimit<Value>(
  work: Promise<Value>,
  timeoutMs: number,
  missed: () => Error,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(missed()), timeoutMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** An error whose message ends with what happened last. */
export function failure(code: ErrorCode, sentence: string, lastFacts: () => string): WsgwError {
  return new WsgwError(code, `${sentence}\n${lastFacts()}`);
}
