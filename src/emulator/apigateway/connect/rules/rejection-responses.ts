import { type HttpAnswer, messageBody } from "../../../network/rules/http-answer.ts";
import { type BodyMessage, errorFrame } from "../../integrations/rules/error-frame.ts";

/** The response to a rejected handshake: a Lambda authorizer, IAM, an API key, a limit or `$connect` denies it. */
export type Rejection = HttpAnswer & { readonly kind: "reject"; readonly because: string };

/** The ids in the headers of a rejection by the front door. */
export type RejectionIds = {
  /** Lower-case UUID, `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly apigwId: string;
};

/** The ids of a handshake that reached the API, the same as in its events. */
export type HandshakeIds = { readonly connectionId: string; readonly requestId: string };

/** Why the front door rejects a handshake or a plain HTTP request. */
export type RejectionCause = keyof typeof REJECTIONS;

type FrontDoorRejection = {
  readonly statusCode: number;
  readonly errorType: string;
  readonly body: string;
};

/**
 * Statuses, types and bodies are from published captures of `execute-api` hosts of REST APIs, which have the
 * same front door. User reports show that WebSocket clients receive the 403 of an unknown stage. Assumed: the
 * bodies on a WebSocket handshake, 400, 414 and 431. Authorizers reject by rejectWithMessage, IAM by rejectByIam.
 * Captured: a bad API key on a REST API, and 429 without its body on a handshake. Inferred: the bodies of 429
 * on a handshake are those of the gateway responses THROTTLED and QUOTA_EXCEEDED.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const REJECTIONS = {
  "unknown-stage": forbidden(),
  "unknown-path": forbidden(),
  "api-key": forbidden(),
  throttled: tooMany("TooManyRequestsException", "Too Many Requests"),
  "quota-exceeded": tooMany("LimitExceededException", "Limit Exceeded"),
  /** An upgrade request that violates the WebSocket standard. */
  malformed: {
    statusCode: 400,
    errorType: "BadRequestException",
    body: messageBody("Bad Request"),
  },
  "url-too-long": {
    statusCode: 414,
    errorType: "BadRequestException",
    body: messageBody("Request-URI Too Long"),
  },
  "headers-too-large": {
    statusCode: 431,
    errorType: "BadRequestException",
    body: messageBody("Request Header Fields Too Large"),
  },
  /** Local only: the emulator is stopping. */
  stopping: {
    statusCode: 503,
    errorType: "ServiceUnavailableException",
    body: messageBody("Service Unavailable"),
  },
  /** A plain GET under the stage. A test suite that ran against AWS in 2019 expects 426. */
  "upgrade-required": {
    statusCode: 426,
    errorType: "BadRequestException",
    body: messageBody("Upgrade Required"),
  },
} as const satisfies Record<string, FrontDoorRejection>;

/** The response to a request that the gateway itself rejects. */
export function frontDoorRejection(cause: RejectionCause, ids: RejectionIds): HttpAnswer {
  return ofFrontDoor(REJECTIONS[cause], ids);
}

/** Rejects a handshake at the front door. */
export function reject(
  cause: RejectionCause,
  ids: RejectionIds,
  because: string = cause,
): Rejection {
  return { kind: "reject", ...frontDoorRejection(cause, ids), because };
}

/** Rejects a handshake that IAM denies at the front door, before it has a connection id. */
export function rejectByIam(
  errorType: string,
  body: string,
  ids: RejectionIds,
  because: string,
): Rejection {
  return { kind: "reject", ...ofFrontDoor({ statusCode: 403, errorType, body }, ids), because };
}

function ofFrontDoor(
  { statusCode, errorType, body }: FrontDoorRejection,
  ids: RejectionIds,
): HttpAnswer {
  return {
    statusCode,
    headers: {
      "Content-Type": "application/json",
      "x-amzn-RequestId": ids.requestId,
      "x-amzn-ErrorType": errorType,
      "x-amz-apigw-id": ids.apigwId,
    },
    body,
  };
}

/**
 * Rejects a handshake that has a connection id, with the handler's exact body or the gateway's. The headers
 * are always the gateway's, whatever the handler returned; captured on AWS.
 */
export function rejectByApi(
  statusCode: number,
  body: string,
  { requestId }: HandshakeIds,
  because: string,
): Rejection {
  const headers = {
    "Content-Type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": requestId,
  };
  return { kind: "reject", statusCode, headers, body, because };
}

/**
 * Rejects a handshake that has a connection id with a message of the gateway. Assumed: a failed integration of
 * `$connect` has the same body as a function that API Gateway may not invoke, which was captured.
 */
export function rejectWithMessage(
  statusCode: number,
  message: BodyMessage,
  ids: HandshakeIds,
  because: string,
): Rejection {
  const body = errorFrame(message, ids.connectionId, ids.requestId);
  return rejectByApi(statusCode, body, ids, because);
}

/** Rejects a handshake whose `$connect` handler failed, or whose result is not valid. */
export function rejectFailed(ids: HandshakeIds, because: string): Rejection {
  return rejectWithMessage(502, "Internal server error", ids, because);
}

/** Rejects a handshake whose `$connect` function API Gateway may not invoke; captured on AWS. */
export function rejectDenied(ids: HandshakeIds, because: string): Rejection {
  return rejectWithMessage(500, "Internal server error", ids, because);
}

/** Rejects a handshake with two `Authorization` headers, which never reaches the API; captured on AWS. */
export const TWO_AUTHORIZATIONS: Rejection = {
  kind: "reject",
  because: "two-authorization-headers",
  statusCode: 400,
  headers: { Server: "awselb/2.0", "Content-Type": "text/html", Connection: "close" },
  body: [
    "<html>",
    "<head><title>400 Bad Request</title></head>",
    "<body>",
    "<center><h1>400 Bad Request</h1></center>",
    "</body>",
    "</html>",
    "",
  ].join("\r\n"),
};

function forbidden(): FrontDoorRejection {
  return { statusCode: 403, errorType: "ForbiddenException", body: messageBody("Forbidden") };
}

function tooMany(errorType: string, message: string): FrontDoorRejection {
  return { statusCode: 429, errorType, body: messageBody(message) };
}
