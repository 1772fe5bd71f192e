import { WsgwError } from "../errors.ts";
import type { Code, Reasons } from "./build-functions.ts";
import type { EmulatorSettings, FunctionState } from "./options.ts";

/** The functions that cannot run, with the reasons. */
export function unableIn({ broken, uninstalled }: Code): ReadonlyMap<string, Reasons> {
  return new Map([...uninstalled, ...broken]);
}

/** The errors in the code of functions as one error; undefined without errors. */
export function faultIn(code: Code): WsgwError | undefined {
  const { failureInputs } = code;
  const all = [...unableIn(code).values()];
  if (all.length === 0) return undefined;
  const lines = new Set(all.flatMap(({ because }) => because));
  const advice = new Set(all.flatMap((one) => one.advice));
  const hint = [...advice].join("\n");
  return new WsgwError("HANDLER_INVALID", [...lines].join("\n"), {
    failureInputs,
    hint,
  });
}

/** Whether a function can run. One with old code can. */
export function stateOf({ built, broken, uninstalled }: Code, name: string): FunctionState {
  const why = built.has(name) ? uninstalled.get(name) : broken.get(name);
  return why === undefined
    ? { name, runnable: true }
    : { name, runnable: false, because: why.because.join("\n") };
}

/** A function that cannot run does not stop the others, unless `strict` is set. */
export function reportBroken(
  code: Code,
  { strict, journal }: Pick<EmulatorSettings, "strict" | "journal">,
): void {
  const fault = faultIn(code);
  if (fault === undefined) return;
  if (strict) throw fault;
  const names = [...unableIn(code).keys()].join(", ");
  const message = `These functions cannot run. Calls to them fail: ${names}.\n${fault.message}`;
  journal.record({ type: "project.broken", message, hint: fault.hint });
}
