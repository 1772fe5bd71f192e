import type { CalledBackend } from "../../requests/rules/ended-request.ts";
import type { ErrorMessage } from "./error-frame.ts";
import { type IntegrationOutcome, parseProxyResult } from "./proxy-results.ts";

/** The end of the request of one route, whatever its integration. */
export type IntegrationEnd = {
  /** Absent if nothing was called. */
  readonly called?: BackendCall;
} & (
  | {
      readonly kind: "answered";
      /** The status in the integration response key if there is one, else the backend's. */
      readonly statusCode: number;
      readonly text: string;
    }
  | {
      readonly kind: "failed";
      /** The status in logs, and in the rejection of a handshake. */
      readonly statusCode: number;
      readonly message: ErrorMessage;
      readonly because: string;
    }
);

/** The backend that was called, with its answer. */
type BackendCall = Omit<CalledBackend, "event">;

export type IntegrationFailure = Extract<IntegrationEnd, { readonly kind: "failed" }>;

/** The end of a request without a usable backend answer. */
export function failed(statusCode: 500 | 502, because: string): IntegrationFailure {
  return { kind: "failed", statusCode, message: "Internal server error", because };
}

/** The end of a request whose backend did not answer in time. Assumed: its status, as for REST APIs. */
export const TIMED_OUT: IntegrationFailure = {
  kind: "failed",
  statusCode: 504,
  message: "Endpoint request timed out",
  because: "integration-timeout",
};

/**
 * The end of a Lambda proxy. A malformed result fails with 502, as a failure of the function does
 * (captured).
 */
export function proxyEnd(outcome: IntegrationOutcome, nullIsSuccess: boolean): IntegrationEnd {
  switch (outcome.kind) {
    case "timed-out":
      return TIMED_OUT;
    case "failed":
      return failed(502, `${outcome.errorType}: ${outcome.errorMessage}`);
    case "returned": {
      const parsed = parseProxyResult(outcome.payload, nullIsSuccess);
      if (parsed.kind === "malformed") return failed(502, parsed.problem);
      const { statusCode, body = "" } = parsed.result;
      return { kind: "answered", statusCode, text: body };
    }
    default:
      return outcome satisfies never;
  }
}
