/** A condition to wait for. */
export type Wanted<Value> = {
  /** The current value, or undefined; may throw if it can never exist. */
  readonly look: () => Value | undefined;
  /** Calls back when the condition may have changed; the returned function unsubscribes. */
  readonly subscribe: (again: () => void) => () => void;
  readonly timeoutMs: number;
  /** The error for a timeout. */
  readonly missed: () => Error;
};

/** Waits until `look` returns a value. Never polls. */
export async function waitFor<Value>(wanted: Wanted<Value>): Promise<Value> {
  const { look, subscribe, timeoutMs, missed } = wanted;
  const found = look();
  if (found !== undefined) return found;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      cancel();
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
    const cancel = after(timeoutMs, () => settle(() => reject(missed())));
  });
}

/** Rejects if `work` takes longer than `timeoutMs` of real time. */
export async function withLimit<Value>(
  work: Promise<Value>,
  timeoutMs: number,
  missed: () => Error,
): Promise<Value> {
  let cancel = (): void => {};
  const limit = new Promise<never>((_, reject) => {
    cancel = after(timeoutMs, () => reject(missed()));
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    cancel();
  }
}

/**
 * Calls `run` after this many ms of real time, when all input that arrived within them has been read; later
 * if the machine was suspended. The returned function cancels it.
 */
export function after(ms: number, run: () => void): () => void {
  let soon: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    soon = setImmediate(run);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(soon);
  };
}
