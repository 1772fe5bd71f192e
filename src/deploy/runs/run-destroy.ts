import { WsgwError } from "../../errors.ts";
import { PREVIOUS, type StackResource, type StackView } from "../aws/stacks.ts";
import { BUCKET_TAG, managedBucket } from "../rules/bucket.ts";
import { keptResources, retainTables } from "../rules/retain-tables.ts";
import { diagnose } from "../rules/root-cause.ts";
import { endingOf } from "../rules/stack-status.ts";
import { readDeployedTemplate } from "../template/model.ts";
import { executeChangeSet, planChangeSet } from "./run-change-set.ts";
import { type Ending, heedSignal, mustConfirm, type Run, type Steps } from "./run-context.ts";
import { deleteStack } from "./run-settle.ts";
import { watchStack } from "./run-watch.ts";

export type DestroyInput = {
  /** The bucket to clear if the stack does not name one; default: wsgw's own. */
  readonly bucket: string | undefined;
  readonly retainTable: boolean;
  readonly express: boolean;
};

type StuckResource = {
  readonly logicalId: string;
  readonly type: string;
  readonly reason: string;
};

export type DestroyResult =
  | {
      readonly kind: "destroyed";
      readonly stackName: string;
      /** Physical ids of kept resources. */
      readonly kept: readonly string[];
      readonly removedObjects: number;
    }
  | { readonly kind: "missing"; readonly stackName: string; readonly removedObjects: number }
  | {
      readonly kind: "failed";
      readonly stackName: string;
      readonly status: string;
      readonly stuck: readonly StuckResource[];
    }
  | Ending;

/** Deletes a stack, then its objects in the bucket; a missing stack is fine. */
export async function destroyStack(
  run: Run,
  { step }: Steps,
  input: DestroyInput,
): Promise<DestroyResult> {
  const { cloud, stackName } = run;
  const { account } = await step("preconditions", async () => {
    const caller = await cloud.identity.caller();
    run.report({ type: "account.found", ...caller });
    return caller;
  });
  const found = await cloud.stacks.describe(stackName);
  const stack = found?.status === "DELETE_COMPLETE" ? undefined : found;
  const bucket = bucketOf(stack) ?? input.bucket ?? managedBucket(account, cloud.region);
  if (stack === undefined) {
    run.report({ type: "stack.missing", stackName });
    const removedObjects = await step("cleanup", () => clearBucket(run, bucket, account));
    return { kind: "missing", stackName, removedObjects };
  }

  run.report({ type: "stack.found", status: stack.status });
  const resources = await cloud.stacks.resources(stack.id);
  const alive = resources.filter(({ status }) => status !== "DELETE_COMPLETE");
  const { text, kept } = await whatIsKept(run, stack, alive, input.retainTable);
  await mustConfirm(run, {
    kind: "destroy",
    stackName,
    resources: alive.filter(({ logicalId }) => !kept.includes(logicalId)),
    retained: kept,
  });
  heedSignal(run);
  const failed = await step("stack", async () => {
    const current = await settled(run, stack);
    if (text !== undefined) await retain(run, current, text);
    return goneOrFailed(run, current, input.express);
  });
  if (failed !== undefined) return failed;
  const removedObjects = await step("cleanup", () => clearBucket(run, bucket, account));
  const keptIds = alive
    .filter(({ logicalId }) => kept.includes(logicalId))
    .map(({ logicalId, physicalId }) => physicalId ?? logicalId);
  return { kind: "destroyed", stackName, kept: keptIds, removedObjects };
}

function bucketOf(stack: StackView | undefined): string | undefined {
  const tagged = stack?.tags[BUCKET_TAG];
  if (tagged !== undefined) return tagged;
  return stack?.parameters.find(({ key }) => key === "ArtifactBucket")?.value;
}

