import { WsgwError } from "../errors.ts";
import type { StackOutput } from "./ports.ts";
import { asMistake } from "./run-context.ts";
import { type CloudOptions, openCloud } from "./stack/connect.ts";

/** The address at which clients of a stack connect: the first output that is one. */
export function webSocketUrl(outputs: readonly StackOutput[]): string | undefined {
  return outputs.find(({ value }) => /^wss?:\/\//.test(value))?.value;
}

/** Asks CloudFormation where clients of a deployed stack connect. */
export async function findStackUrl(options: CloudOptions & { readonly stackName: string }) {
  const { stackName } = options;
  const { stacks, region } = await openCloud(options);
  const stack = await stacks.describe(stackName).catch((error: unknown) => {
    throw asMistake(error);
  });
  if (stack === undefined) {
    throw new WsgwError("STACK_NOT_FOUND", `There is no stack ${stackName} in ${region}.`);
  }
  const url = webSocketUrl(stack.outputs);
  if (url !== undefined) return url;
  const message = `The stack ${stackName} is ${stack.status} and has no output with a WebSocket URL.`;
  throw new WsgwError("STACK_NOT_FOUND", message);
}
