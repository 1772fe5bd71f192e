import { isAwsError } from "../aws/aws-errors.ts";
import type { ChangeSetRequest, ChangeSetView, StackView } from "../aws/stacks.ts";
import { isEmptyChangeSet, planChanges, saysNoUpdates } from "../rules/change-set.ts";
import { losesData } from "../rules/data-loss.ts";
import { endingOf } from "../rules/stack-status.ts";
import { heedSignal, mustConfirm, type Run } from "./run-context.ts";
import { eventsSoFar, type Watched, watchStack } from "./run-watch.ts";

export type Planned =
  | { readonly kind: "empty" }
  | {
      readonly kind: "ready";
      readonly id: string;
      readonly stackId: string;
      readonly view: ChangeSetView;
    }
  | { readonly kind: "failed"; readonly stackId: string; readonly reason: string };

const LOOK_MS = 1000;

/** Lets CloudFormation compute the changes of a template. Removes a change set without changes. */
export async function planChangeSet(
  run: Run,
  request: ChangeSetRequest,
  before: StackView | undefined,
): Promise<Planned> {
  const { stacks } = run.cloud;
  const created = await createUnlessEmpty(run, request);
  if (created === undefined) {
    run.report({ type: "changeSet.empty", name: request.name });
    return { kind: "empty" };
  }

  const discard = () => discardChangeSet(run, created, request, before);
  const view = await awaitChangeSet(run, created.id, request.stackName, discard);
  if (isEmptyChangeSet(view.status, view.reason)) {
    await discard();
    run.report({ type: "changeSet.empty", name: request.name });
    return { kind: "empty" };
  }
  if (view.status !== "CREATE_COMPLETE") {
    await discard();
    const reason = view.reason ?? `The change set ended as ${view.status}.`;
    return { kind: "failed", stackId: created.stackId, reason };
  }
  // A change set that changes only outputs is not empty, and some servers do not reject an empty one; only
  // the latter cannot be executed.
  if (view.changes.length === 0 && view.executionStatus === "UNAVAILABLE") {
    await stacks.deleteChangeSet(created.id, request.stackName);
    run.report({ type: "changeSet.empty", name: request.name });
    return { kind: "empty" };
  }
  run.report({
    type: "changeSet.created",
    name: request.name,
    stackId: created.stackId,
    changes: planChanges(view.changes),
  });
  return { kind: "ready", ...created, view };
}

async function createUnlessEmpty(run: Run, request: ChangeSetRequest) {
  try {
    return await run.cloud.stacks.createChangeSet(request);
  } catch (error) {
    if (isAwsError(error) && saysNoUpdates(error)) return undefined;
    throw error;
  }
}

async function awaitChangeSet(
  run: Run,
  id: string,
  stackName: string,
  discard: () => Promise<void>,
): Promise<ChangeSetView> {
  for (;;) {
    const view = await run.cloud.stacks.describeChangeSet(id, stackName);
    if (!view.status.endsWith("_IN_PROGRESS") && !view.status.endsWith("_PENDING")) return view;
    await run.timing.pause(LOOK_MS, run.signal);
    if (run.signal.aborted) {
      await discard();
      heedSignal(run);
    }
  }
}

/** Removes a change set, and the empty stack that was created for it. */
export async function discardChangeSet(
  run: Run,
  { id, stackId }: { readonly id: string; readonly stackId: string },
  { stackName, name }: ChangeSetRequest,
  before: StackView | undefined,
): Promise<void> {
  const { stacks } = run.cloud;
  await stacks.deleteChangeSet(id, stackName);
  const isShell = before === undefined || endingOf(before.status) === "deleted";
  if (!isShell) return;
  const stack = await stacks.describe(stackId);
  if (stack?.status !== "REVIEW_IN_PROGRESS") return;
  await stacks.deleteStack(stackId, { token: name, express: false });
}

/** Asks before data is lost, then executes the change set and watches it. */
export async function executeChangeSet(
  run: Run,
  planned: Extract<Planned, { kind: "ready" }>,
  request: ChangeSetRequest,
  before: StackView | undefined,
): Promise<Watched> {
  const { stacks } = run.cloud;
  const losing = losesData(planChanges(planned.view.changes));
  const operation = request.kind === "CREATE" ? "create" : "update";
  try {
    if (losing.length > 0) await mustConfirm(run, { kind: "lose-data", changes: losing });
    heedSignal(run);
  } catch (error) {
    await discardChangeSet(run, planned, request, before);
    throw error;
  }
  const known = await eventsSoFar(run, planned.stackId);
  await stacks.executeChangeSet(planned.id, request.stackName, request.name);
  run.report({ type: "stack.started", operation, stackId: planned.stackId });
  return watchStack(run, planned.stackId, known, operation);
}
