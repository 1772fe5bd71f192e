import { contextEnd, laterAuthorizer, requestTime, stageVariables } from "./event-context.ts";
import type { ConnectionIdentity, DisconnectEvent, Stamp } from "./event-types.ts";

/** The event of `$disconnect`, with its four fixed headers, of which only `Host` has a value. */
export function disconnectEvent(
  connection: ConnectionIdentity,
  close: { readonly code: number; readonly reason: string },
  stamp: Stamp,
): DisconnectEvent {
  const { domainName } = connection;
  return {
    headers: { Host: domainName, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" },
    multiValueHeaders: {
      Host: [domainName],
      "x-api-key": [""],
      "X-Forwarded-For": [""],
      "x-restapi": [""],
    },
    ...stageVariables(connection),
    requestContext: {
      routeKey: "$disconnect",
      disconnectStatusCode: close.code,
      ...laterAuthorizer(connection),
      eventType: "DISCONNECT",
      extendedRequestId: stamp.requestId,
      requestTime: requestTime(stamp.at),
      messageDirection: "IN",
      disconnectReason: close.reason,
      ...contextEnd(connection, stamp),
    },
    isBase64Encoded: false,
  };
}
