import { WsgwError } from "../errors.ts";
import type { StackResource, StackView } from "./aws/stacks.ts";
import { webSocketUrl } from "./rules/outputs.ts";
import { findStackName, lookUp, type StackPlace } from "./runs/run-open.ts";

export type StackStatus = StackView & {
  readonly region: string;
  /** Address for WebSocket clients; undefined where no output tells one. */
  readonly url: string | undefined;
  readonly resources: readonly StackResource[];
};

/** A stack, or where there is none. */
export type FoundStack =
  | { readonly kind: "found"; readonly stack: StackStatus }
  | { readonly kind: "missing"; readonly stackName: string; readonly region: string };

/** What CloudFormation knows of the stack of a project. */
export async function stackStatus(place: StackPlace): Promise<FoundStack> {
  const stackName = await findStackName(place);
  return lookUp(place, stackName, async ({ cloud: { stacks, region } }) => {
    const stack = await stacks.describe(stackName);
    if (stack === undefined || stack.status === "DELETE_COMPLETE") {
      return { kind: "missing", stackName, region };
    }
    const resources = await stacks.resources(stack.id);
    const url = webSocketUrl(stack.outputs);
    return { kind: "found", stack: { ...stack, region, url, resources } };
  });
}

/** Asks CloudFormation where clients of a deployed stack connect. */
export async function findStackUrl(
  place: StackPlace & { readonly stackName: string },
): Promise<string> {
  const found = await stackStatus(place);
  const { stackName } = place;
  if (found.kind === "missing") {
    const message = `There is no stack ${stackName} in ${found.region}.`;
    throw new WsgwError("STACK_NOT_FOUND", message);
  }
  const { url, status } = found.stack;
  if (url !== undefined) return url;
  const message = `The stack ${stackName} is ${status} and has no output with a WebSocket URL.`;
  throw new WsgwError("STACK_NOT_FOUND", message);
}
