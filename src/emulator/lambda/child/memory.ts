/** So many events at the beginning, when memory grows the most, and so many between two looks later. */
const CLOSELY = 16;

/**
 * Creates the gauge of this process's memory. Calling it tells a new maximum, in kB. A look takes ten
 * microseconds, so after the first events it takes one at every sixteenth only. The system's own
 * maximum is of no use: a process inherits that of its parent.
 */
export function createMemoryGauge(tell: (maxKb: number) => void): () => void {
  let told = 0;
  let events = 0;

  return () => {
    events += 1;
    if (events > CLOSELY && events % CLOSELY !== 0) return;
    const kb = Math.ceil(process.memoryUsage.rss() / 1024);
    if (kb <= told) return;
    told = kb;
    tell(kb);
  };
}
