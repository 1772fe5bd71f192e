import type { EndedRequest } from "../../../../src/emulator/apigateway/requests/rules/ended-request.ts";

/** A message to the route `say`, answered at the start of 1970. */
export function ended(more: Partial<EndedRequest> = {}): EndedRequest {
  return {
    eventType: "MESSAGE",
    routeKey: "say",
    status: 200,
    stamp: { requestId: "r", at: 0 },
    connection: { identity: { sourceIp: "127.0.0.1" } },
    ...more,
  };
}
