/** What the code of a config threw, as text. */
export type Thrown = {
  readonly text: string;
  readonly isSyntaxError: boolean;
  /** Empty for what is no error. */
  readonly stack: string;
};

/** What is thrown may be anything, such as an object whose every field throws. */
export function thrownOf(error: unknown): Thrown {
  try {
    if (!(error instanceof Error)) {
      return { text: `threw ${String(error)}`, isSyntaxError: false, stack: "" };
    }
    const text = `${error.name}: ${error.message}`;
    return { text, isSyntaxError: error instanceof SyntaxError, stack: String(error.stack ?? "") };
  } catch {
    return { text: "threw a value that cannot be shown", isSyntaxError: false, stack: "" };
  }
}
