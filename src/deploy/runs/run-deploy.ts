import { createHash } from "node:crypto";
import { WsgwError } from "../../errors.ts";
import type { Caller } from "../aws/identity.ts";
import { type ChangeSetRequest, PREVIOUS, type StackView } from "../aws/stacks.ts";
import { BUCKET_TAG, objectUrl } from "../rules/bucket.ts";
import { planParameters, type TemplateParameters } from "../rules/parameters.ts";
import { type Diagnosis, diagnose } from "../rules/root-cause.ts";
import { endingOf } from "../rules/stack-status.ts";
import { BUCKET_PARAMETER } from "../template/logical-ids.ts";
import type { DeployInput, Prepared } from "./deploy-input.ts";
import type { DeployResult } from "./deploy-result.ts";
import { ensureBucket } from "./run-bucket.ts";
import { executeChangeSet, planChangeSet } from "./run-change-set.ts";
import { updateCodeOnly } from "./run-code-only.ts";
import { type Ending, heedSignal, type Run, type Steps } from "./run-context.ts";
import { rejectStuckStack, reportSettled, settleStack } from "./run-settle.ts";
import { removeUploads, uploadAll } from "./run-upload.ts";

/**
 * Maximum bytes of a template in the call itself; a larger one must be in S3.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
const MOST_BODY_BYTES = 51_200;

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

async function verifyCaller(run: Run, { namedRoles, ownRoles, logsBy }: DeployInput) {
  const { identity } = run.cloud;
  const caller = await identity.caller();
  run.report({ type: "account.found", ...caller });
  const missing: string[] = [];
  for (const name of namedRoles) {
    if (!(await identity.hasRole(name))) missing.push(name);
  }
  if (missing.length > 0) {
    const lines = missing.map((name) => `Account ${caller.account} has no role "${name}".`);
    throw new WsgwError("ROLE_NOT_FOUND", lines.join("\n"));
  }
  const named =
    logsBy === undefined ? namedRoles : [...namedRoles, await logRole(run, caller, logsBy)];
  if (ownRoles + named.length > 0) run.report({ type: "roles.verified", named, own: ownRoles });
  return caller;
}

/** Without this role CloudFormation would reject the stage after it has created all the rest. */
async function logRole(run: Run, { account }: Caller, logsBy: string): Promise<string> {
  const arn = await run.cloud.identity.gatewayLogRole();
  if (arn !== undefined) return arn.split("/").at(-1) ?? arn;
  const where = `account ${account}, region ${run.cloud.region}`;
  throw new WsgwError(
    "LOG_ROLE_NOT_FOUND",
    `${logsBy}, but API Gateway has no role to write logs with in ${where}.`,
  );
}

function templateObject(run: Run, text: string) {
  const body = Buffer.from(text);
  const hash = createHash("sha256").update(body).digest("hex");
  const key = `${run.stackName}/${hash}.template.json`;
  return { key, body, type: "application/json" };
}

function changeSetRequest(
  run: Run,
  input: DeployInput & {
    readonly bucket: string;
    readonly prepared: Prepared;
    readonly templateKey: string;
  },
  stack: StackView | undefined,
): ChangeSetRequest {
  const { templateText, buildId, own } = input.prepared;
  const declared = (JSON.parse(templateText).Parameters ?? {}) as TemplateParameters;
  const bucket = BUCKET_PARAMETER in declared ? { [BUCKET_PARAMETER]: input.bucket } : {};
  const deployed = stack?.parameters.map(({ key }) => key) ?? [];
  const plan = planParameters(
    declared,
    { ...(own?.parameters ?? bucket), ...input.parameters },
    deployed,
  );
  if (plan.faults.length > 0) throw new WsgwError("USAGE", plan.faults.join("\n"));

  const { cloud, timing } = run;
  const { region, endpointUrl } = cloud;
  // A server other than AWS may not be able to read a template from S3.
  const tooLarge = Buffer.byteLength(templateText) > MOST_BODY_BYTES;
  const byUrl = tooLarge && endpointUrl === undefined;
  const unique = Math.floor(timing.random() * 36 ** 6).toString(36);
  return {
    stackName: run.stackName,
    name: `wsgw-${timing.now().toString(36)}-${unique}`,
    kind: stack === undefined || stack.status === "REVIEW_IN_PROGRESS" ? "CREATE" : "UPDATE",
    template: byUrl
      ? { url: objectUrl(input.bucket, input.templateKey, region) }
      : { body: templateText },
    parameters: {
      ...plan.values,
      ...Object.fromEntries(plan.kept.map((name) => [name, PREVIOUS] as const)),
    },
    // With --code-only nothing but code may change, so the tags stay.
    tags: input.codeOnly
      ? (stack?.tags ?? {})
      : {
          ...stack?.tags,
          "wsgw:buildId": buildId,
          ...(own && { [BUCKET_TAG]: input.bucket }),
          ...input.tags,
        },
    express: input.express,
  };
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
