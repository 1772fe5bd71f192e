import type { Readable, Writable } from "node:stream";

/** The functions that commands use. */
export type App = typeof import("../../src/app.ts");

/** A stream that may be a terminal. */
export type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that a command uses besides its arguments; passed in so that tests can replace it. */
export type Io = {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `listener` for every signal that requests an end; the returned function unsubscribes. */
  onSignal(listener: (signal: string) => void): () => void;
  /** Exits at once, whatever still runs. */
  kill(exitCode: number): void;
  /** Loads the commands' functions lazily, because `wsgw --help` must be fast. */
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
