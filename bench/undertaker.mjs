// @ts-check
// Ends the process groups that it was told of when the process that told it is gone, even one that
// was killed. Reads "+PID" and "-PID" lines; the end of its input is the end of the teller.
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
