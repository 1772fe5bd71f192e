import { Readable, Writable } from "node:stream";
import type { App, Io } from "../../cli/terminal/io.ts";
import * as app from "../../src/app.ts";
import { showWhenFailed } from "../show-when-failed.ts";

export type FakeIo = Io & {
  /** What was written to standard output so far. */
  out(): string;
  err(): string;
  /** Settles once standard output matches. */
  shows(pattern: RegExp): Promise<void>;
  /** Sends a signal, as Ctrl-C does. */
  signal(): void;
  /** How many listen for signals. */
  listening(): number;
  /** Exit codes of processes ended the hard way. */
  readonly kills: readonly number[];
};

/** A process that holds nothing real. `stdin` is what comes through a pipe. */
export function fakeIo(
  options: {
    /** What stands in for functions of the app. */
    readonly app?: Partial<App>;
    readonly stdin?: Readable;
    readonly env?: Io["env"];
    readonly cwd?: string;
    readonly stdout?: Writable;
  } = {},
): FakeIo {
  const stdout = collector();
  const stderr = collector();
  showWhenFailed("What the command wrote:", () => stdout.text() + stderr.text());
  const listeners = new Set<(signal: string) => void>();
  const kills: number[] = [];
  return {
    stdin: options.stdin ?? Readable.from([]),
    stdout: options.stdout ?? stdout.stream,
    stderr: stderr.stream,
    env: options.env ?? {},
    cwd: options.cwd ?? "/project",
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    kill: (exitCode) => void kills.push(exitCode),
    app: async () => ({ ...app, ...options.app }),
    out: stdout.text,
    err: stderr.text,
    shows: stdout.shows,
    listening: () => listeners.size,
    signal() {
      for (const listener of listeners) listener("SIGINT");
    },
    kills,
  };
}

function collector() {
  let text = "";
  const waiters = new Set<() => void>();
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      for (const waiter of waiters) waiter();
      done();
    },
  });
  return {
    stream,
    text: () => text,
    shows: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!pattern.test(text)) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),
  };
}
