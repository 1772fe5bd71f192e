import { contextEnd, laterAuthorizer, requestTime } from "./event-context.ts";
import type { ConnectionIdentity, MessageEvent, Stamp } from "./event-types.ts";

/** The event of a message. It has no headers and no query; `body` is the exact text received. */
export function messageEvent(
  connection: ConnectionIdentity,
  message: { readonly routeKey: string; readonly messageId: string; readonly text: string },
  stamp: Stamp,
): MessageEvent {
  const event: MessageEvent = {
    requestContext: {
      routeKey: message.routeKey,
      ...laterAuthorizer(connection),
      messageId: message.messageId,
      eventType: "MESSAGE",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      ...contextEnd(connection, stamp),
    },
    body: message.text,
    isBase64Encoded: false,
  };
  const { stageVariables } = connection;
  return Object.keys(stageVariables).length > 0 ? { stageVariables, ...event } : event;
}
