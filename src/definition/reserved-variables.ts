import { shown } from "./faults.ts";

/**
 * Variables that Lambda reserves.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const RESERVED: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

const VARIABLE = /^[A-Za-z]\w+$/;

/** Why a name cannot be that of an environment variable; undefined if it can. */
export function variableProblem(name: unknown): string | undefined {
  if (typeof name !== "string")
    return `${name === undefined ? "is missing" : `${shown(name)} is not a string`}; give the name of an environment variable.`;
  if (RESERVED.has(name)) return `"${name}" is set by Lambda itself. Use another name.`;
  if (VARIABLE.test(name)) return undefined;
  return `"${name}" cannot name an environment variable. Use two or more letters, digits and _, a letter first.`;
}
