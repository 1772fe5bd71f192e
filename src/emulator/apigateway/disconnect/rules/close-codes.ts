/** Why the gateway closes a connection. */
export type CloseCause =
  | "idle"
  | "age"
  | "binary-message"
  | "too-large"
  | ProtocolBreach
  | "deleted"
  | "gateway-stopped";

/** A client's violation of RFC 6455: invalid UTF-8, or any other. */
export type ProtocolBreach = "invalid-utf8" | "protocol-error";

export type Close = { readonly code: number; readonly reason: string };

/**
 * Close code and reason by cause, for the client and for `$disconnect`.
 *
 * Binary frames close with 1003:
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-binary-media-types.html
 * Sizes close with 1009:
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 * The reasons of `idle`, `deleted` and 1003 are from published captures. Assumed: 1009 has no reason; `age`
 * and a stopping gateway close like `idle`; invalid frames have the codes of the standard.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
 */
export function closeFor(cause: CloseCause): Close {
  switch (cause) {
    case "idle":
    case "age":
    case "gateway-stopped":
      return { code: 1001, reason: "Going away" };
    case "binary-message":
      return { code: 1003, reason: "Binary is not supported" };
    case "too-large":
      return { code: 1009, reason: "" };
    case "protocol-error":
      return { code: 1002, reason: "" };
    case "invalid-utf8":
      return { code: 1007, reason: "" };
    case "deleted":
      return { code: 1000, reason: "Connection Closed Normally" };
    default:
      return cause satisfies never;
  }
}

const NO_STATUS = 1005;
const LOST = 1006;

/**
 * Code and reason that `$disconnect` gets when the client closed. `code` is 1005 for a close frame without a
 * code (reason from published captures) and 1006 for a lost connection (assumed: no reason).
 */
export function clientClose(
  code: number,
  reason: string,
): Close & { readonly because: "client-closed" | "lost" } {
  if (code === NO_STATUS) {
    return { code, reason: "Client-side close frame status not set", because: "client-closed" };
  }
  return { code, reason, because: code === LOST ? "lost" : "client-closed" };
}
