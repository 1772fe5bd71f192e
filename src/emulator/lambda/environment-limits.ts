/** How many environments functions get, and when. */
export type LambdaSettings = {
  /** Environments that start as soon as events overlap, and that stay. Default 2. */
  readonly keep: number;
  /**
   * How long, in ms, an event waits without any response from running environments before one more starts.
   * Default 30; 0 starts one at once.
   */
  readonly growthDelayMs: number;
  /** Maximum environments of one function. Default 10. */
  readonly maxEnvironments: number;
  /**
   * Maximum environments of all functions together, at least `maxEnvironments`. The least recently used end
   * first; those that run events never do. Default 16.
   */
  readonly maxTotal: number;
  /** ms after which an idle one beyond `keep` ends. Default 60,000. */
  readonly idleMs: number;
};

export const DEFAULT_SETTINGS: LambdaSettings = {
  keep: 2,
  growthDelayMs: 30,
  maxEnvironments: 10,
  maxTotal: 16,
  idleMs: 60_000,
};
