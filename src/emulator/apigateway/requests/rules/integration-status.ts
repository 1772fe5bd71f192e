import {
  type IntegrationOutcome,
  parseProxyResult,
} from "../../integrations/rules/proxy-results.ts";

/**
 * The status of a request by what its function answered: that of the result, 502 when the function failed or its result
 * is malformed (captured), 504 when it did not answer in time (assumed, as for REST APIs).
 */
export function integrationStatus(outcome: IntegrationOutcome, nullIsSuccess: boolean): number {
  const status = statusIn(outcome, nullIsSuccess);
  return status ?? (outcome.kind === "timed-out" ? 504 : 502);
}

/** The status that the function itself gave; undefined when it gave none. */
export function statusIn(outcome: IntegrationOutcome, nullIsSuccess: boolean): number | undefined {
  if (outcome.kind !== "returned") return undefined;
  const parsed = parseProxyResult(outcome.payload, nullIsSuccess);
  return parsed.kind === "ok" ? parsed.result.statusCode : undefined;
}
