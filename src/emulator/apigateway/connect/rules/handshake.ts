import { createHash } from "node:crypto";
import type { CustomIntegration } from "../../../../definition/model.ts";
import { countOf, headerValue } from "../../../iam/rules/raw-headers.ts";
import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import { type ErrorMessage, errorFrame } from "../../integrations/rules/error-frame.ts";
import type { IntegrationEnd } from "../../integrations/rules/integration-end.ts";
import {
  type IntegrationOutcome,
  type ProxyResult,
  parseProxyResult,
} from "../../integrations/rules/proxy-results.ts";
import type { Identity } from "../../rules/event-types.ts";
import type { Limits } from "../../rules/limits.ts";
import {
  apiRejection,
  frontDoorRejection,
  type HandshakeIds,
  type RejectionCause,
  type RejectionIds,
  TWO_AUTHORIZATIONS,
} from "./rejections.ts";

/** The response to a handshake. */
export type ConnectDecision =
  | {
      readonly kind: "accept";
      readonly connectionId: string;
      readonly subprotocol: string | undefined;
    }
  | Rejection;

export type Rejection = HttpAnswer & { readonly kind: "reject"; readonly because: string };

/**
 * `requestContext.identity` of a handshake. Captures of wscat omit `userAgent` when the client sends none,
 * and have it before `sourceIp`.
 */
export function describeHandshake(handshake: {
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
}): Identity {
  const userAgent = headerValue(handshake.rawHeaders, "user-agent");
  const { sourceIp } = handshake;
  return userAgent === undefined ? { sourceIp } : { userAgent, sourceIp };
}

/** Headers of a handshake as AWS would have received them at `host`; undefined changes nothing. */
export function withHost(
  rawHeaders: readonly string[],
  host: string | undefined,
): readonly string[] {
  if (host === undefined) return rawHeaders;
  return rawHeaders.map((value, at) =>
    at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === "host" ? host : value,
  );
}

/**
 * Validates a handshake before any function runs. `stages` maps paths to stages; a trailing slash and a query
 * are accepted.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-set-up-websocket-deployment.html
 */
export function screenHandshake(
  handshake: {
    readonly url: string;
    readonly rawHeaders: readonly string[];
    readonly problem?: string;
  },
  stages: ReadonlyMap<string, string>,
  limits: Limits,
  ids: RejectionIds,
): { readonly kind: "sound"; readonly stage: string } | Rejection {
  if (countOf(handshake.rawHeaders, "authorization") > 1) {
    return { kind: "reject", ...TWO_AUTHORIZATIONS, because: "two-authorization-headers" };
  }
  if (handshake.url.length > limits.urlCharacters) return reject("url-too-long", ids);
  if (headerBytes(handshake.rawHeaders) > limits.headerBytes)
    return reject("headers-too-large", ids);
  const path = handshake.url.split("?")[0] ?? "";
  const stage = stages.get(path.replace(/^\/|\/$/g, ""));
  if (stage === undefined || !path.startsWith("/")) return reject("unknown-stage", ids);
  if (handshake.problem !== undefined) return reject("malformed", ids, handshake.problem);
  return { kind: "sound", stage };
}

/**
 * Why an upgrade request is not a valid WebSocket handshake. Adds to the checks of ws, which accepts draft
 * versions and does not require Host.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1
 */
export function handshakeProblem(request: {
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];
}): string | undefined {
  if (request.httpVersion === "1.0") return "HTTP/1.0 has no upgrades";
  if (headerValue(request.rawHeaders, "host") === undefined) return "Missing Host header";
  const version = headerValue(request.rawHeaders, "sec-websocket-version");
  return version === "13" ? undefined : "Missing or invalid Sec-WebSocket-Version header";
}

/**
 * `Sec-WebSocket-Accept` of the response. Both ends can compute it, and it is unique to a handshake.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2
 */
