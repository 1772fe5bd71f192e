import { Origins } from "../readers/cloudformation/rules/origins.ts";
import { BUCKET_TAG, managedBucket } from "./rules/bucket.ts";
import { rejectStage } from "./rules/rejected-with-template.ts";
import { prepareDeployment } from "./runs/prepare.ts";
import { type OpenedTemplate, openTemplate, prepareTemplate } from "./runs/prepare-template.ts";
import type { Run } from "./runs/run-context.ts";
import { findStack, lookUp, openProject, type StackPlace } from "./runs/run-open.ts";
import { diffTemplates } from "./template/diff.ts";
import { readDeployedTemplate } from "./template/model.ts";

export type StackDiff = {
  readonly stackName: string;
  readonly changes: ReturnType<typeof diffTemplates>;
};

/**
 * Compares the template of a stack with the one that would be deployed now; without a stack, everything is
 * added. Throws STACK_NOT_FOUND for a stack that wsgw did not create.
 */
export async function diffStack(place: StackPlace): Promise<StackDiff> {
  const own = await openTemplate(place);
  if (own !== undefined) return diffOwn(own, place);
  const { loaded, adjust, stackName, place: found } = await openProject(place);
  const { text } = await lookUp(found, stackName, deployedBy);
  const { template } = await prepareDeployment({ loaded, adjust });
  return { stackName, changes: diffTemplates(readDeployedTemplate(stackName, text), template) };
}

/** The same for a project's own template, with its code at its location in the bucket. */
async function diffOwn(own: OpenedTemplate, asked: StackPlace): Promise<StackDiff> {
  rejectStage(asked.stage);
  const { stackName, ...place } = await findStack(asked);
  const { text, bucket, region } = await lookUp(place, stackName, async (run) => {
    const { text, tags } = await deployedBy(run);
    const { identity, region } = run.cloud;
    const bucket = tags[BUCKET_TAG] ?? managedBucket((await identity.caller()).account, region);
    return { text, bucket, region };
  });
  const { template } = await prepareTemplate(own, { stackName, bucket, region });
  const { parseTemplate } = await import("../readers/cloudformation/template-file.ts");
  // sam deploy leaves YAML
  const deployed = parseTemplate(text || "{}", stackName, new Origins(), () => {});
  return { stackName, changes: diffTemplates({ Resources: {}, ...deployed }, template) };
}

async function deployedBy({ cloud: { stacks }, stackName }: Run) {
  const stack = await stacks.describe(stackName);
  const isThere = stack !== undefined && stack.status !== "REVIEW_IN_PROGRESS";
  if (!isThere) return { text: '{"Resources":{}}', tags: {} as Readonly<Record<string, string>> };
  return { text: await stacks.template(stack.id), tags: stack.tags };
}
