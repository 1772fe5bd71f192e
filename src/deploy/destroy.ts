import { runInSteps } from "./runs/run-context.ts";
import { type DestroyResult, destroyStack } from "./runs/run-destroy.ts";
import { findStack, openRun, type RunControls, type StackPlace } from "./runs/run-open.ts";

export type DestroyOptions = StackPlace &
  RunControls & {
    /** The bucket with the code, if the stack that named it is gone. Default: wsgw's own. */
    readonly bucket?: string;
    /** Keeps the tables and their items. */
    readonly retainTable?: boolean;
    readonly express?: boolean;
  };

/** Deletes the stack of a project, and its objects in the bucket. */
export async function destroy(options: DestroyOptions): Promise<DestroyResult> {
  const { bucket, retainTable = false, express = false } = options;
  const { stackName, ...place } = await findStack(options);
  const run = await openRun(place, stackName, options);
  const about = { stage: undefined, codeOnly: false, express, tags: {}, hooks: [] };
  return runInSteps(
    run,
    { command: "destroy", ...about },
    (steps) => destroyStack(run, steps, { bucket, retainTable, express }),
    ({ kind }) => kind === "destroyed" || kind === "missing",
  );
}
