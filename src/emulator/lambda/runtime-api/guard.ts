import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Sees to it that no process group outlives this process, however it ends. */
export type Guard = {
  watch(group: number): void;
  /** Resolves, for the last group, when the guard itself has gone. */
  forget(group: number): Promise<void>;
};

/** Reads which groups there are, and kills them when nobody is left to say more. */
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
 * Creates a guard: a small process that is there as long as there are groups. A process that is
 * stopped by a signal notices nothing of its parent's end, so nobody else would ever end it.
 */
export function createGuard(): Guard {
  const groups = new Set<number>();
  let guard: ChildProcess | undefined;

  return {
    watch(group) {
      if (process.platform === "win32") return;
      groups.add(group);
      guard ??= start();
      guard.stdin?.write(`watch ${group}\n`);
    },
    async forget(group) {
      if (!groups.delete(group) || guard === undefined) return;
      guard.stdin?.write(`forget ${group}\n`);
      if (groups.size > 0) return;
      const leaving = guard;
      guard = undefined;
      const gone = leaving.exitCode === null ? once(leaving, "exit") : undefined;
      leaving.stdin?.end();
      await gone;
    },
  };

  function start(): ChildProcess {
    const started = spawn("/bin/sh", ["-c", SCRIPT], {
      detached: true, // Ctrl-C at the terminal is not for it
      stdio: ["pipe", "ignore", "ignore"],
    });
    started.on("error", () => {});
    started.stdin.on("error", () => {});
    return started;
  }
}
