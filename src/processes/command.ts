import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import spawn from "cross-spawn";
import { whyNotStarted } from "../errors/in-words.ts";
import { onlyOnce } from "../values/only-once.ts";
import { createGuard, type Guard } from "./guard.ts";
import { type ProcessEnd, processEnd, signalGroup } from "./process-group.ts";

/** A command of the user's that runs, with everything that it starts. */
export type RunningCommand = {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Settles when the process of the command has ended; what it started may still run. */
  readonly ended: Promise<ProcessEnd>;
  /**
   * Asks all of it to end by SIGTERM, and kills what has not after the grace. Settles when nothing of
   * it is left and all that it printed has been told. It may be called twice.
   */
  stop(): Promise<void>;
};

export type CommandToRun = {
  /** The program and its arguments. No shell reads them. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long `stop()` waits before it kills, in ms. Default 5,000. */
  readonly graceMs?: number;
  /** Takes each line that it prints, without the line feed. */
  readonly printed: (stream: "stdout" | "stderr", text: string) => void;
};

const GRACE_MS = 5_000;
const STREAMS = ["stdout", "stderr"] as const;

/**
 * Starts a command beside the gateway, such as the user's front end, in a group of its own. Nothing of it outlives
 * this process, however that ends. On Windows it may, when this process is killed.
 */
export function startCommand(options: CommandToRun): RunningCommand {
  try {
    return follow(start(options), options, createGuard());
  } catch (error) {
    // Most errors come as an event; these are of the kind "not executable by this system".
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
    // Watchers take the end of their input for the wish that they end, so it is held open.
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
  child.stdin?.on("error", () => {}); // it has closed its input, or has gone

  const told = Promise.all(STREAMS.map((stream) => tellLines(child, stream, printed)));
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      // On Windows a shell looks for the program, and cross-spawn learns from it that there is none.
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
      // Whoever left the group may hold the output open for ever.
      for (const stream of STREAMS) child[stream]?.destroy();
    }, graceMs);
    await Promise.all([ended, told]);
    clearTimeout(patience);
    signalAll(child, "SIGKILL"); // what has let go of its output
    await guard.forget(pid);
  }

  return {
    pid,
    ended,
    stop: onlyOnce(stop),
  };
}

/** Settles when nobody holds the stream any more. */
function tellLines(
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
  // Windows knows neither groups nor polite signals; the tree is ended as one.
  else spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
}
