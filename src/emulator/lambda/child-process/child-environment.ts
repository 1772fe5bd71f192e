import type { Environment, FunctionSpec, Report } from "../environment.ts";

/** An environment that has not run yet and may become that of changed code. */
export type ChildEnvironment = Environment & {
  /** Has it run `spec` from now on, whose process must be the same. To be called before `run`. */
  assume(spec: FunctionSpec): void;
};

export type StartChild = (spec: FunctionSpec, report: (report: Report) => void) => ChildEnvironment;
