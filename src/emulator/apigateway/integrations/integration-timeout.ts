import type { Clock } from "../../../clock.ts";
import type { FunctionCall, Invoke } from "../../lambda/function-call.ts";
import type { IntegrationOutcome } from "./rules/proxy-results.ts";

type TimedOut = Extract<IntegrationOutcome, { readonly kind: "timed-out" }>;
const TIMED_OUT: TimedOut = { kind: "timed-out" };

export type Integrations = {
  /**
   * Invokes a function and waits for it `timeoutMs` at most; after that the function itself keeps running.
   */
  run(call: FunctionCall, timeoutMs: number): Promise<IntegrationOutcome>;
  /** Starts work and waits for it `timeoutMs` at most. */
  within<T>(start: () => Promise<T>, timeoutMs: number): Promise<T | TimedOut>;
  /** Counts `work` as running until it settles, and returns its result or error unchanged. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when all tracked work has ended, including what that work started. */
  idle(): Promise<void>;
};

/**
 * Runs the integrations of one gateway and counts those that have not ended. Without `longestMs` it applies
 * no timeout.
 */
export function createIntegrations(
  invoke: Invoke,
  clock: Clock,
  longestMs: number | undefined,
): Integrations {
  let running = 0;
  const whenIdle: (() => void)[] = [];

  function end(): void {
    running -= 1;
    // What has just ended may start more work a few promise turns later.
    if (running === 0) for (const tell of whenIdle.splice(0)) setImmediate(tell);
  }

  /** `finally` would create three more promises for each message. */
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
