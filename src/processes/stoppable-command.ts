import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import spawn from "cross-spawn";
import { whyNotStarted } from "../errors/in-words.ts";
import { onlyOnce } from "../values/only-once.ts";
import { createGuard, type Guard } from "./guard.ts";
import { type ProcessEnd, processEnd, signalGroup } from "./process-group.ts";

/** A running command of the user's, with all its child processes. */
export type RunningCommand = {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the command's process has ended; its child processes may still run. */
  readonly ended: Promise<ProcessEnd>;
  /**
   * Sends SIGTERM to all of it, and kills what is left after the grace period. Resolves when all of it has
   * ended and all its output has been passed on. May be called twice.
   */
  stop(): Promise<void>;
};

export type CommandToRun = {
  /** The program and its arguments, without a shell. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Time before `stop()` kills, in ms. Default 5,000. */
  readonly graceMs?: number;
  /** Receives each line of output, without the line feed. */
  readonly printed: (stream: "stdout" | "stderr", text: string) => void;
};

const GRACE_MS = 5_000;
const STREAMS = ["stdout", "stderr"] as const;

/**
 * Starts a command that runs with the gateway, such as the user's front end, in its own process group. None
 * of its processes outlives this one, however that ends. On Windows they may, if this process is killed.
 */
export function startCommand(options: CommandToRun): RunningCommand {
  try {
    return follow(start(options), options, createGuard());
  } catch (error) {
    // Most errors are events; these are of the kind "not executable by this system".
    const reason = whyNotStarted(error);
    const ended = Promise.resolve({ kind: "never-started", reason } as const);
    return { pid: undefined, ended, stop: async () => {} };
  }
}

function start({ command, cwd, env }: CommandToRun): ChildProcess {
  const [program = "", ...args] = command;
  return spawn(program, args, {
    cwd,
    env,
    detached: process.platform !== "win32",
    // Watchers exit when their input ends, so it is kept open.
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
}

function follow(
  child: ChildProcess,
  { graceMs = GRACE_MS, printed }: CommandToRun,
  guard: Guard,
): RunningCommand {
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);
  child.stdin?.on("error", () => {}); // it has closed its input, or has exited

  const reported = Promise.all(STREAMS.map((stream) => reportLines(child, stream, printed)));
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      // On Windows a shell searches for the program, and cross-spawn finds out from it that it does not
      // exist.
      const isMissing = pid === undefined || error.code === "ENOENT";
      if (isMissing) resolve({ kind: "never-started", reason: whyNotStarted(error) });
    });
    child.once("exit", (code, signal) => {
      resolve(processEnd(code, signal));
    });
  });

  async function stop(): Promise<void> {
    if (pid === undefined) return;
    signalAll(child, "SIGTERM");
    const patience = setTimeout(() => {
      signalAll(child, "SIGKILL");
      // A process that left the group may keep the output open forever.
      for (const stream of STREAMS) child[stream]?.destroy();
    }, graceMs);
    await Promise.all([ended, reported]);
    clearTimeout(patience);
    signalAll(child, "SIGKILL"); // processes that have closed the output
    await guard.forget(pid);
  }

  return {
    pid,
    ended,
    stop: onlyOnce(stop),
  };
}

/** Resolves when no process has the stream open any more. */
function reportLines(
  child: ChildProcess,
  stream: (typeof STREAMS)[number],
  printed: CommandToRun["printed"],
): Promise<void> {
  const input = child[stream];
  if (input === null) return Promise.resolve();
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (text) => printed(stream, text));
  return new Promise((resolve) => {
    lines.once("close", resolve);
    input.once("close", () => lines.close());
  });
}

function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform !== "win32") signalGroup(child, signal);
  // Windows has neither process groups nor SIGTERM; the whole tree is killed.
  else spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
}
