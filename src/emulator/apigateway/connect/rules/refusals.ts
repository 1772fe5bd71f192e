import { type HttpAnswer, messageBody } from "../../../network/rules/http-answer.ts";

/** The ids that a refusal of the front door carries in its headers. */
export type RefusalIds = {
  /** Lower-case UUID, `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly apigwId: string;
};

/** The ids of a handshake that has reached the API, as its events have them. */
export type HandshakeIds = { readonly connectionId: string; readonly requestId: string };

/** Why a handshake, or a plain HTTP request, gets no further than the front door. */
export type RefusalCause = keyof typeof REFUSALS;

type Refusal = { readonly statusCode: number; readonly errorType: string; readonly body: string };

/**
 * Statuses, types and bodies are those that published captures show on `execute-api` hosts of REST
 * APIs, whose front door is the same; that the 403 of an unknown stage reaches WebSocket clients is from
 * published user reports. Assumed: the bodies on a WebSocket handshake, 400, 414 and 431. Authorizers
 * refuse by apiRefusal, IAM by iamRefusal. A bad API key was captured of a REST API, 429 without its body on a
 * handshake; that the bodies of 429 on a handshake are those of the gateway responses THROTTLED and QUOTA_EXCEEDED is
 * inferred.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const REFUSALS = {
  "unknown-stage": forbidden(),
  "unknown-path": forbidden(),
  "api-key": forbidden(),
  throttled: tooMany("TooManyRequestsException", "Too Many Requests"),
  "quota-exceeded": tooMany("LimitExceededException", "Limit Exceeded"),
  /** An upgrade to WebSocket that lacks what the standard asks for. */
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
  /** Local only: the emulator is on its way out. */
  stopping: {
    statusCode: 503,
    errorType: "ServiceUnavailableException",
    body: messageBody("Service Unavailable"),
  },
  /** A plain GET under the stage; 426 is what a test suite that ran against AWS in 2019 expects. */
  "upgrade-required": {
    statusCode: 426,
    errorType: "BadRequestException",
    body: messageBody("Upgrade Required"),
  },
} as const satisfies Record<string, Refusal>;

/** Answers a request that the gateway itself refuses. */
export function refusal(cause: RefusalCause, ids: RefusalIds): HttpAnswer {
  return ofFrontDoor(REFUSALS[cause], ids);
}

/** How IAM refuses a handshake: at the front door, before there is a connection id. */
export function iamRefusal(errorType: string, body: string, ids: RefusalIds): HttpAnswer {
  return ofFrontDoor({ statusCode: 403, errorType, body }, ids);
}

function ofFrontDoor({ statusCode, errorType, body }: Refusal, ids: RefusalIds): HttpAnswer {
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
 * How a handshake is refused once it has a connection id: by the body of its handler, byte for byte, or by that of
 * the gateway. Whatever headers the handler gave, these are the gateway's; captured on AWS.
 */
export function apiRefusal(
  statusCode: number,
  body: string,
  { requestId }: HandshakeIds,
): HttpAnswer {
  const headers = {
    "Content-Type": "application/json; charset=UTF-8",
    "x-amz-apigw-id": requestId,
  };
  return { statusCode, headers, body };
}

/** What stands before the API answers a request with two `Authorization` headers; captured on AWS. */
export const TWO_AUTHORIZATIONS: HttpAnswer = {
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

/**
 * Why a plain HTTP request is refused: a GET under one of `bases`, the paths that lead to a stage, is to be an
 * upgrade; everything else is nothing that this front door knows.
 */
export function refusalOfRequest(
  bases: Iterable<string>,
  method: string,
  url: string,
): RefusalCause {
  const path = url.split("?")[0] ?? "";
  const isBelow = [...bases].some(
    (base) => base === "" || path === `/${base}` || path.startsWith(`/${base}/`),
  );
  if (!isBelow) return "unknown-stage";
  return method === "GET" ? "upgrade-required" : "unknown-path";
}

function forbidden(): Refusal {
  return { statusCode: 403, errorType: "ForbiddenException", body: messageBody("Forbidden") };
}

function tooMany(errorType: string, message: string): Refusal {
  return { statusCode: 429, errorType, body: messageBody(message) };
}
