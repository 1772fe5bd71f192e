import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import type { EndedRequest } from "../../requests/rules/ended-request.ts";
import type { Identity } from "../../rules/event-types.ts";
import type { ManagementIds } from "./management-answer.ts";

/** An answered call of `@connections` for the access log; captured on AWS. */
export function endedCall(call: {
  readonly method: string;
  readonly connectionId: string;
  readonly host: string;
  /** Identity of the caller. */
  readonly identity: Identity;
  readonly ids: Pick<ManagementIds, "requestId" | "apigwId">;
  readonly body: Uint8Array;
  readonly answer: HttpAnswer;
  /** Epoch ms. */
  readonly at: number;
}): EndedRequest {
  const { method, connectionId, host, identity, ids, body, answer, at } = call;
  return {
    eventType: "CONNECTION_API",
    routeKey: `${method} /@connections/{connectionId}`,
    status: answer.statusCode,
    stamp: { requestId: ids.requestId, at },
    extendedRequestId: ids.apigwId,
    connection: { connectionId, domainName: host, identity },
    integrationLatency: 0,
    call: { body, answer },
  };
}
