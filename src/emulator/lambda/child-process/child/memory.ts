import { CHECKED_EVERY_MS, isMeasured } from "../../rules/memory-limit.ts";

/**
 * Creates the gauge of this process's memory. Each call reports a new maximum, and the memory at the gauge's
 * creation, in kB. The system's own maximum is useless: a process inherits its parent's.
 */
export function createMemoryGauge(tell: (maxKb: number, bareKb: number) => void): () => void {
  const bareKb = rssKb();
  let told = 0;
  let events = 0;
  let lookedAt = 0;

  return () => {
    events += 1;
    const now = Date.now();
    if (!isMeasured(events, now - lookedAt)) return;
    lookedAt = now;
    const kb = rssKb();
    if (kb <= told) return;
    told = kb;
    tell(kb, bareKb);
  };
}

/** Reads a gauge again and again while an event runs. */
export function watchMemory(look: () => void, isRunning: () => boolean): void {
  setInterval(() => {
    if (isRunning()) look();
  }, CHECKED_EVERY_MS).unref();
}

function rssKb(): number {
  return Math.ceil(process.memoryUsage.rss() / 1024);
}
