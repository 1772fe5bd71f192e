import type { CalledBackend } from "../../requests/rules/ended-request.ts";
import type { ErrorMessage, MessageAnswer } from "./proxy-results.ts";

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

/** The answer to the sender of a message: none on a one-way route, whatever the status. */
export function messageAnswer(
  end: IntegrationEnd,
  route: { readonly twoWay: boolean; readonly messageBytes: number },
): MessageAnswer {
  if (end.kind === "failed") return { kind: "error", message: end.message, because: end.because };
  if (!route.twoWay) return { kind: "silence", because: "one-way" };
  if (Buffer.byteLength(end.text) <= route.messageBytes) {
    return { kind: "reply", text: end.text, because: "route-response" };
  }
  const because = `the reply is larger than ${route.messageBytes} bytes`;
  return { kind: "error", message: "Internal server error", because };
}
