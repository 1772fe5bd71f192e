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
  layers: 5,
  /** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-models.html */
  modelCharacters: 32_768,
  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
  stackTags: 50,
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
