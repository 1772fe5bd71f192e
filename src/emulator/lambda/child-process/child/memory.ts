/** Number of first events after each of which memory is measured: it grows most at the beginning. */
const CLOSELY = 16;
/** ms between later measurements. */
const PAUSE_MS = 200;

/**
 * Creates the gauge of this process's memory. Each call reports a new maximum, and the memory at the gauge's
 * creation, in kB. A measurement takes ten microseconds, and many more between other work, so after the first
 * events there is at most one every 200 ms. The system's own maximum is useless: a process inherits its
 * parent's.
 */
export function createMemoryGauge(tell: (maxKb: number, bareKb: number) => void): () => void {
  const bareKb = rssKb();
  let told = 0;
  let events = 0;
  let lookedAt = 0;

  return () => {
    events += 1;
    const now = Date.now();
    if (events > CLOSELY && now - lookedAt < PAUSE_MS) return;
    lookedAt = now;
    const kb = rssKb();
    if (kb <= told) return;
    told = kb;
    tell(kb, bareKb);
  };
}

function rssKb(): number {
  return Math.ceil(process.memoryUsage.rss() / 1024);
}
