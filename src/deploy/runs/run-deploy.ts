import { createHash } from "node:crypto";
import type { ChangeSetRequest, StackView } from "../aws/stacks.ts";
import { type Diagnosis, diagnose } from "../rules/root-cause.ts";
import { endingOf } from "../rules/stack-status.ts";
import { changeSetRequest } from "./change-set-request.ts";
import type { DeployInput } from "./deploy-input.ts";
import type { DeployResult } from "./deploy-result.ts";
import { ensureBucket } from "./run-bucket.ts";
import { executeChangeSet, planChangeSet } from "./run-change-set.ts";
import { updateCodeOnly } from "./run-code-only.ts";
import { type Ending, heedSignal, type Run, type Steps } from "./run-context.ts";
import { rejectStuckStack, reportSettled, settleStack } from "./run-settle.ts";
import { removeUploads, uploadAll } from "./run-upload.ts";
import { verifyCaller } from "./verify-roles.ts";

/** Deploys a stack, and continues whatever an earlier run left unfinished. */
export async function deployStack(
  run: Run,
  { step }: Steps,
  input: DeployInput,
): Promise<DeployResult> {
  const caller = await step("roles", () => verifyCaller(run, input));
  heedSignal(run);
  const bucket = await step("preconditions", async () => {
    await rejectStuckStack(run, run.stackName);
    return ensureBucket(run, caller.account, input.bucket);
  });
  heedSignal(run);
  const prepared = await step("code", () => input.prepare(bucket));
  heedSignal(run);

  const template = templateObject(run, prepared.templateText);
  const brought = await step("upload", () =>
    uploadAll(run, bucket, [
      ...[...prepared.functions, ...(prepared.layers ?? [])].map(({ key, zip }) => ({
        key,
        body: zip,
        type: "application/zip",
      })),
      ...(prepared.own?.files ?? []),
      template,
    ]),
  );
  let keep = false;
  try {
    heedSignal(run);
    const result = await step("stack", () =>
      input.codeOnly
        ? updateCodeOnly(run, { bucket, prepared, request: (stack) => request(stack) })
        : changeStack(run, request),
    );
    keep = result.kind !== "failed" || result.status.endsWith("ROLLBACK_FAILED");
    return result;
  } catch (error) {
    keep = isRunning(error);
    throw error;
  } finally {
    if (!keep) await removeUploads(run, bucket, brought);
  }

  function request(stack: StackView | undefined): ChangeSetRequest {
    return changeSetRequest(run, { ...input, bucket, prepared, templateKey: template.key }, stack);
  }
}

/** Whether CloudFormation continues without this run, and needs the uploads. */
function isRunning(error: unknown): boolean {
  const { ending } = (error ?? {}) as { ending?: Ending };
  return ending?.kind === "interrupted" && ending.running !== undefined;
}

function templateObject(run: Run, text: string) {
  const body = Buffer.from(text);
  const hash = createHash("sha256").update(body).digest("hex");
  const key = `${run.stackName}/${hash}.template.json`;
  return { key, body, type: "application/json" };
}

async function changeStack(
  run: Run,
  requestFor: (stack: StackView | undefined) => ChangeSetRequest,
): Promise<DeployResult> {
  const settled = await settleStack(run, run.stackName);
  heedSignal(run);
  const before = settled.kind === "UPDATE" ? settled.stack : undefined;
  const request = requestFor(before);
  const planned = await planChangeSet(run, request, settled.stack);
  if (planned.kind === "failed") return planFailed(run, planned.reason);
  if (planned.kind === "empty") {
    const stack = await run.cloud.stacks.describe(run.stackName);
    if (stack === undefined) throw new Error("wsgw found the stack of an empty change set.");
    reportSettled(run, stack);
    return { kind: "unchanged", stack };
  }
  const { stack, progress } = await executeChangeSet(run, planned, request, settled.stack);
  if (endingOf(stack.status) === "done") {
    reportSettled(run, stack);
    return { kind: "deployed", stack };
  }
  return failedAs(run, stack.status, diagnose(progress.events));
}

function planFailed(run: Run, reason: string): DeployResult {
  const cause = { logicalId: run.stackName, type: "change set", status: "FAILED", reason };
  const hint = "CloudFormation rejected the template before it changed anything.";
  return failedAs(run, "FAILED", { cause, others: [], hint });
}

function failedAs(run: Run, status: string, diagnosis: Diagnosis): DeployResult {
  const { stackName } = run;
  run.report({ type: "stack.failed", stackName, status, diagnosis });
  return { kind: "failed", stackName, status, diagnosis };
}
