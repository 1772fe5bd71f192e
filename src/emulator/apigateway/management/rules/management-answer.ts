import { type HttpAnswer, messageBody } from "../../../network/rules/http-answer.ts";
import { type NotConnected, notConnectedAnswer } from "./gone-or-bad-id.ts";
import { type NotAllowed, notAllowedBody } from "./manage-connections-permission.ts";

/** The result of GetConnection. Times are epoch ms; the response has ISO strings. */
export type ConnectionDescription = {
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly connectedAt: number;
  readonly lastActiveAt: number;
};

/** The result of a call to the management API. */
export type ManagementOutcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "described"; readonly connection: ConnectionDescription }
  | { readonly kind: "removed" }
  | NotConnected
  | { readonly kind: "too-large" }
  | { readonly kind: "throttled" }
  | { readonly kind: "buffer-full" }
  | ({ readonly kind: "not-allowed" } & NotAllowed)
  | { readonly kind: "unknown-stage" }
  | { readonly kind: "unknown-path" }
  | { readonly kind: "no-method"; readonly method: string; readonly path: string }
  | { readonly kind: "unsigned" }
  | { readonly kind: "incomplete-signature"; readonly message: string }
  | { readonly kind: "wrong-signature"; readonly message: string }
  | { readonly kind: "unknown-key"; readonly message: string };

/** The ids in the headers of a response. */
export type ManagementIds = {
  /** Lower-case UUID, `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly apigwId: string;
  /** `X-Amzn-Trace-Id`; answers of the front door have none. */
  readonly traceId: string;
};

/**
 * The response to a call of the management API. SDKs read the error name from `x-amzn-ErrorType`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * Captured on AWS, except 429, wrong signatures and unknown paths. 403 and 404 for an unknown path are from
 * published user reports. Assumed: 429, and the 403 of a path that does not end in an id.
 */
export function managementAnswer(outcome: ManagementOutcome, ids: ManagementIds): HttpAnswer {
  switch (outcome.kind) {
    case "delivered":
      return traced(200, ids, "");
    case "described":
      return traced(200, ids, descriptionBody(outcome.connection));
    case "removed":
      return traced(204, ids, "");
    case "gone":
    case "malformed-id": {
      const { statusCode, errorType, body, hasTraceId } = notConnectedAnswer(outcome);
      return answer(statusCode, errorType, ids, body, hasTraceId ? ids.traceId : undefined);
    }
    case "too-large":
      return { statusCode: 413, headers: {}, body: "" };
    case "throttled":
    case "buffer-full":
      return rejected(429, "LimitExceededException", ids, "Too Many Requests");
    case "not-allowed":
      return answer(403, "AccessDeniedException", ids, notAllowedBody(outcome));
    case "unknown-stage":
      return rejected(403, "ForbiddenException", ids, "Forbidden");
    case "unknown-path":
    case "unsigned":
      return rejected(
        403,
        "MissingAuthenticationTokenException",
        ids,
        "Missing Authentication Token",
      );
    case "no-method":
      return rejected(
        404,
        "NotFoundException",
        ids,
        `No method found matching route ${outcome.path} for http method ${outcome.method}.`,
      );
    case "incomplete-signature":
      return rejected(403, "IncompleteSignatureException", ids, outcome.message);
    case "wrong-signature":
      return rejected(403, "InvalidSignatureException", ids, outcome.message);
    case "unknown-key":
      return rejected(403, "UnrecognizedClientException", ids, outcome.message);
    default:
      return outcome satisfies never;
  }
}

/** A response of the API itself; rejections by the front door have no trace id. */
function traced(statusCode: number, ids: ManagementIds, body: string): HttpAnswer {
  return answer(statusCode, undefined, ids, body, ids.traceId);
}

function rejected(
  statusCode: number,
  errorType: string,
  ids: ManagementIds,
  message: string,
): HttpAnswer {
  return answer(statusCode, errorType, ids, messageBody(message));
}

function answer(
  statusCode: number,
  errorType: string | undefined,
  ids: ManagementIds,
  body: string,
  traceId?: string,
): HttpAnswer {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  headers["x-amzn-RequestId"] = ids.requestId;
  if (errorType !== undefined) headers["x-amzn-ErrorType"] = errorType;
  headers["x-amz-apigw-id"] = ids.apigwId;
  if (traceId !== undefined) headers["X-Amzn-Trace-Id"] = traceId;
  return { statusCode, headers, body };
}

/** The spaces around the colons, and `null` for a client without a user agent, are the service's. */
function descriptionBody(connection: ConnectionDescription): string {
  return `{
  "identity" : {
    "sourceIp" : ${JSON.stringify(connection.sourceIp)},
    "userAgent" : ${JSON.stringify(connection.userAgent ?? null)}
  },
  "connectedAt" : "${new Date(connection.connectedAt).toISOString()}",
  "lastActiveAt" : "${new Date(connection.lastActiveAt).toISOString()}"
}`;
}
