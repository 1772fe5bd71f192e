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

/** Gives `work` up when it takes longer than `timeoutMs` of real time. */
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
 * Calls `run` when so many ms of real time have passed and all that came in them has been read, which is
 * late where the machine stood still. The returned function prevents it.
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
