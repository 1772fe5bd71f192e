import { type HttpAnswer, messageBody } from "../../../network/rules/http-answer.ts";

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
 * APIs, whose front door is the same; that the 403 of an unknown stage reaches WebSocket clients is from
 * published user reports. Assumed: the bodies on a WebSocket handshake, 400, 414 and 431. What authorizers,
 * API keys and throttling refuse is not among them, since a definition cannot ask for these.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const REFUSALS = {
  "unknown-stage": forbidden(),
  "unknown-path": forbidden(),
  "connect-handler-failed": internal(502, "Internal server error"),
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

/** REST APIs write these two with a blank behind the colon. */
function internal(statusCode: number, message: string): Refusal {
  return {
    statusCode,
    errorType: "InternalServerErrorException",
    body: `{"message": "${message}"}`,
  };
}