/** Waits for another operation on the stack; CloudFormation runs one at a time. */
async function settled(run: Run, stack: StackView): Promise<StackView> {
  const { status, id, name } = stack;
  if (endingOf(status) !== "running" || status === "REVIEW_IN_PROGRESS") return stack;
  run.report({ type: "stack.attached", stackName: name, status });
  const operation = status.startsWith("DELETE") ? "delete" : "update";
  const watched = await watchStack(run, id, "since-its-start", operation);
  return watched.stack;
}

/**
 * The resources that stay when the stack is deleted, and the template needed for that if the deployed one is
 * not enough.
 */
async function whatIsKept(
  run: Run,
  stack: StackView,
  resources: readonly StackResource[],
  retainTable: boolean,
): Promise<{ readonly text: string | undefined; readonly kept: readonly string[] }> {
  if (stack.status === "REVIEW_IN_PROGRESS") return { text: undefined, kept: [] };
  const text = await run.cloud.stacks.template(stack.id);
  const deployed = readDeployedTemplate(stack.name, text);
  const there = new Set(resources.map(({ logicalId }) => logicalId));
  const alive = (ids: readonly string[]) => ids.filter((id) => there.has(id));
  if (!retainTable) return { text: undefined, kept: alive(keptResources(deployed)) };
  const changed = retainTables(deployed);
  return {
    text: changed && JSON.stringify(changed, undefined, 2),
    kept: alive(keptResources(changed ?? deployed)),
  };
}

/** CloudFormation keeps a resource only if its deployed template says so. */
async function retain(run: Run, stack: StackView, text: string): Promise<void> {
  if (endingOf(stack.status) === "deleted") return;
  const names = stack.parameters.map(({ key }) => [key, PREVIOUS] as const);
  const request = {
    stackName: stack.name,
    name: `wsgw-retain-${run.timing.now().toString(36)}`,
    kind: "UPDATE" as const,
    template: { body: text },
    parameters: Object.fromEntries(names),
    tags: stack.tags,
    express: false,
  };
  const planned = await planChangeSet(run, request, stack);
  if (planned.kind === "empty") return;
  if (planned.kind === "failed") {
    throw new WsgwError("AWS_REFUSED", `wsgw cannot keep the table: ${planned.reason}`);
  }
  const { stack: after } = await executeChangeSet(run, planned, request, stack);
  if (endingOf(after.status) === "done") return;
  throw new WsgwError(
    "AWS_REFUSED",
    `wsgw cannot keep the table: the stack ended as ${after.status}. Nothing was deleted.`,
  );
}

async function goneOrFailed(
  run: Run,
  stack: StackView,
  express: boolean,
): Promise<DestroyResult | undefined> {
  if (endingOf(stack.status) === "deleted") return undefined;
  const { stack: after, progress } = await deleteStack(run, stack, express);
  if (endingOf(after.status) === "deleted") return undefined;
  const diagnosis = diagnose(progress.events);
  const { name: stackName } = stack;
  run.report({ type: "stack.failed", stackName, status: after.status, diagnosis });
  const left = await run.cloud.stacks.resources(stack.id);
  const stuck = left
    .filter(({ status }) => status !== "DELETE_COMPLETE" && status !== "DELETE_SKIPPED")
    .map(({ logicalId, type, reason = "It was not reached." }) => ({ logicalId, type, reason }));
  return { kind: "failed", stackName, status: after.status, stuck };
}

/** Deletes every version of this stack's objects; the bucket stays, for other stacks. */
async function clearBucket(run: Run, bucket: string, account: string): Promise<number> {
  const { artifacts, region } = run.cloud;
  const isOwn = bucket === managedBucket(account, region);
  const found = await artifacts.locate(bucket, isOwn ? account : undefined);
  if (found.kind !== "found") return 0;
  const objects = await artifacts.versions(bucket, `${run.stackName}/`);
  if (objects.length === 0) return 0;
  await artifacts.remove(bucket, objects);
  run.report({ type: "objects.removed", bucket, count: objects.length });
  return objects.length;
}
