import type { Readable, Writable } from "node:stream";

/** What the commands work with. */
export type App = typeof import("../../src/app.ts");

/** A stream that may be a terminal. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that a command touches besides its arguments; handed in so that tests can hold it. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `listener` for every signal that asks the process to end; the returned function ends that. */
  onSignal(listener: (signal: string) => void): () => void;
  /** Ends the process at once, whatever still runs. */
  kill(exitCode: number): void;
  /** Loads what the commands work with: not at start, because `wsgw --help` must be quick. */
  app(): Promise<App>;
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The process that runs the command line. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    onSignal(listener) {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    kill: (exitCode) => process.exit(exitCode),
    app: () => import("../../src/app.ts"),
  };
}
