import { WsgwError } from "../../errors.ts";
import type { StackEvent, StackView } from "../aws/stacks.ts";
import { sortOutputs } from "../rules/choose-url.ts";
import { diagnose, diagnosisText } from "../rules/root-cause.ts";
import { decideStart, endingOf } from "../rules/stack-status.ts";
import type { Run } from "./run-context.ts";
import { eventsSoFar, type Watched, watchStack } from "./run-watch.ts";

/** A stack that is ready for a change set. */
type Settled =
  | { readonly kind: "CREATE"; readonly stack: StackView | undefined }
  | { readonly kind: "UPDATE"; readonly stack: StackView };

/** Rejects a stack that only its owner can repair, before anything is built. */
export async function rejectStuckStack(run: Run, stackName: string): Promise<void> {
  const stack = await run.cloud.stacks.describe(stackName);
  run.report({ type: "stack.found", status: stack?.status });
  throwIfStuck(stack, stackName);
}

function throwIfStuck(stack: StackView | undefined, stackName: string): void {
  const start = decideStart(stack?.status, stackName);
  if (start.kind !== "stuck") return;
  const reason = stack?.reason === undefined ? "" : `: ${stack.reason}`;
  throw new WsgwError(
    "STACK_STUCK",
    `The stack ${stackName} is ${start.status}${reason}.\n${start.advice}`,
  );
}

/**
 * Makes a stack ready for a change set: waits for other operations, and deletes a stack whose creation
 * failed.
 */
export async function settleStack(run: Run, stackName: string): Promise<Settled> {
  for (;;) {
    const stack = await run.cloud.stacks.describe(stackName);
    const start = decideStart(stack?.status, stackName);
    if (start.kind === "create") return { kind: "CREATE", stack };
    if (stack === undefined) throw new Error("A stack that does not exist can only be created.");
    switch (start.kind) {
      case "update":
        return { kind: "UPDATE", stack };
      case "attach":
        run.report({ type: "stack.attached", stackName, status: start.status });
        await watchStack(run, stack.id, "since-its-start", operationOf(start.status));
        break;
      case "replace":
        await replace(run, stack);
        break;
      case "stuck":
        throwIfStuck(stack, stackName);
        break;
      default:
        return start satisfies never;
    }
  }
}

/** Reports a stack without running operations, the URL for clients first. */
export function reportSettled(run: Run, stack: StackView): void {
  const { name: stackName, id: stackId, status, createdAt } = stack;
  const outputs = sortOutputs(stack.outputs);
  run.report({ type: "stack.settled", stackName, stackId, status, createdAt, outputs });
}

function operationOf(status: string): "create" | "update" | "delete" {
  if (status.startsWith("DELETE")) return "delete";
  return status.startsWith("CREATE") || status.startsWith("ROLLBACK") ? "create" : "update";
}

async function replace(run: Run, stack: StackView): Promise<void> {
  const diagnosis = diagnose(await allEvents(run, stack.id));
  run.report({ type: "stack.replaced", stackName: stack.name, status: stack.status, diagnosis });
  const watched = await deleteStack(run, stack, false);
  if (endingOf(watched.stack.status) === "deleted") return;
  const failed = diagnose(watched.progress.events);
  throw new WsgwError(
    "STACK_STUCK",
    `The stack ${stack.name} is ${stack.status}, and deleting it ended as ${watched.stack.status}.\n${diagnosisText(failed)}`,
  );
}

/** Deletes a stack and watches its deletion. */
export async function deleteStack(run: Run, stack: StackView, express: boolean): Promise<Watched> {
  const known = await eventsSoFar(run, stack.id);
  const token = `wsgw-${run.timing.now().toString(36)}`;
  await run.cloud.stacks.deleteStack(stack.id, { token, express });
  run.report({ type: "stack.started", operation: "delete", stackId: stack.id });
  return watchStack(run, stack.id, known, "delete");
}

async function allEvents(run: Run, stackId: string): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  for await (const event of run.cloud.stacks.events(stackId)) events.push(event);
  return events;
}
