import { fieldOf, stringIn } from "../../../values/json.ts";

/** What an event of API Gateway says about itself; other payloads say nothing. */
export type RequestContext = {
  readonly connectionId: string | undefined;
  readonly requestId: string | undefined;
  readonly routeKey: string | undefined;
  /** `CONNECT`, `MESSAGE` or `DISCONNECT`. */
  readonly eventType: string | undefined;
};

/** Reads the `requestContext` of a payload, whatever the payload is. */
export function requestContextOf(payload: unknown): RequestContext {
  const context = fieldOf(payload, "requestContext");
  return {
    connectionId: stringIn(context, "connectionId"),
    requestId: stringIn(context, "requestId"),
    routeKey: stringIn(context, "routeKey"),
    eventType: stringIn(context, "eventType"),
  };
}
