import type { LambdaFunction } from "./checked-project.ts";

/** A function's name for Lambda on this machine. */
export function lambdaName({
  functionName,
  name,
}: Pick<LambdaFunction, "functionName" | "name">): string {
  return functionName ?? name;
}
