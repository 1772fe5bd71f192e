import { spawn, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { showWhenFailed } from "../show-when-failed.ts";
import { createScreen } from "./screen.ts";

export type Terminal = {
  /** Types keys. */
  type(keys: string): void;
  /** Settles once the screen matches; the test's own time limit ends a vain wait. */
  shows(pattern: RegExp): Promise<void>;
  /** Settles once the cursor stands there, counted from 0. */
  cursorAt(row: number, column: number): Promise<void>;
  screen(): string;
  /** Makes the terminal as wide as that, as a person does that pulls at the edge of its window. */
  resize(columns: number): void;
  readonly exited: Promise<number>;
  readonly home: string;
};

export const KEYS = {
  enter: "\r",
  tab: "\t",
  up: "\u001b[A",
  left: "\u001b[D",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
  ctrlU: "\u0015",
} as const;

const COLUMNS = 80;

/** Whether this machine can give a program a terminal. Continuous integration has to. */
export function hasTerminals(): boolean {
  const { stdout } = spawnSync("script", ["--version"], { encoding: "utf8" });
  const found = process.platform === "linux" && /util-linux/.test(stdout ?? "");
  if (!found && process.env.CI === "true") {
    throw new Error("CI must be able to test in a terminal: install script from util-linux.");
  }
  return found;
}

/** Runs a command in a pseudo-terminal of 80 by 24, at home in an empty directory. */
export async function startTerminal(
  command: readonly string[],
  options: {
    readonly home?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly cwd?: string;
    /** Is given what ends it. Default: the end of the test does that. */
    readonly onEnd?: (stop: () => Promise<void>) => void;
  } = {},
): Promise<Terminal> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "wsgw-home-")));
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn(
    "script",
    ["-qefc", `stty cols ${COLUMNS} rows 24; exec ${quoted}`, "/dev/null"],
    {
      env: { PATH: process.env.PATH, HOME: home, TERM: "xterm", NO_COLOR: "1", ...options.env },
      cwd: options.cwd ?? home,
    },
  );
  const exited = new Promise<number>((resolve) => {
    child.once("close", (code) => resolve(code ?? -1));
  });
  (options.onEnd ?? onTestFinished)(async () => {
    // The program first: left alone it would write to its home after that has been removed.
    spawnSync("pkill", ["-KILL", "-P", String(child.pid)]);
    child.kill("SIGKILL");
    await exited;
    if (options.home === undefined) await rm(home, { recursive: true, force: true });
  });

  const screen = createScreen(COLUMNS);
  if (options.onEnd === undefined) showWhenFailed("What the terminal showed:", screen.text);
  const waiters = new Set<() => void>();
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (text: string) => {
    screen.write(text);
    for (const waiter of waiters) waiter();
  });
  const until = (check: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!check()) return;
        waiters.delete(look);
        resolve();
      };
      waiters.add(look);
      look();
    });
  child.stdin.on("error", () => {}); // it left while we typed
  return {
    type: (keys) => void child.stdin.write(keys),
    shows: (pattern) => until(() => pattern.test(screen.text())),
    cursorAt(row, column) {
      return until(() => screen.cursor().row === row && screen.cursor().column === column);
    },
    screen: screen.text,
    resize(columns) {
      const { stdout: pid } = spawnSync("pgrep", ["-P", String(child.pid)], { encoding: "utf8" });
      const device = readlinkSync(`/proc/${pid.trim()}/fd/0`);
      screen.resize(columns);
      const { status } = spawnSync("stty", ["-F", device, "cols", String(columns)]);
      if (status !== 0) throw new Error(`${device} cannot be made ${columns} columns wide.`);
    },
    exited,
    home,
  };
}
