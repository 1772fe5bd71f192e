/** How the environments of one function are doing while events wait for them. */
export type Load = {
  /** How long the first event has waited. */
  readonly waitedMs: number;
  /**
   * How long none of them has answered, or finished loading its code. A look at them that comes late
   * counts as one in time: when the gateway itself or the whole machine stood still, so did they.
   */
  readonly stalledMs: number;
  /** Whether one of them is still loading its code, or warming up with its first event. */
  readonly isStarting: boolean;
};

/**
 * Whether one more environment is started. AWS starts one for every event that overlaps; here that
 * would make all of them slower while the processor is what they lack. So it is done when answers
 * stop coming, which is when code waits for something itself, and for one environment at a time.
 */
export function wantsToGrow({ waitedMs, stalledMs, isStarting }: Load, delayMs: number): boolean {
  return !isStarting && waitedMs >= delayMs && stalledMs >= delayMs;
}
