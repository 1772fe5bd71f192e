/** Exit codes of `wsgw send`. */
export const EXIT = {
  /** All awaited and expected answers came; at the prompt: the user left. */
  done: 0,
  /** No connection, or an error on the command line or in a script. */
  notConnected: 1,
  /** Fewer answers than awaited came in time. */
  tooFew: 3,
  /** The other side closed the connection before the answers came, or at the prompt before the user left. */
  ended: 4,
  /** An answer of `--expect` or `/expect` did not come. */
  unexpected: 5,
  interrupted: 130,
} as const;
