import { laterAuthorizer, requestTime } from "./event-context.ts";
import type { ConnectionIdentity, MessageEvent, Stamp } from "./event-types.ts";

/**
 * The event of a message. It has no headers and no query; `body` is the exact text received. V8 of Node 20
 * copies objects slowly, so the keys of `contextEnd` are repeated here.
 */
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
      stage: connection.stage,
      connectedAt: connection.connectedAt,
      requestTimeEpoch: stamp.at,
      identity: connection.identity,
      requestId: stamp.requestId,
      domainName: connection.domainName,
      connectionId: connection.connectionId,
      apiId: connection.apiId,
    },
    body: message.text,
    isBase64Encoded: false,
  };
  const { stageVariables } = connection;
  return Object.keys(stageVariables).length > 0 ? { stageVariables, ...event } : event;
}
