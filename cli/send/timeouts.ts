/** The default of `--timeout`, also for `/expect` and `/ping`. */
export const TIMEOUT_MS = 10_000;

/** The default of `--wait` if the number of answers is unknown. */
export const FURTHER_ANSWERS_MS = 1000;
