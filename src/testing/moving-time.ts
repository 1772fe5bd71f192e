import type { ManualClock } from "../clock.ts";

/** Rounds of the event loop without pending work after which nothing more is expected. */
const QUIET_ROUNDS = 3;
/** Node's names of pending requests that end soon. */
const ASKED_FOR = /Req|ConnectWrap|WriteWrap|ShutdownWrap|Job/;

/**
 * Advances a clock by `ms`, one due callback after the other. After each, in-process handlers finish the work
 * that it triggers, including their calls to the gateway and DynamoDB, until they wait for the clock again.
 * Waits for the work that `underWay` counts, but at most `limitMs` of real time in total.
 */
export async function moveTime(
  clock: ManualClock,
  ms: number,
  underWay: () => number,
  limitMs: number,
): Promise<void> {
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
