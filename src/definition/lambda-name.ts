import type { LambdaFunction } from "./model.ts";

/** The name by which Lambda knows a function on this machine. */
export function lambdaName({
  functionName,
  name,
}: Pick<LambdaFunction, "functionName" | "name">): string {
  return functionName ?? name;
}
