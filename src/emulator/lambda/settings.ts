/** How many environments functions get, and when. */
export type LambdaSettings = {
  /** Environments that are started as soon as events overlap, and that stay. Default 2. */
  readonly keep: number;
  /**
   * ms that an event waits, and no answer comes from those that run, before one more is started.
   * Default 30; 0 starts one at once.
   */
  readonly growthDelayMs: number;
  /** Environments of one function at most. Default 10. */
  readonly maxEnvironments: number;
  /**
   * Environments of all functions together at most, and no fewer than `maxEnvironments`: those least recently used
   * end first, and those that run events never. Default 16.
   */
  readonly maxTotal: number;
  /** ms after which an idle one beyond `keep` is ended. Default 60,000. */
  readonly idleMs: number;
};

export const DEFAULT_SETTINGS: LambdaSettings = {
  keep: 2,
  growthDelayMs: 30,
  maxEnvironments: 10,
  maxTotal: 16,
  idleMs: 60_000,
};
