import type { ErrorMessage } from "../../integrations/rules/error-frame.ts";
import type { IntegrationEnd } from "../../integrations/rules/integration-end.ts";

/** The answer to the sender of a message. */
export type MessageAnswer =
  | { readonly kind: "silence"; readonly because: "one-way" }
  | { readonly kind: "reply"; readonly text: string; readonly because: "route-response" }
  | { readonly kind: "error"; readonly message: ErrorMessage; readonly because: string };

/**
 * What the sender of a message gets of the end of its integration, of whatever type. A one-way route sends
 * nothing, whatever the status. A two-way route sends the text, which may be empty. A failure is an error
 * frame on both.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
 * One-way behaviour and error messages are from published captures. Assumed: a reply over the message limit
 * is an internal server error.
 */
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
