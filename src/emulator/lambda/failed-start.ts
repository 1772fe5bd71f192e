import { whyNotStarted, whyNotWritten } from "../../errors/in-words.ts";
import { WsgwError } from "../../errors.ts";
import type { Environment, FunctionSpec, Report } from "./environment.ts";

type Start<E extends Environment> = (spec: FunctionSpec, report: (report: Report) => void) => E;

/**
 * Has an environment that this machine cannot start, such as for want of memory, files or disk space,
 * end at once: the invocation fails and the gateway lives. `none` stands for the environment meanwhile.
 */
export function withFailedStarts<E extends Environment>(start: Start<E>, none: E): Start<E> {
  return (spec, report) => {
    try {
      return start(spec, report);
    } catch (error) {
      if (!(error instanceof WsgwError) && !isOfTheSystem(error)) throw error;
      const reason =
        error instanceof WsgwError ? error.message : `it cannot be started: ${why(error)}`;
      const end = { kind: "never-started", reason } as const;
      // Nobody expects to hear from an environment before it is there.
      queueMicrotask(() => report({ kind: "ended", end }));
      return none;
    }
  };
}

/** Before the process, its folder and its channel are made. */
function why(error: NodeJS.ErrnoException): string {
  return error.syscall?.startsWith("spawn") === true
    ? whyNotStarted(error)
    : whyNotWritten(error, "");
}

function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
