import type { LambdaFunction } from "../../definition/project.ts";
import { isProgram, placeOfProgram } from "../../definition/runtimes.ts";

/**
 * The `Handler` property of a deployed function. A Node function is bundled into `index.js` or `index.mjs` at
 * the root of its zip, whatever its source file: `src/chat.api.connect` becomes `index.api.connect`. Other
 * languages keep their handler, relative to the code directory.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html
 */
export function deployedHandler(
  fn: Pick<LambdaFunction, "handler" | "runtime" | "code" | "command">,
): string {
  if (isProgram(fn)) return placeOfProgram(fn).handler;
  const file = fn.handler.slice(fn.handler.lastIndexOf("/") + 1);
  return `index${file.slice(file.indexOf("."))}`;
}
