import { whyNotStarted, whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import type { Environment, FunctionSpec, Report } from "./environment-contract.ts";

type Start<E extends Environment> = (spec: FunctionSpec, report: (report: Report) => void) => E;

/**
 * Handles environments that this machine cannot start, for example for lack of memory, files or disk space:
 * the invocation fails and the gateway continues. `none` replaces the environment until it has ended.
 */
export function withFailedStarts<E extends Environment>(start: Start<E>, none: E): Start<E> {
  return (spec, report) => {
    try {
      return start(spec, report);
    } catch (error) {
      if (!(error instanceof WsgwError) && !isOfTheSystem(error)) throw error;
      const reason = error instanceof WsgwError ? error.message : `it cannot start: ${why(error)}`;
      const end = { kind: "never-started", reason } as const;
      // Callers do not expect reports before `start` returns.
      queueMicrotask(() => report({ kind: "ended", end }));
      return none;
    }
  };
}

/** The reason, before process, directory and channel exist. */
function why(error: NodeJS.ErrnoException): string {
  return error.syscall?.startsWith("spawn") === true
    ? whyNotStarted(error)
    : whyNotWritten(error, "");
}

function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
