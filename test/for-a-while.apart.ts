import { onTestFinished } from "vitest";

/** Takes root's rights from this process until the test ends. */
export function withoutRoot(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}

/** Removes the runner's listeners until the test ends: they would fail the run for an event that the test awaits. */
export function withoutRunnersListeners(event: "uncaughtException" | "unhandledRejection"): void {
  const listeners = process.rawListeners(event);
  process.removeAllListeners(event);
  onTestFinished(() => {
    for (const listener of listeners) process.on(event, listener as () => void);
  });
}
