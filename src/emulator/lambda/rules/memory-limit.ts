/** An environment's maximum memory in kB; `bareKb` is that before it had loaded anything of the function. */
export type MemoryUse = { readonly maxKb: number; readonly bareKb: number };

/** ms between two checks while an event runs; the end of each event is another. */
export const CHECKED_EVERY_MS = 1000;

/** Number of first events after each of which memory is measured: it grows most at the beginning. */
const CLOSELY = 16;
/** ms between later measurements. */
const PAUSE_MS = 200;

/**
 * Whether memory is measured now, after `events` events and `sinceMs` after the last measurement. It takes ten
 * microseconds, and many more between other work, so after the first events once in 200 ms is enough.
 */
export function isMeasured(events: number, sinceMs: number): boolean {
  return events <= CLOSELY || sinceMs >= PAUSE_MS;
}

/**
 * MB that a process may use in addition to the function's memory and Node's own. It covers garbage that V8
 * has not collected and the allocator's reserve; on Lambda both count in full, and so does Node.
 */
const MARGIN_MB = 64;

/**
 * Why an environment exceeds its memory with values outside V8's heap, such as buffers; undefined if it does
 * not. Lambda kills the process when it uses more than the function's memory.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export function outgrown({ maxKb, bareKb }: MemoryUse, memoryMb: number): string | undefined {
  const tookMb = Math.round((maxKb - bareKb) / 1024);
  if (tookMb <= memoryMb + MARGIN_MB) return undefined;
  return `The function used ${tookMb} MB more than Node itself needs, but has ${memoryMb} MB. Increase its memory.`;
}
