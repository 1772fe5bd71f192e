import { type ChildProcess, spawn } from "node:child_process";

import { existsSync } from "node:fs";
import { whyNotStarted } from "../errors/in-words.ts";
import type { Guard } from "./guard.ts";
import { createLineSplitter } from "./lines.ts";

/** How a process came to its end. */
export type ProcessEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "never-started"; readonly reason: string };

/** A program with everything that it starts. */
export type ProcessGroup = {
  /** Stops all of it where it stands. Where the system cannot, nothing happens. */
  freeze(): void;
  thaw(): void;
  kill(): void;
  /** Hands out what has been printed, the last line too when it has not ended. */
  flush(): Promise<void>;
};

export type ProgramToStart = {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** How long output is waited for that a program holds open which has left the group. */
const LAST_OUTPUT_MS = 500;

/** Starts a program. `onEnd` comes once, when the group is gone and its output has been told. */
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
    detached: process.platform !== "win32", // a group of its own, to be stopped and killed as one
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const { pid } = child;
  if (pid !== undefined) guard.watch(pid);

  const flushLines = readPrinted(child, on.printed);
  const signal = (name: NodeJS.Signals): void => signalGroup(child, name);
  const ended = async (end: ProcessEnd): Promise<void> => {
    signal("SIGKILL"); // what the program leaves behind
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
      // What was printed before a call arrived is in the pipe by then, so one more look at it is enough.
      await turn();
      await turn();
      flushLines();
    },
  };
}

/** The end of a process, as its `exit` has it. */
export function processEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  return signal === null ? { kind: "exited", code: code ?? 0 } : { kind: "signalled", signal };
}

/** Signals all of a group that a child process leads. Windows has no groups: there it is the process alone. */
export function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(name);
    else process.kill(-child.pid, name);
  } catch {
    // Nobody of the group is left.
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

function outputEnds(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream && !stream.closed);
  if (open.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const patience = setTimeout(() => {
      for (const stream of open) stream?.destroy();
    }, LAST_OUTPUT_MS);
    let left = open.length;
    for (const stream of open) {
      stream?.once("close", () => {
        left -= 1;
        if (left > 0) return;
        clearTimeout(patience);
        resolve();
      });
    }
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Why a process could not be started, which the system also says of a folder to start it in that is not there. */
export function whyNotSpawned(error: Error, program: string, cwd: string): string {
  if ("code" in error && error.code === "ENOENT" && !existsSync(cwd)) {
    return `${cwd}, the folder to start ${program} in, is not there`;
  }
  return `${program} cannot be started: ${whyNotStarted(error)}`;
}
