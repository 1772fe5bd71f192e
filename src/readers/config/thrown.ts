/** A value thrown by a config's code, as strings. */
export type Thrown = {
  readonly text: string;
  readonly isSyntaxError: boolean;
  /** Empty if it is not an error. */
  readonly stack: string;
};

/** Any value can be thrown, such as an object whose getters throw. */
export function thrownOf(error: unknown): Thrown {
  try {
    if (!(error instanceof Error)) {
      return { text: `threw ${String(error)}`, isSyntaxError: false, stack: "" };
    }
    const text = `${error.name}: ${error.message}`;
    return { text, isSyntaxError: error instanceof SyntaxError, stack: String(error.stack ?? "") };
  } catch {
    return { text: "threw a value that cannot be printed", isSyntaxError: false, stack: "" };
  }
}
