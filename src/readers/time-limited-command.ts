import type { ProcessEnd } from "../processes/process-group.ts";
import { startCommand } from "../processes/stoppable-command.ts";

/** A command of the project that creates wsgw's input, such as a synthesis. */
export type TimeLimitedCommand = {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Kills it, with all its child programs. */
  readonly signal?: AbortSignal | undefined;
  /** In ms. Default 300,000. */
  readonly limitMs?: number | undefined;
};

export type CommandFailure = {
  /** Ends a sentence that begins with the command. */
  readonly why: string;
  /** The end of its output. */
  readonly said: readonly string[];
};

/** Bundling in Docker takes minutes the first time. */
const LIMIT_MS = 300_000;
/** Number of output lines worth repeating: the error is at the end. */
const LAST_LINES = 12;

/** Runs a command of the project to its end. Undefined on success. */
export async function runTimeLimited(run: TimeLimitedCommand): Promise<CommandFailure | undefined> {
  const { command, cwd, env, signal, limitMs = LIMIT_MS } = run;
  const printed: string[] = [];
  const running = startCommand({ command, cwd, env, printed: (_, text) => printed.push(text) });
  const end = await Promise.race([running.ended, stopped(signal, limitMs)]).finally(running.stop);
  const why = whyFailed(end, limitMs);
  if (why === undefined) return undefined;
  return { why, said: printed.filter((line) => line.trim() !== "").slice(-LAST_LINES) };
}

type Stopped = { readonly kind: "aborted" } | { readonly kind: "late" };

function stopped(signal: AbortSignal | undefined, limitMs: number): Promise<Stopped> {
  return new Promise((resolve) => {
    setTimeout(resolve, limitMs, { kind: "late" }).unref();
    const abort = () => resolve({ kind: "aborted" });
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Ends a sentence that begins with the command; undefined on success. */
function whyFailed(end: ProcessEnd | Stopped, limitMs: number): string | undefined {
  switch (end.kind) {
    case "exited":
      return end.code === 0 ? undefined : `exits with code ${end.code}`;
    case "signalled":
      return `is ended by ${end.signal}`;
    case "never-started":
      return `cannot start: ${end.reason}`;
    case "late":
      return `does not end within ${limitMs / 1_000} s`;
    case "aborted":
      return "was stopped";
    default:
      return end satisfies never;
  }
}
