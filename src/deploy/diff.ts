import { prepareDeployment } from "./runs/prepare.ts";
import { lookUp, openProject, type StackPlace } from "./runs/run-open.ts";
import { diffTemplates } from "./template/diff.ts";
import { readDeployedTemplate } from "./template/model.ts";

export type StackDiff = {
  readonly stackName: string;
  readonly changes: ReturnType<typeof diffTemplates>;
};

/**
 * Compares the template that a stack has with the one that a deployment would give it now; without a stack
 * all is added. Throws STACK_NOT_FOUND for a stack that wsgw has not made.
 */
export async function diffStack(place: StackPlace): Promise<StackDiff> {
  const { loaded, adjust, stackName, place: found } = await openProject(place);
  const deployed = await lookUp(found, stackName, async ({ cloud: { stacks } }) => {
    const stack = await stacks.describe(stackName);
    const isThere = stack !== undefined && stack.status !== "REVIEW_IN_PROGRESS";
    return isThere ? stacks.template(stack.id) : '{"Resources":{}}';
  });
  const { template } = await prepareDeployment({ loaded, adjust });
  return { stackName, changes: diffTemplates(readDeployedTemplate(stackName, deployed), template) };
}
