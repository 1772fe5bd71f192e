import { createSteps, runEnding } from "./runs/run-context.ts";
import { type DestroyResult, destroyStack } from "./runs/run-destroy.ts";
import { findStackName, openRun, type RunControls, type StackPlace } from "./runs/run-open.ts";

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
  const stackName = await findStackName(options);
  const run = await openRun(options, stackName, options);
  run.report({
    type: "run.started",
    command: "destroy",
    stackName,
    stage: undefined,
    region: run.cloud.region,
    endpointUrl: run.cloud.endpointUrl,
    codeOnly: false,
    express,
    tags: {},
    hooks: [],
    at: run.timing.now(),
  });
  const steps = createSteps(run);
  let ok = false;
  try {
    const input = { bucket, retainTable, express };
    const result = await runEnding(() => destroyStack(run, steps, input));
    ok = result.kind === "destroyed" || result.kind === "missing";
    return result;
  } finally {
    steps.ended(ok);
  }
}
