import { onlyOnce } from "../values/only-once.ts";

/** What has been started, to be stopped in reverse order. */
export type Stopping = {
  add(stop: () => Promise<void>): void;
  /** Stops everything that was added, last first; may be called twice. A failure does not keep the rest running. */
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
