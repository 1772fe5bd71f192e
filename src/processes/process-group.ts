import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { whyNotStarted } from "../errors/in-words.ts";
import type { Guard } from "./guard.ts";
import { createLineSplitter } from "./lines.ts";

/** How a process ended. */
export type ProcessEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "never-started"; readonly reason: string };

/** A program with all its child processes. */
export type ProcessGroup = {
  /** Stops all of it with a signal. No effect where the system does not support that. */
  freeze(): void;
  thaw(): void;
  kill(): void;
  /** Passes on all output so far, including an unfinished last line. */
  flush(): Promise<void>;
};

export type ProgramToStart = {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Time to wait for output that a process outside the group keeps open. */
const LAST_OUTPUT_MS = 500;

/** Starts a program. `onEnd` is called once, when the group has ended and its output has been passed on. */
export function startProcessGroup(
  { command, cwd, env }: ProgramToStart,
  guard: Guard,
  on: {
    readonly printed: (stream: "stdout" | "stderr", text: string) => void;
    readonly ended: (end: ProcessEnd) => void;
  },
): ProcessGroup {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env,
    detached: process.platform !== "win32", // its own process group, to stop and kill all of it
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);

  const flushLines = readPrinted(child, on.printed);
  const signal = (name: NodeJS.Signals): void => signalGroup(child, name);
  const ended = async (end: ProcessEnd): Promise<void> => {
    signal("SIGKILL"); // child processes that the program leaves behind
    await outputEnds(child);
    flushLines();
    if (pid !== undefined) await guard.forget(pid);
    on.ended(end);
  };
  child.once("error", (error) => {
    if (pid !== undefined) return;
    void ended({ kind: "never-started", reason: whyNotSpawned(error, program, cwd) });
  });
  child.once("exit", (code, name) => {
    void ended(processEnd(code, name));
  });

  return {
    freeze() {
      if (process.platform !== "win32") signal("SIGSTOP");
    },
    thaw() {
      if (process.platform !== "win32") signal("SIGCONT");
    },
    kill: () => signal("SIGKILL"),
    async flush() {
      // Output before a call arrived is in the pipe by then, so one more read is enough.
      await turn();
      await turn();
      flushLines();
    },
  };
}

/** The end of a process, from the arguments of its `exit` event. */
export function processEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  return signal === null ? { kind: "exited", code: code ?? 0 } : { kind: "signalled", signal };
}

/** Signals the group of a child process. On Windows, which has no groups, only the process itself. */
export function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // The group has no process left.
  }
}

function readPrinted(
  child: ChildProcess,
  printed: (stream: "stdout" | "stderr", text: string) => void,
): () => void {
  const flushes = (["stdout", "stderr"] as const).map((stream) => {
    const lines = createLineSplitter((text) => printed(stream, text));
    child[stream]?.on("data", lines.push);
    return lines.flush;
  });
  return () => {
    for (const flush of flushes) flush();
  };
}

async function outputEnds({ stdout, stderr }: ChildProcess): Promise<void> {
  const open = [stdout, stderr].flatMap((stream) => (stream?.closed === false ? [stream] : []));
  const patience = setTimeout(() => {
    for (const stream of open) stream.destroy();
  }, LAST_OUTPUT_MS);
  await Promise.all(open.map((stream) => once(stream, "close")));
  clearTimeout(patience);
}

/** Why a process could not be started. The system has the same error for a missing working directory. */
export function whyNotSpawned(error: Error, program: string, cwd: string): string {
  if ("code" in error && error.code === "ENOENT" && !existsSync(cwd)) {
    return `${cwd}, the directory to start ${program} in, does not exist`;
  }
  return `${program} cannot start: ${whyNotStarted(error)}`;
}
