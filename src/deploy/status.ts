import { WsgwError } from "../errors.ts";
import type { StackResource, StackView } from "./ports.ts";
import { webSocketUrl } from "./rules/outputs.ts";
import { patiently, runEnding } from "./run-context.ts";
import { findStackName, openRun, type StackPlace } from "./run-open.ts";

export type StackStatus = StackView & {
  readonly region: string;
  /** Address for WebSocket clients; undefined where no output tells one. */
  readonly url: string | undefined;
  readonly resources: readonly StackResource[];
};

/** What CloudFormation knows of the stack of a project; undefined where there is none. */
export async function stackStatus(place: StackPlace): Promise<StackStatus | undefined> {
  const stackName = await findStackName(place);
  const run = await openRun(place, stackName, { confirm: async () => false });
  const { stacks, region } = run.cloud;
  const found = await runEnding(async () => {
    const stack = await patiently(run, () => stacks.describe(stackName));
    if (stack === undefined || stack.status === "DELETE_COMPLETE") return undefined;
    const resources = await patiently(run, () => stacks.resources(stack.id));
    return { ...stack, region, url: webSocketUrl(stack.outputs), resources };
  });
  if (found !== undefined && "kind" in found) throw new Error("Nobody can end this early.");
  return found;
}

/** Asks CloudFormation where clients of a deployed stack connect. */
export async function findStackUrl(
  place: StackPlace & { readonly stackName: string },
): Promise<string> {
  const found = await stackStatus(place);
  const { stackName } = place;
  if (found === undefined) {
    throw new WsgwError("STACK_NOT_FOUND", `There is no stack ${stackName}.`);
  }
  if (found.url !== undefined) return found.url;
  const message = `The stack ${stackName} is ${found.status} and has no output with a WebSocket URL.`;
  throw new WsgwError("STACK_NOT_FOUND", message);
}