export function acceptOf(rawHeaders: readonly string[]): string {
  const key = headerValue(rawHeaders, "sec-websocket-key") ?? "";
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

function headerBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

export type ConnectAnswer =
  | { readonly kind: "accept"; readonly subprotocol: string | undefined }
  | Rejection;

/**
 * Interprets the result of `$connect`: 2xx accepts, another status goes to the client with its body, a
 * failure is 502 and a timeout 504. Of the response headers, only `Sec-WebSocket-Protocol` reaches the
 * client. Captured on AWS, except 504 and a rejection without a body, which has an empty body here.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
 */
export function interpretConnectResult(
  outcome: IntegrationOutcome,
  nullIsSuccess: boolean,
  ids: HandshakeIds,
): ConnectAnswer {
  switch (outcome.kind) {
    case "timed-out":
      return failure(504, "Endpoint request timed out", ids, "connect-timed-out");
    case "failed":
      return handlerFailed(ids, `${outcome.errorType}: ${outcome.errorMessage}`);
    case "returned": {
      const parsed = parseProxyResult(outcome.payload, nullIsSuccess);
      if (parsed.kind === "malformed") return handlerFailed(ids, parsed.problem);
      return byStatus(parsed.result, ids);
    }
    default:
      return outcome satisfies never;
  }
}

/** The response when API Gateway may not invoke the function of `$connect`; captured on AWS. */
export function rejectDenied(ids: HandshakeIds, because: string): Rejection {
  return failure(500, "Internal server error", ids, because);
}

/**
 * The response when required parameters of the route are missing. Inferred: the message is that of REST APIs.
 */
export function rejectIncomplete(missing: readonly string[], ids: HandshakeIds): Rejection {
  const message = `Missing required request parameters: [${missing.join(", ")}]` as const;
  return failure(400, message, ids, `the handshake lacks ${missing.join(" and ")}`);
}

/**
 * Interprets the end of an integration other than Lambda proxy: 2xx accepts. Where templates can change the
 * response, it needs an integration response. Assumed: another status becomes that of the handshake.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-responses.html
 */
export function interpretConnectEnd(
  end: IntegrationEnd,
  integration: CustomIntegration,
  ids: HandshakeIds,
  statusTexts: Readonly<Record<number, string>>,
): ConnectAnswer {
  if (end.kind === "failed") return failure(end.statusCode, end.message, ids, end.because);
  if (integration.type !== "http-proxy" && Object.keys(integration.responses ?? {}).length === 0) {
    const because = "$connect needs an integration response for 200";
    return failure(500, "Internal server error", ids, because);
  }
  const { statusCode } = end;
  if (statusCode >= 200 && statusCode < 300) return { kind: "accept", subprotocol: undefined };
  const because = `$connect answered ${statusCode}`;
  const body = errorFrame(
    statusTexts[statusCode] ?? "Internal server error",
    ids.connectionId,
    ids.requestId,
  );
  return { kind: "reject", ...apiRejection(statusCode, body, ids), because };
}

function byStatus(
  { statusCode, headers, body = "" }: ProxyResult,
  ids: HandshakeIds,
): ConnectAnswer {
  if (statusCode < 200) return handlerFailed(ids, `statusCode is ${statusCode}`);
  if (statusCode < 300) return { kind: "accept", subprotocol: chosenSubprotocol(headers) };
  const because = `$connect answered ${statusCode}`;
  return { kind: "reject", ...apiRejection(statusCode, body, ids), because };
}

function handlerFailed(ids: HandshakeIds, because: string): Rejection {
  return failure(502, "Internal server error", ids, because);
}

/**
 * Assumed: a failed integration of `$connect` has the same body as a function that API Gateway may not
 * invoke, which was captured.
 */
function failure(
  statusCode: number,
  message: ErrorMessage,
  ids: HandshakeIds,
  because: string,
): Rejection {
  const body = errorFrame(message, ids.connectionId, ids.requestId);
  return { kind: "reject", ...apiRejection(statusCode, body, ids), because };
}

function chosenSubprotocol(headers: Readonly<Record<string, string>>): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "sec-websocket-protocol");
  return name === undefined ? undefined : headers[name];
}

/** The handshake response for a rejection by the front door. */
export function reject(
  cause: RejectionCause,
  ids: RejectionIds,
  because: string = cause,
): Rejection {
  return { kind: "reject", ...frontDoorRejection(cause, ids), because };
}
