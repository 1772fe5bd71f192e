import { partitionOf } from "../../../../definition/region.ts";
import { type HttpAnswer, messageBody } from "../../../network/rules/http-answer.ts";

/** What GetConnection tells. Epoch ms; the wire form is ISO. */
export type ConnectionDescription = {
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly connectedAt: number;
  readonly lastActiveAt: number;
};

/** What a call to the management API comes to. */
export type ManagementOutcome =
  | { readonly kind: "delivered" }
  | { readonly kind: "described"; readonly connection: ConnectionDescription }
  | { readonly kind: "removed" }
  | { readonly kind: "gone" }
  | { readonly kind: "malformed-id"; readonly connectionId: string }
  | { readonly kind: "too-large" }
  | { readonly kind: "throttled" }
  | { readonly kind: "not-allowed"; readonly caller: string; readonly resource: ManagementResource }
  | { readonly kind: "unknown-stage" }
  | { readonly kind: "unknown-path" }
  | { readonly kind: "no-method"; readonly method: string; readonly path: string }
  | { readonly kind: "unsigned" }
  | { readonly kind: "incomplete-signature"; readonly message: string }
  | { readonly kind: "wrong-signature"; readonly message: string };

/** What a permission for the management API is about. */
type ManagementResource = {
  readonly region: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly method: string;
};

/** The ids that an answer carries in its headers. */
export type ManagementIds = {
  /** Lower-case UUID, `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly apigwId: string;
  /** `x-amzn-Trace-Id`; answers of the front door have none. */
  readonly traceId: string;
};

/**
 * Answers a call to the management API. SDKs take an error's name from `x-amzn-ErrorType`, so 410
 * needs no body and has none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 * Statuses, headers and bodies of 200, 204, 400 and 410 are from published captures, those of 403 from
 * published user reports. Assumed: the texts of 413 and 429, and every 403 of an unknown path.
 */
export function managementAnswer(outcome: ManagementOutcome, ids: ManagementIds): HttpAnswer {
  switch (outcome.kind) {
    case "delivered":
      return { statusCode: 200, headers: tracedJson(ids), body: "" };
    case "described":
      return {
        statusCode: 200,
        headers: tracedJson(ids),
        body: descriptionBody(outcome.connection),
      };
    case "removed":
      return { statusCode: 204, headers: traced(ids), body: "" };
    case "gone":
      return {
        statusCode: 410,
        headers: {
          ...JSON_TYPE,
          "x-amzn-RequestId": ids.requestId,
          "x-amzn-ErrorType": "GoneException",
          "x-amz-apigw-id": ids.apigwId,
          "x-amzn-Trace-Id": ids.traceId,
        },
        body: "",
      };
    case "malformed-id":
      return refused(
        400,
        "BadRequestException",
        ids,
        `Invalid connectionId: ${outcome.connectionId}`,
      );
    case "too-large":
      return refused(413, "PayloadTooLargeException", ids, "Message too long");
    case "throttled":
      return refused(429, "LimitExceededException", ids, "Too Many Requests");
    case "not-allowed":
      return answer(403, "AccessDeniedException", ids, denial(outcome.caller, outcome.resource));
    case "unknown-stage":
      return refused(403, "ForbiddenException", ids, "Forbidden");
    case "unknown-path":
    case "unsigned":
      return refused(
        403,
        "MissingAuthenticationTokenException",
        ids,
        "Missing Authentication Token",
      );
    case "no-method":
      return refused(
        403,
        "ForbiddenException",
        ids,
        `No method found matching route ${outcome.path} for http method ${outcome.method}.`,
      );
    case "incomplete-signature":
      return refused(403, "IncompleteSignatureException", ids, outcome.message);
    case "wrong-signature":
      return refused(403, "InvalidSignatureException", ids, outcome.message);
    default:
      return outcome satisfies never;
  }
}

const JSON_TYPE = { "Content-Type": "application/json" } as const;

function tracedJson(ids: ManagementIds): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "x-amzn-RequestId": ids.requestId,
    "x-amz-apigw-id": ids.apigwId,
    "x-amzn-Trace-Id": ids.traceId,
  };
}

function traced(ids: ManagementIds): Record<string, string> {
  return {
    "x-amzn-RequestId": ids.requestId,
    "x-amz-apigw-id": ids.apigwId,
    "x-amzn-Trace-Id": ids.traceId,
  };
}

function refused(
  statusCode: number,
  errorType: string,
  ids: ManagementIds,
  message: string,
): HttpAnswer {
  return answer(statusCode, errorType, ids, messageBody(message));
}

function answer(
  statusCode: number,
  errorType: string,
  ids: ManagementIds,
  body: string,
): HttpAnswer {
  return {
    statusCode,
    headers: {
      ...JSON_TYPE,
      "x-amzn-RequestId": ids.requestId,
      "x-amzn-ErrorType": errorType,
      "x-amz-apigw-id": ids.apigwId,
    },
    body,
  };
}

/** The blanks around the colons, and `null` for a client without a user agent, are the service's. */
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

/** `Message` with a capital, the account masked, and `{connectionId}` literally: as published captures have it. */
function denial(caller: string, resource: ManagementResource): string {
  const account = `********${resource.accountId.slice(-4)}`;
  const arn = `arn:${partitionOf(resource.region).name}:execute-api:${resource.region}:${account}:${resource.apiId}/${resource.stage}/${resource.method}/@connections/{connectionId}`;
  return JSON.stringify({
    Message: `User: ${caller} is not authorized to perform: execute-api:ManageConnections on resource: ${arn}`,
  });
}
