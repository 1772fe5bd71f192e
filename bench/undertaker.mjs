// @ts-check
// Kills registered process groups when the process that registered them has ended, even if it was
// killed. Reads "+PID" and "-PID" lines; its input ends with that process.
import { createInterface } from "node:readline";

/** @type {Set<number>} */
const leaders = new Set();
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) leaders.add(pid);
  else leaders.delete(pid);
});
lines.on("close", () => {
  for (const pid of leaders) {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
});
