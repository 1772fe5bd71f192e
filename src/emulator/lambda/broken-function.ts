import type { Environment, Report } from "./environment-contract.ts";
import type { FunctionError } from "./rules/function-errors.ts";

/** An environment of a function whose code cannot run: every event fails as on Lambda. */
export function startBroken(error: FunctionError, report: (report: Report) => void): Environment {
  let stopped = false;
  return {
    run() {
      queueMicrotask(() => {
        if (!stopped) report({ kind: "failed", error, leaving: true });
      });
    },
    async stop() {
      stopped = true;
    },
  };
}
