// How a script ends on a signal: nothing that it started stays behind.
import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

const GRACE_MS = 5000;
const LOOK_MS = 50;

/** On SIGINT, SIGTERM and SIGHUP ends all descendants, runs `last`, and exits. */
export function endTogether(last = () => {}) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, async () => {
      await endDescendants();
      last();
      process.exit(128 + constants.signals[signal]);
    });
  }
}

/** A process that loses its parent is still a descendant, so known ones are tracked to the end. */
async function endDescendants() {
  const seen = new Set([process.pid]);
  const told = new Set();
  const until = Date.now() + GRACE_MS;
  for (;;) {
    const alive = below(seen);
    if (alive.length === 0) return;
    const isLate = Date.now() > until;
    for (const pid of alive) {
      if (told.has(pid) && !isLate) continue;
      told.add(pid);
      kill(pid, isLate ? "SIGKILL" : "SIGTERM");
    }
    await pause(LOOK_MS);
  }
}

/** The processes of `seen` that still run, and their descendants, which are added to `seen`. */
function below(seen) {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat=,comm="], { encoding: "utf8" });
  const processes = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const found = new Set();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [pid, parent, state, name] of processes) {
      const isOurs = seen.has(Number(pid)) || seen.has(Number(parent));
      if (!isOurs || Number(pid) === process.pid || state.startsWith("Z") || name === "ps")
        continue;
      seen.add(Number(pid));
      found.add(Number(pid));
    }
  }
  return [...found];
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it has just ended
  }
}
