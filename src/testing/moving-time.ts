import type { ManualClock } from "../clock.ts";

/** Rounds of the event loop without anything under way after which nothing more is expected. */
const QUIET_ROUNDS = 3;
/** Names that Node gives to work that it has been asked for and that is about to end. */
const ASKED_FOR = /Req|ConnectWrap|WriteWrap|ShutdownWrap|Job/;

/**
 * Moves a clock by `ms`, one thing that falls due after the other: before time goes on, handlers in this
 * process do what each sets off, their calls of the gateway and DynamoDB included, until they wait for the clock again. What `underWay`
 * counts is waited for, but in all no longer than `limitMs` of real time.
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
 * Resolves when handlers in this process wait for the clock, or for what never comes; at the latest when
 * `performance.now()` is `giveUpAt`.
 */
export async function rest(underWay: () => number, giveUpAt: number): Promise<void> {
  const isBusy = (): boolean =>
    underWay() > 0 || process.getActiveResourcesInfo().some((name) => ASKED_FOR.test(name));
  for (let quiet = 0; quiet < QUIET_ROUNDS && performance.now() < giveUpAt; ) {
    await new Promise((resolve) => setImmediate(resolve));
    quiet = isBusy() ? 0 : quiet + 1;
  }
}
