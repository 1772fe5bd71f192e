import { createOutput } from "../terminal/buffered-output.ts";
import { coloursFor } from "../terminal/colours.ts";
import { outputLines } from "../terminal/control-characters.ts";
import type { App, Io } from "../terminal/io.ts";
import { printFitted } from "../terminal/output.ts";

export type LogsCommandOptions = {
  readonly logs: Omit<Parameters<App["readLogs"]>[0], "onLine" | "signal">;
  readonly json: boolean;
  readonly color: boolean | undefined;
};

/** Runs `wsgw logs` and returns the exit code; Ctrl-C is the normal end of following. */
export async function runLogs({ logs, json, color }: LogsCommandOptions, io: Io): Promise<number> {
  const { readLogs } = await io.app();
  const paint = coloursFor(io.stdout, io, color);
  const abort = new AbortController();
  const unsubscribe = io.onSignal(() => abort.abort());
  const output = createOutput(io.stdout, { onGone: () => abort.abort() });
  let reported = false;
  try {
    await readLogs({
      ...logs,
      signal: abort.signal,
      onLine: (line) => {
        reported = true;
        if (json) return output.line(JSON.stringify(line));
        const head = `${paint.dim(new Date(line.at).toISOString())}  ${paint.cyan(line.function)}`;
        for (const text of outputLines(line.message, paint.level > 0)) {
          output.line(`${head}  ${text}`);
        }
      },
    });
    if (!reported && !abort.signal.aborted) printFitted(io.stderr, nothingFound(logs));
    return 0;
  } finally {
    await output.end();
    unsubscribe();
  }
}

/** Without this line, users could not see whether wsgw searched the right place. */
function nothingFound({ sinceMs = SINCE_MS, filter }: LogsCommandOptions["logs"]): string {
  const what = filter === undefined ? "Nothing" : `Nothing that matches ${filter}`;
  const since = new Date(Date.now() - sinceMs).toISOString();
  return `${what} was logged since ${since}. Use --since to go further back.`;
}

/** The library's default for how far back it reads. */
const SINCE_MS = 10 * 60_000;
