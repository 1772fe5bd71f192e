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
export function wantsToGrow({ stalledMs, isStarting }: Load, delayMs: number): boolean {
  return !isStarting && stalledMs >= delayMs;
}
