import type { CalledBackend } from "../../requests/rules/ended-request.ts";
import type { ErrorMessage, MessageAnswer } from "./proxy-results.ts";

/** How the request of one route ended, whatever its integration is. */
export type IntegrationEnd = {
  /** Left out where nothing was called. */
  readonly called?: BackendCall;
} & (
  | {
      readonly kind: "answered";
      /** That of the key of the integration response, where it names one, else the backend's. */
      readonly statusCode: number;
      readonly text: string;
    }
  | {
      readonly kind: "failed";
      /** As logs have it, and a handshake is refused. */
      readonly statusCode: number;
      readonly message: ErrorMessage;
      readonly because: string;
    }
);

/** What was called, and what it answered. */
type BackendCall = Omit<CalledBackend, "event">;

export type IntegrationFailure = Extract<IntegrationEnd, { readonly kind: "failed" }>;

/** Nothing was called, or what was called is of no use. */
export function failed(statusCode: 500 | 502, because: string): IntegrationFailure {
  return { kind: "failed", statusCode, message: "Internal server error", because };
}

/** What goes back to the sender of a message: nothing on a one-way route, whatever the status. */
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
