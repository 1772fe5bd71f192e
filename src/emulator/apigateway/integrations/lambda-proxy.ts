import type { Clock } from "../../../clock.ts";
import type { FunctionCall, Invoke } from "../../lambda/invoke.ts";
import type { IntegrationOutcome } from "./rules/proxy-results.ts";

type TimedOut = Extract<IntegrationOutcome, { readonly kind: "timed-out" }>;
const TIMED_OUT: TimedOut = { kind: "timed-out" };

export type Integrations = {
  /** Invokes a function and gives up waiting after `timeoutMs`, if ever; the function itself runs on. */
  run(call: FunctionCall, timeoutMs: number): Promise<IntegrationOutcome>;
  /** Starts work and gives up waiting for it after `timeoutMs`, if ever. */
  within<T>(start: () => Promise<T>, timeoutMs: number): Promise<T | TimedOut>;
  /** Counts `work` as running until it settles, and hands it on: nothing that fails is hushed up. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves once nothing that was run or tracked is left, including what that started. */
  idle(): Promise<void>;
};

/** Runs the integrations of one gateway and knows which are still under way. Without `longestMs` none is given up. */
export function createIntegrations(
  invoke: Invoke,
  clock: Clock,
  longestMs: number | undefined,
): Integrations {
  let running = 0;
  const whenIdle: (() => void)[] = [];

  function end(): void {
    running -= 1;
    // What has ended may go on to start something, a few turns of its promises later.
    if (running === 0) for (const tell of whenIdle.splice(0)) setImmediate(tell);
  }

  /** Not by `finally`, which makes three promises more, for each message. */
  function track<T>(work: Promise<T>): Promise<T> {
    running += 1;
    return work.then(
      (value) => {
        end();
        return value;
      },
      (error) => {
        end();
        throw error;
      },
    );
  }

  function within<T>(start: () => Promise<T>, timeoutMs: number): Promise<T | TimedOut> {
    return track(
      new Promise((resolve, reject) => {
        const giveUp = (): void => resolve(TIMED_OUT);
        const cancel =
          longestMs === undefined
            ? () => {}
            : clock.schedule(Math.min(timeoutMs, longestMs), giveUp);
        start().then(
          (outcome) => {
            cancel();
            resolve(outcome);
          },
          (error) => {
            cancel();
            reject(error);
          },
        );
      }),
    );
  }

  return {
    track,
    within,
    run: (call, timeoutMs) => within(() => invoke(call), timeoutMs),
    async idle() {
      while (running > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
    },
  };
}
