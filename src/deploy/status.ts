import { WsgwError } from "../errors.ts";
import type { StackResource, StackView } from "./aws/stacks.ts";
import { chooseUrl, webSocketUrl } from "./rules/choose-url.ts";
import { findStack, lookUp, type StackPlace } from "./runs/run-open.ts";

export type StackStatus = StackView & {
  readonly region: string;
  /** URL for WebSocket clients; undefined if no output contains one. */
  readonly url: string | undefined;
  readonly resources: readonly StackResource[];
};

/** A stack, or that it does not exist. */
export type FoundStack =
  | { readonly kind: "found"; readonly stack: StackStatus }
  | { readonly kind: "missing"; readonly stackName: string; readonly region: string };

/** CloudFormation's description of a project's stack. */
export async function stackStatus(options: StackPlace): Promise<FoundStack> {
  const { stackName, ...place } = await findStack(options);
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

/**
 * The URL for clients of a deployed stack, from CloudFormation. `stage` selects one of its stages. Throws
 * USAGE if the stack has several APIs and `api`, a name of the definition or of an output, selects none of
 * them.
 */
export async function findStackUrl(
  place: StackPlace & { readonly stackName: string; readonly api?: string },
): Promise<string> {
  const found = await stackStatus(place);
  const { stackName } = place;
  if (found.kind === "missing") {
    const message = `The stack ${stackName} does not exist in ${found.region}.`;
    throw new WsgwError("STACK_NOT_FOUND", message);
  }
  const { url, status, outputs } = found.stack;
  const chosen = chooseUrl(outputs, place);
  if ("url" in chosen) return chosen.url;
  if (url !== undefined) throw new WsgwError("USAGE", `The stack ${stackName} ${chosen.problem}`);
  const message = `The stack ${stackName} is ${status} and has no output with a WebSocket URL.`;
  throw new WsgwError("STACK_NOT_FOUND", message);
}
