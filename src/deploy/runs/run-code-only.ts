import { WsgwError } from "../../errors.ts";
import { isAwsError } from "../aws/aws-errors.ts";
import type { ChangeSetRequest, StackView } from "../aws/stacks.ts";
import { pollDelay } from "../rules/backoff.ts";
import { beyondCode } from "../rules/code-only.ts";
import type { Prepared } from "./deploy-input.ts";
import type { DeployResult } from "./deploy-result.ts";
import { discardChangeSet, planChangeSet } from "./run-change-set.ts";
import { asMistake, type CodeReached, EarlyEnd, heedSignal, type Run } from "./run-context.ts";
import { reportSettled, settleStack } from "./run-settle.ts";

/**
 * Updates the functions' code without CloudFormation, after CloudFormation has confirmed that nothing else
 * differs.
 */
export async function updateCodeOnly(
  run: Run,
  about: {
    readonly bucket: string;
    readonly prepared: Prepared;
    readonly request: (stack: StackView) => ChangeSetRequest;
  },
): Promise<DeployResult> {
  const { stackName } = run;
  const settled = await settleStack(run, stackName);
  if (settled.kind === "CREATE") {
    const message = `The stack ${stackName} does not exist, so its code cannot be changed.`;
    throw new WsgwError("STACK_NOT_FOUND", message);
  }
  const { stack } = settled;
  const request = about.request(stack);
  const planned = await planChangeSet(run, request, stack);
  if (planned.kind === "empty") {
    reportSettled(run, stack);
    return { kind: "unchanged", stack };
  }
  if (planned.kind === "failed") throw new WsgwError("NOT_CODE_ONLY", planned.reason);
  await discardChangeSet(run, planned, request, stack);
  const { changes } = planned.view;
  const own = new Map(about.prepared.functions.map((fn) => [fn.logicalId, fn]));
  const more = beyondCode(changes, new Set(own.keys()));
  if (more.length > 0) throw new WsgwError("NOT_CODE_ONLY", more.join("\n"));

  heedSignal(run);
  const physicalIds = await physicalIdsOf(run, stack);
  const functions = changes.flatMap(({ logicalId }) => own.get(logicalId) ?? []);
  const faults: string[] = [];
  const reached = new Map<string, keyof CodeReached>();
  // Waits for all, even if one fails: started updates continue at AWS, and must be reported.
  const ends = await Promise.allSettled(
    functions.map(async ({ name, logicalId, key }) => {
      const start = run.timing.elapsed();
      const physicalId = physicalIds.get(logicalId) ?? logicalId;
      reached.set(name, "unchanged");
      const fault = await updateCode(run, physicalId, about.bucket, key, () =>
        reached.set(name, "sent"),
      );
      if (fault !== undefined) {
        reached.set(name, "unchanged");
        faults.push(`${name}: ${fault}`);
        return;
      }
      reached.set(name, "updated");
      const durationMs = run.timing.elapsed() - start;
      run.report({ type: "function.updated", name, physicalId, durationMs });
    }),
  );
  const thrown = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  const unexpected = thrown.find((reason) => !(reason instanceof EarlyEnd));
  if (unexpected !== undefined) throw unexpected;
  if (thrown.length > 0) {
    for (const message of faults) run.report({ type: "warning", message });
    const code = codeReached(reached);
    throw new EarlyEnd({ kind: "interrupted", stackName, running: undefined, code });
  }
  if (faults.length > 0) throw new WsgwError("AWS_REFUSED", faults.join("\n"));
  run.report({
    type: "warning",
    message:
      "CloudFormation does not know this code: drift detection will report it, and a rollback restores the old code. The next wsgw deploy aligns both.",
  });
  reportSettled(run, stack);
  return { kind: "code-updated", stack };
}

function codeReached(reached: ReadonlyMap<string, keyof CodeReached>): CodeReached {
  const names = (how: keyof CodeReached) =>
    [...reached].flatMap(([name, each]) => (each === how ? [name] : [])).sort();
  return { updated: names("updated"), sent: names("sent"), unchanged: names("unchanged") };
}

async function physicalIdsOf(run: Run, stack: StackView): Promise<ReadonlyMap<string, string>> {
  const resources = await run.cloud.stacks.resources(stack.id);
  return new Map(resources.map(({ logicalId, physicalId = logicalId }) => [logicalId, physicalId]));
}

/** Why the update of a function failed; undefined on success. */
async function updateCode(
  run: Run,
  name: string,
  bucket: string,
  key: string,
  onSent: () => void,
): Promise<string | undefined> {
  try {
    await run.cloud.functions.updateCode(name, bucket, key);
    onSent();
    return await awaitUpdate(run, name);
  } catch (error) {
    const mistake = asMistake(error);
    if (isAwsError(error) && mistake instanceof Error) return mistake.message;
    throw error;
  }
}

async function awaitUpdate(run: Run, name: string): Promise<string | undefined> {
  for (let looks = 1; ; looks += 1) {
    const { updateStatus, reason } = await run.cloud.functions.state(name);
    if (updateStatus === "Successful") return undefined;
    if (updateStatus === "Failed") return reason ?? "Lambda rejected the code.";
    await run.timing.pause(pollDelay(looks, run.timing.random()) / 2, run.signal);
    heedSignal(run);
  }
}
