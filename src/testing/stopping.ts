import type { ManualClock } from "../clock.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { rest } from "./advance-clock.ts";

/** Longer than any function timeout. */
const END_OF_TIME_MS = 1_000_000;
/** Real time for handlers in child processes to end; this process cannot see whether they wait. */
const GRACE_MS = 1_000;

export type StopParts = {
  readonly clock: ManualClock;
  /** Whether a handler runs. */
  running(): boolean;
  /** Resolves when running handlers have had time to end by themselves. */
  rest(): Promise<void>;
};

/**
 * Stops an emulator as `wsgw dev` does: handlers end, connections are closed and their `$disconnect` runs.
 * Only for those that do not end by themselves the clock advances.
 */
export async function stopInTime(
  emulator: Pick<Emulator, "journal" | "stop">,
  { clock, running, rest }: StopParts,
): Promise<void> {
  let isOver = false;
  const stopped = emulator.stop().finally(() => {
    isOver = true;
  });
  // It is also awaited at the end.
  const ended = stopped.catch(() => {});
  while (!isOver) {
    if (!running()) {
      await Promise.race([ended, nextFact(emulator)]);
      continue;
    }
    await Promise.race([ended, rest()]);
    if (!isOver && running()) clock.advance(END_OF_TIME_MS);
  }
  await stopped;
}

function nextFact({ journal }: Pick<Emulator, "journal">): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = journal.subscribe(() => {
      unsubscribe();
      resolve();
    });
  });
}

/** The `rest` of `stopInTime`, by where handlers run. */
export async function restOf(
  runtime: "child-process" | "in-process",
  underWay: () => number,
  limitMs: number,
): Promise<void> {
  if (runtime === "in-process") return rest(underWay, performance.now() + limitMs);
  await new Promise<void>((resolve) => {
    setTimeout(resolve, GRACE_MS).unref();
  });
}
