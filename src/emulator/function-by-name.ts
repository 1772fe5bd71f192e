import { lambdaName } from "../definition/lambda-name.ts";
import { WsgwError } from "../errors.ts";
import { howToServe } from "../readers/rules/code-elsewhere.ts";
import { functionId } from "../readers/serverless/rules/names.ts";
import { readFunctionName } from "./lambda/api/rules/function-name.ts";
import type { FoundProject } from "./read-project.ts";

/**
 * The name of a function in the definition, from that name, its name in `serverless.yml` or on AWS, or its ARN.
 * Throws FUNCTION_UNKNOWN.
 */
export function functionNamed(
  asked: string,
  { project, source }: Pick<FoundProject, "project" | "source">,
): string {
  const { functions } = project;
  if (Object.hasOwn(functions, asked)) return asked;
  const ofServerless = source.kind === "serverless" ? functionId(asked) : asked;
  if (Object.hasOwn(functions, ofServerless)) return ofServerless;
  const named = readFunctionName(asked)?.name;
  const found = Object.values(functions).find((fn) => lambdaName(fn) === named);
  if (found !== undefined) return found.name;
  const unserved = source.unserved.find(({ key, name }) => key === asked || name === named);
  if (unserved !== undefined) {
    const message = `Function "${asked}" ${unserved.why}, so wsgw cannot run it.`;
    throw new WsgwError("FUNCTION_UNKNOWN", message, { hint: howToServe(unserved) });
  }
  const names = Object.keys(functions).join(", ");
  throw new WsgwError("FUNCTION_UNKNOWN", `There is no function "${asked}". The API has ${names}.`);
}
