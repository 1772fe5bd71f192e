import type { ManualClock } from "../clock.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { rest } from "./moving-time.ts";

/** Longer than any function may run. */
const END_OF_TIME_MS = 1_000_000;
/** What handlers in processes of their own have of real time to end; when they wait, nobody here sees it. */
const GRACE_MS = 1_000;

export type StopParts = {
  readonly clock: ManualClock;
  /** Whether a handler runs. */
  running(): boolean;
  /** Resolves when handlers that run have had the time to end by themselves. */
  rest(): Promise<void>;
};

/**
 * Stops an emulator as `wsgw dev` does: handlers end, connections are closed and their `$disconnect`
 * runs. Only for those that do not end by themselves does time run out.
 */
export async function stopInTime(
  emulator: Pick<Emulator, "journal" | "stop">,
  { clock, running, rest }: StopParts,
): Promise<void> {
  let isOver = false;
  const stopped = emulator.stop().finally(() => {
    isOver = true;
  });
  // It is awaited at the end, too.
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

/** What `stopInTime` gives handlers, by where they run. */
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
