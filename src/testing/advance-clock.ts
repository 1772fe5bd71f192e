import type { ManualClock } from "../clock.ts";
import { type Duration, toMs } from "./duration.ts";

/** Rounds of the event loop without pending work after which nothing more is expected. */
const QUIET_ROUNDS = 3;
/** Node's names of pending requests that end soon. */
const ASKED_FOR = /Req|ConnectWrap|WriteWrap|ShutdownWrap|Job/;

type AdvanceParts = {
  /** The clock of the whole gateway: its limits, timeouts, delays of faults, timers of `virtualTime`. */
  readonly clock: ManualClock;
  /** Resolves when all frames that the test's clients have sent have arrived. */
  arrived(): Promise<void>;
  /** Number of calls of in-process handlers that get a response without the clock. */
  underWay(): number;
  /** Real time that handlers get in total. */
  readonly limitMs: number;
};

/**
 * What a test's `clock.advance` does, in this order:
 *
 * 1. Frames that the test's clients sent earlier arrive at the gateway.
 * 2. In-process handlers finish the work that they can do now, including their calls to the gateway and
 *    DynamoDB, until they wait for the clock.
 * 3. The earliest callback that is due by the end of `duration` runs, at its own time. Then step 2 again,
 *    until no callback is due. Callbacks that were scheduled in the meantime are due as well.
 * 4. The clock shows the end of `duration`.
 *
 * Throws USAGE for an invalid duration, before anything else.
 */
export async function advanceClock(
  duration: Duration,
  { clock, arrived, underWay, limitMs }: AdvanceParts,
): Promise<void> {
  const ms = toMs(duration);
  await arrived();
  const end = clock.now() + ms;
  const giveUpAt = performance.now() + limitMs;

  do await rest(underWay, giveUpAt);
  while (clock.step(end));
  clock.advance(end - clock.now());
}

/**
 * Resolves when in-process handlers wait for the clock, or for something that never arrives; at the latest
 * when `performance.now()` is `giveUpAt`.
 */
export async function rest(underWay: () => number, giveUpAt: number): Promise<void> {
  const isBusy = (): boolean =>
    underWay() > 0 || process.getActiveResourcesInfo().some((name) => ASKED_FOR.test(name));
  for (let quiet = 0; quiet < QUIET_ROUNDS && performance.now() < giveUpAt; ) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = isBusy() ? 0 : quiet + 1;
  }
}
