/** How long a gateway on this machine may take to answer, in ms. */
export const ANSWER_MS = 10_000;

/**
 * Breaks `ask` off by its signal when it takes longer than `limitMs`, and says so in words that go on
 * from "cannot be asked". A gateway that a debugger holds, or Ctrl-Z, takes connections and says nothing.
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
    const why = `it has not answered within ${limitMs / 1000} s; it may hang, or be stopped (Ctrl-Z)`;
    throw new Error(why, { cause: error });
  }
}
