/** So many events at the beginning, when memory grows the most, are looked at each. */
const CLOSELY = 16;
/** ms between two looks later. */
const PAUSE_MS = 200;

/**
 * Creates the gauge of this process's memory. Calling it tells a new maximum, and what the process took when the
 * gauge was created, in kB. A look takes ten
 * microseconds, and many more between other work, so after the first events it takes one a moment only.
 * The system's own maximum is of no use: a process inherits that of its parent.
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
