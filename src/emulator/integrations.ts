import type { Clock, FunctionCall, Invoke } from "./ports.ts";
import type { IntegrationOutcome } from "./rules/results.ts";

export type Integrations = {
  /** Invokes a function and gives up waiting after `timeoutMs`, if ever; the function itself runs on. */
  run(call: FunctionCall, timeoutMs: number): Promise<IntegrationOutcome>;
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
  const running = new Set<Promise<unknown>>();

  function track<T>(work: Promise<T>): Promise<T> {
    const counted = work.finally(() => running.delete(counted));
    running.add(counted);
    return counted;
  }

  return {
    track,
    run: (call, timeoutMs) =>
      track(
        new Promise((resolve, reject) => {
          const giveUp = (): void => resolve({ kind: "timed-out" });
          const cancel =
            longestMs === undefined
              ? () => {}
              : clock.schedule(Math.min(timeoutMs, longestMs), giveUp);
          invoke(call).then(
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
      ),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
