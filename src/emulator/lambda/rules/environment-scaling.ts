/** How many environments a function gets, and when. */
export type ScalingSettings = {
  /** Environments that start as soon as events overlap, and that stay. Default 2. */
  readonly keep: number;
  /**
   * How long, in ms, an event waits without any response from running environments before one more starts.
   * Default 30; 0 starts one at once.
   */
  readonly growthDelayMs: number;
  /** Maximum environments of one function. Default 10. */
  readonly maxEnvironments: number;
  /** ms after which an idle one beyond `keep` ends. Default 60,000. */
  readonly idleMs: number;
};

export const DEFAULT_SCALING: ScalingSettings = {
  keep: 2,
  growthDelayMs: 30,
  maxEnvironments: 10,
  idleMs: 60_000,
};

/** Whether a function has as many environments as it may have, so that further events wait in a queue. */
export function isFull(count: number, { maxEnvironments }: ScalingSettings): boolean {
  return count >= maxEnvironments;
}

/** Whether an event starts one more environment at once, if all `count` of them are busy. */
export function startsAtOnce(count: number, settings: ScalingSettings): boolean {
  const { keep, growthDelayMs } = settings;
  return !isFull(count, settings) && (count < keep || growthDelayMs === 0);
}

/** The state of one function's environments while events wait for them. */
export type Load = {
  /**
   * For how long events have waited while none of them answered or finished loading its code, in ms. A late
   * check counts as one in time: if the gateway or the whole machine was suspended, so were they.
   */
  readonly stalledMs: number;
  /** Whether one of them is still loading its code, or warming up with its first event. */
  readonly isStarting: boolean;
};

/**
 * Whether to start one more environment. AWS starts one for every overlapping event; here that would slow all
 * of them down if the processor is the bottleneck. So this adds one at a time, when responses stop arriving,
 * which means that the code itself waits.
 */
export function wantsToGrow(
  { stalledMs, isStarting }: Load,
  { growthDelayMs }: ScalingSettings,
): boolean {
  return !isStarting && stalledMs >= growthDelayMs;
}

/** Whether the environment ends that has been idle for longest: for `idleForMs`. */
export function endsWhenIdle(
  count: number,
  idleForMs: number,
  { keep, idleMs }: ScalingSettings,
): boolean {
  return count > keep && idleForMs >= idleMs;
}
