import { type HttpAnswer, messageBody } from "./http-answer.ts";

/** The ids that a refusal carries in its headers. */
export type RefusalIds = {
  /** Lower-case UUID, `x-amzn-RequestId`. */
  readonly requestId: string;
  /** `x-amz-apigw-id`. */
  readonly apigwId: string;
};

/** Why a handshake, or a plain HTTP request, gets no further. */
export type RefusalCause = keyof typeof REFUSALS;

type Refusal = { readonly statusCode: number; readonly errorType: string; readonly body: string };

/**
 * Statuses, types and bodies are those that published captures show on `execute-api` hosts of REST
 * APIs, whose front door is the same; that the 429 and the 403 of an unknown stage reach WebSocket
 * clients is from published user reports. Assumed: the bodies on a WebSocket handshake, 400, 414 and 431.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const REFUSALS = {
  "unknown-stage": forbidden(),
  "unknown-path": forbidden(),
  "endpoint-disabled": forbidden(),
  "invalid-api-key": forbidden(),
  unauthorized: {
    statusCode: 401,
    errorType: "UnauthorizedException",
    body: messageBody("Unauthorized"),
  },
  "access-denied": {
    statusCode: 403,
    errorType: "AccessDeniedException",
    body: '{"Message":"User is not authorized to access this resource"}',
  },
  "explicitly-denied": {
    statusCode: 403,
    errorType: "AccessDeniedException",
    body: '{"Message":"User is not authorized to access this resource with an explicit deny"}',
  },
  "authorizer-failed": {
    statusCode: 500,
    errorType: "AuthorizerConfigurationException",
    body: '{"message":null}',
  },
  unsigned: {
    statusCode: 403,
    errorType: "MissingAuthenticationTokenException",
    body: messageBody("Missing Authentication Token"),
  },
  throttled: {
    statusCode: 429,
    errorType: "TooManyRequestsException",
    body: messageBody("Too Many Requests"),
  },
  "connect-handler-failed": internal(502, "Internal server error"),
  "connect-not-permitted": internal(500, "Internal server error"),
  "connect-timed-out": internal(504, "Endpoint request timed out"),
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
  const { statusCode, errorType, body } = REFUSALS[cause];
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
 * Why a plain HTTP request is refused: a GET under `base`, the stage or what a custom domain has in its
 * place, is to be an upgrade; everything else is nothing that this front door knows.
 */
export function refusalOfRequest(base: string, method: string, url: string): RefusalCause {
  const path = url.split("?")[0] ?? "";
  if (path !== `/${base}` && !path.startsWith(`/${base}/`)) return "unknown-stage";
  return method === "GET" ? "upgrade-required" : "unknown-path";
}

function forbidden(): Refusal {
  return { statusCode: 403, errorType: "ForbiddenException", body: messageBody("Forbidden") };
}

/** REST APIs write these two with a blank behind the colon. */
function internal(statusCode: number, message: string): Refusal {
  return {
    statusCode,
    errorType: "InternalServerErrorException",
    body: `{"message": "${message}"}`,
  };
}
