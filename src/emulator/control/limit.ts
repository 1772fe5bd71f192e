/** Time for a gateway on this machine to answer, in ms. */
export const ANSWER_MS = 10_000;

/**
 * Aborts `ask` after `limitMs`. The error ends a sentence that begins with "cannot be asked". A gateway that
 * is paused by a debugger or Ctrl-Z accepts connections and does not answer.
 */
export async function withinLimit<T>(
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    return await ask(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const why = `it did not answer within ${limitMs / 1000} s. It may hang, or be suspended (Ctrl-Z)`;
    throw new Error(why, { cause: error });
  }
}
