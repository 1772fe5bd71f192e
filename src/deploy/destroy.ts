import { runInSteps } from "./runs/run-context.ts";
import { type DestroyResult, destroyStack } from "./runs/run-destroy.ts";
import { findStack, openRun, type RunControls, type StackPlace } from "./runs/run-open.ts";

export type DestroyOptions = StackPlace &
  RunControls & {
    /** The bucket with the code, when there is no stack left to tell which. Default: wsgw's own. */
    readonly bucket?: string;
    /** Keep the tables with all that is in them. */
    readonly retainTable?: boolean;
    readonly express?: boolean;
  };

/** Takes the stack of a project off AWS, and its objects out of the bucket. */
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
