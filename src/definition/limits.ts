import { isObject } from "../values/json.ts";
import type { Path, Report } from "./faults.ts";

/**
 * Limits of the services that a definition may exceed.
 * Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * API Gateway:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const DEFINITION_LIMITS = {
  routes: 300,
  /** One integration for each function; the quota counts integrations. */
  functions: 300,
  authorizers: 10,
  integrationTimeoutMs: { least: 50, most: 29_000 },
  memoryMb: { least: 128, most: 10_240 },
  timeoutSeconds: { least: 1, most: 900 },
  environmentBytes: 4096,
} as const;

/** Reports a part with more entries than API Gateway allows. */
export function checkCount(
  what: "authorizers" | "functions" | "routes",
  path: Path,
  part: unknown,
  report: Report,
): void {
  const most = DEFINITION_LIMITS[what];
  const count = isObject(part) ? Object.keys(part).length : 0;
  if (count > most) {
    report(path, `${count} ${what} exceed API Gateway's limit of ${most}. Split the API.`);
  }
}

/**
 * Variables that Lambda reserves.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
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
