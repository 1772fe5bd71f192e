import { WsgwError } from "../errors.ts";
import type { ChangeSetRequest, StackView } from "./ports.ts";
import { pollDelay } from "./rules/backoff.ts";
import { beyondCode } from "./rules/change-set.ts";
import { discardChangeSet, planChangeSet } from "./run-change-set.ts";
import { heedSignal, patiently, type Run } from "./run-context.ts";
import type { DeployResult, Prepared } from "./run-deploy.ts";
import { reportSettled, settleStack } from "./run-settle.ts";

/**
 * Changes the code of the functions past CloudFormation, after CloudFormation has said that nothing
 * else differs.
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
    const message = `There is no stack ${stackName} whose code could be changed.`;
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
  const more = beyondCode(planned.view.changes);
  if (more.length > 0) throw new WsgwError("NOT_CODE_ONLY", more.join("\n"));

  heedSignal(run);
  const changed = new Set(planned.view.changes.map(({ logicalId }) => logicalId));
  const physicalIds = await physicalIdsOf(run, stack);
  const functions = about.prepared.functions.filter(({ logicalId }) => changed.has(logicalId));
  const faults: string[] = [];
  await Promise.all(
    functions.map(async ({ name, logicalId, key }) => {
      const start = run.timing.elapsed();
      const physicalId = physicalIds.get(logicalId) ?? logicalId;
      await patiently(run, () => run.cloud.functions.updateCode(physicalId, about.bucket, key));
      const fault = await awaitUpdate(run, physicalId);
      if (fault !== undefined) faults.push(`${name}: ${fault}`);
      const durationMs = run.timing.elapsed() - start;
      run.report({ type: "function.updated", name, physicalId, durationMs });
    }),
  );
  if (faults.length > 0) throw new WsgwError("AWS_REFUSED", faults.join("\n"));
  run.report({
    type: "warning",
    message:
      "CloudFormation does not know of this code: drift detection will tell of it, and a rollback brings the old code back. The next wsgw deploy brings both together.",
  });
  reportSettled(run, stack);
  return { kind: "code-updated", stack };
}

async function physicalIdsOf(run: Run, stack: StackView): Promise<ReadonlyMap<string, string>> {
  const resources = await patiently(run, () => run.cloud.stacks.resources(stack.id));
  return new Map(resources.map(({ logicalId, physicalId = logicalId }) => [logicalId, physicalId]));
}

async function awaitUpdate(run: Run, name: string): Promise<string | undefined> {
  for (let looks = 1; ; looks += 1) {
    const { updateStatus, reason } = await patiently(run, () => run.cloud.functions.state(name));
    if (updateStatus === "Successful") return undefined;
    if (updateStatus === "Failed") return reason ?? "Lambda could not take the code.";
    await run.timing.pause(pollDelay(looks, run.timing.random()) / 2, run.signal);
    heedSignal(run);
  }
}
