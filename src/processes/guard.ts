import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Ensures that no process group outlives this process, however it ends. */
export type Guard = {
  watch(group: number): void;
  /** Resolves, for the last group, when the guard itself has ended. */
  forget(group: number): Promise<void>;
};

/** Reads the list of groups, and kills them when the other end of its input has closed. */
const SCRIPT = `trap '' INT TERM HUP QUIT
groups=
while read -r verb group; do
  case $verb in
    watch) groups="$groups $group" ;;
    forget) kept=; for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done; groups=$kept ;;
  esac
done
for each in $groups; do kill -s KILL -- "-$each"; done`;

/**
 * Creates a guard: a small process that exists while there are groups. A process that is stopped by a signal,
 * or loops, does not notice its parent's end, so no other process would kill it. `startsAfterMs` delays its
 * start so that it does not slow the first group down. Default 0.
 */
export function createGuard({ startsAfterMs = 0 } = {}): Guard {
  const groups = new Set<number>();
  let guard: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;

  return {
    watch(group) {
      if (process.platform === "win32") return;
      groups.add(group);
      if (guard !== undefined) guard.stdin?.write(`watch ${group}\n`);
      else if (startsAfterMs === 0) begin();
      else timer ??= setTimeout(begin, startsAfterMs).unref();
    },
    async forget(group) {
      if (!groups.delete(group)) return;
      guard?.stdin?.write(`forget ${group}\n`);
      if (groups.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
      if (guard === undefined) return;
      const leaving = guard;
      guard = undefined;
      const gone = endOf(leaving);
      leaving.stdin?.end();
      await gone;
    },
  };

  function begin(): void {
    timer = undefined;
    guard = start();
    for (const group of groups) guard.stdin?.write(`watch ${group}\n`);
  }

  function start(): ChildProcess {
    const started = spawn("/bin/sh", ["-c", SCRIPT], {
      detached: true, // Ctrl-C at the terminal must not reach it
      stdio: ["pipe", "ignore", "ignore"],
    });
    started.on("error", () => {});
    started.stdin?.on("error", () => {}); // undefined if this process has too many files open
    return started;
  }
}

/** Also for one that never started or was killed. */
async function endOf(child: ChildProcess): Promise<void> {
  const { pid, exitCode, signalCode } = child;
  if (pid !== undefined && exitCode === null && signalCode === null) await once(child, "exit");
}
