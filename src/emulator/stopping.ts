import { onlyOnce } from "../values/only-once.ts";

/** Started parts, to be stopped in reverse order. */
export type Stopping = {
  add(stop: () => Promise<void>): void;
  /**
   * Stops everything, last added first; may be called twice. A failure does not prevent the rest from
   * stopping.
   */
  stop(): Promise<void>;
};

export function createStopping(): Stopping {
  const steps: (() => Promise<void>)[] = [];

  async function run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add(stop) {
      steps.push(stop);
    },
    stop: onlyOnce(run),
  };
}
