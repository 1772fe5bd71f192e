import type { Installing } from "../../../bundle/python.ts";
import type { FunctionError } from "./function-errors.ts";

/**
 * How to install a package that JavaScript code could not load. Lambda's runtime contains every client of the SDK; this
 * machine has only what is installed.
 */
export function adviceOnNodePackage({ errorMessage }: FunctionError): string | undefined {
  const missing =
    /Cannot find (?:module|package) '((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(?:\/[^']*)?'/.exec(
      errorMessage,
    )?.[1];
  if (missing === undefined) return undefined;
  return missing.startsWith("@aws-sdk/")
    ? `Lambda provides ${missing}. Here, install it: npm install --save-dev ${missing}`
    : `${missing} is not installed. Run npm install ${missing}`;
}

/** How to install a package that Python code could not load. Lambda's runtime contains some packages. */
export function adviceOnPythonPackage(
  { errorType, errorMessage }: FunctionError,
  installing?: Installing,
): string | undefined {
  const missing = /No module named '(\w+)/.exec(errorMessage)?.[1];
  if (missing === undefined) return undefined;
  if (missing === "boto3" || missing === "botocore") {
    return `Lambda provides ${missing}. Here, install it: pip install ${missing}`;
  }
  if (installing === undefined || errorType !== "Runtime.ImportModuleError") return undefined;
  const { command, requirements } = installing;
  const what = requirements === undefined ? missing : `-r ${requirements}`;
  return `${missing} is not installed. Run ${command} ${what}`;
}
