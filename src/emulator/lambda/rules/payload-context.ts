import { fieldOf, stringIn } from "../../../values/json.ts";

/** The context in an API Gateway event; other payloads have none. */
export type RequestContext = {
  readonly connectionId: string | undefined;
  readonly requestId: string | undefined;
  readonly routeKey: string | undefined;
  /** `CONNECT`, `MESSAGE` or `DISCONNECT`. */
  readonly eventType: string | undefined;
};

/** Parses the `requestContext` of any payload. */
export function requestContextOf(payload: unknown): RequestContext {
  const context = fieldOf(payload, "requestContext");
  return {
    connectionId: stringIn(context, "connectionId"),
    requestId: stringIn(context, "requestId"),
    routeKey: stringIn(context, "routeKey"),
    eventType: stringIn(context, "eventType"),
  };
}
