import {
  type IntegrationOutcome,
  parseProxyResult,
} from "../../integrations/rules/proxy-results.ts";

/**
 * The status of a request by its function's result: that of the result, 502 if the function failed or its
 * result is malformed (captured), 504 if it timed out (assumed, as for REST APIs).
 */
export function integrationStatus(outcome: IntegrationOutcome, nullIsSuccess: boolean): number {
  const status = statusIn(outcome, nullIsSuccess);
  return status ?? (outcome.kind === "timed-out" ? 504 : 502);
}

/** The status in the function's own result; undefined if the result has no status. */
export function statusIn(outcome: IntegrationOutcome, nullIsSuccess: boolean): number | undefined {
  if (outcome.kind !== "returned") return undefined;
  const parsed = parseProxyResult(outcome.payload, nullIsSuccess);
  return parsed.kind === "ok" ? parsed.result.statusCode : undefined;
}
