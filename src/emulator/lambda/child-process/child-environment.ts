import type { Environment, FunctionSpec, Report } from "../environment-contract.ts";

/** An environment that has not run an event and can take over changed code. */
export type ChildEnvironment = Environment & {
  /** Makes it run `spec` from now on, which must need the same process. Call it before `run`. */
  assume(spec: FunctionSpec): void;
};

export type StartChild = (spec: FunctionSpec, report: (report: Report) => void) => ChildEnvironment;
