import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Io } from "../terminal/io.ts";

/** Number of lines to keep; the file may grow to twice as many before it is truncated. */
export const HISTORY_LINES = 1000;

export type History = {
  /** Newest first, as readline requires. */
  readonly lines: readonly string[];
  /** Including those added since, newest first. */
  all(): readonly string[];
  add(line: string): void;
};

/**
 * Opens the lines typed at earlier prompts. Only this user can read the file: messages may contain secrets.
 * The prompt works without a history that cannot be read or written.
 */
export function openHistory(env: Io["env"]): History {
  const file = historyFile(env);
  let lines: readonly string[] = [];
  try {
    const kept = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    lines = kept.slice(-HISTORY_LINES).reverse();
    chmodSync(file, 0o600);
    if (kept.length > HISTORY_LINES * 2) {
      writeFileSync(file, `${kept.slice(-HISTORY_LINES).join("\n")}\n`, { mode: 0o600 });
    }
  } catch {
    // it does not exist yet, or belongs to another user
  }
  let last = lines[0];
  const added: string[] = [];
  return {
    lines,
    all: () => [...added, ...lines],
    add(line) {
      if (line.trim() === "" || line === last) return;
      last = line;
      added.unshift(line);
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        appendFileSync(file, `${line}\n`, { mode: 0o600 });
      } catch {
        // a read-only home directory must not prevent sending
      }
    },
  };
}

/** The desktop's state directory, else the home directory. */
function historyFile(env: Io["env"]): string {
  const state = env.XDG_STATE_HOME;
  if (state !== undefined && state !== "") return join(state, "wsgw", "history");
  return join(env.HOME ?? homedir(), ".wsgw_history");
}
