import { createHash } from "node:crypto";
import type { CustomIntegration } from "../../../../definition/model.ts";
import { countOf, headerValue } from "../../../iam/rules/raw-headers.ts";
import type { HttpAnswer } from "../../../network/rules/http-answer.ts";
import type { IntegrationEnd } from "../../integrations/rules/integration-end.ts";
import {
  type ErrorMessage,
  errorFrame,
  type IntegrationOutcome,
  type ProxyResult,
  parseProxyResult,
} from "../../integrations/rules/proxy-results.ts";
import type { Identity } from "../../rules/events.ts";
import type { Limits } from "../../rules/limits.ts";
import {
  apiRefusal,
  type HandshakeIds,
  type RefusalCause,
  type RefusalIds,
  refusal,
  TWO_AUTHORIZATIONS,
} from "./refusals.ts";

/** How a handshake is answered. */
export type ConnectDecision =
  | {
      readonly kind: "accept";
      readonly connectionId: string;
      readonly subprotocol: string | undefined;
    }
  | Rejection;

export type Rejection = HttpAnswer & { readonly kind: "reject"; readonly because: string };

/**
 * Who is at the other end of a handshake. `userAgent` is left out when the client sent none, as in
 * captures of wscat; its place before `sourceIp` is that of the captures too.
 */
export function describeHandshake(handshake: {
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
}): Identity {
  const userAgent = headerValue(handshake.rawHeaders, "user-agent");
  const { sourceIp } = handshake;
  return userAgent === undefined ? { sourceIp } : { userAgent, sourceIp };
}

/** Headers of a handshake that was sent to `host`, as AWS would have got them; undefined changes nothing. */
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
 * Checks what can be said of a handshake before any function runs. `stages` has the stages by the path that
 * leads to them; a slash behind that and a query are accepted.
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
  ids: RefusalIds,
): { readonly kind: "sound"; readonly stage: string } | Rejection {
  if (countOf(handshake.rawHeaders, "authorization") > 1) {
    return { kind: "reject", ...TWO_AUTHORIZATIONS, because: "two-authorization-headers" };
  }
  if (handshake.url.length > limits.urlCharacters) return refuse("url-too-long", ids);
  if (headerBytes(handshake.rawHeaders) > limits.headerBytes)
    return refuse("headers-too-large", ids);
  const path = handshake.url.split("?")[0] ?? "";
  const stage = stages.get(path.replace(/^\/|\/$/g, ""));
  if (stage === undefined || !path.startsWith("/")) return refuse("unknown-stage", ids);
  if (handshake.problem !== undefined) return refuse("malformed", ids, handshake.problem);
  return { kind: "sound", stage };
}

/**
 * What makes an upgrade to WebSocket no handshake, besides what ws looks at: it knows versions that
 * came before the standard, and does not ask for a Host.
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
 * `Sec-WebSocket-Accept` of the answer to a handshake: both ends know it, and no two handshakes have the same.
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
 * Decides by the result of `$connect`: 2xx accepts, another status goes to the client with its body, a
 * failure is 502 and a time-out 504. Of the response's headers only `Sec-WebSocket-Protocol` gets
 * through. Captured on AWS, but for 504 and for a refusal without a body, which here stays without one.
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

/** API Gateway may not invoke the function of `$connect`; captured on AWS. */
export function refuseDenied(ids: HandshakeIds, because: string): Rejection {
  return failure(500, "Internal server error", ids, because);
}

/** A handshake lacks parameters that its route requires. Inferred: the text is that of REST APIs. */
export function refuseIncomplete(missing: readonly string[], ids: HandshakeIds): Rejection {
  const message = `Missing required request parameters: [${missing.join(", ")}]` as const;
  return failure(400, message, ids, `the handshake lacks ${missing.join(" and ")}`);
}

/**
 * Decides by what an integration other than Lambda proxy came to: 2xx accepts. One whose answer templates may make needs
 * an integration response. Assumed: another status is that of the answer.
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
    const because = "$connect has no integration response, and needs one for 200";
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
  return { kind: "reject", ...apiRefusal(statusCode, body, ids), because };
}

function byStatus(
  { statusCode, headers, body = "" }: ProxyResult,
  ids: HandshakeIds,
): ConnectAnswer {
  if (statusCode < 200) return handlerFailed(ids, `statusCode is ${statusCode}`);
  if (statusCode < 300) return { kind: "accept", subprotocol: chosenSubprotocol(headers) };
  const because = `$connect answered ${statusCode}`;
  return { kind: "reject", ...apiRefusal(statusCode, body, ids), because };
}

function handlerFailed(ids: HandshakeIds, because: string): Rejection {
  return failure(502, "Internal server error", ids, because);
}

/** Assumed: a failed integration of `$connect` has the body that was captured of one that may not be invoked. */
function failure(
  statusCode: number,
  message: ErrorMessage,
  ids: HandshakeIds,
  because: string,
): Rejection {
  const body = errorFrame(message, ids.connectionId, ids.requestId);
  return { kind: "reject", ...apiRefusal(statusCode, body, ids), because };
}

function chosenSubprotocol(headers: Readonly<Record<string, string>>): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "sec-websocket-protocol");
  return name === undefined ? undefined : headers[name];
}

/** Turns a refusal of the front door into the answer to a handshake. */
export function refuse(cause: RefusalCause, ids: RefusalIds, because: string = cause): Rejection {
  return { kind: "reject", ...refusal(cause, ids), because };
}
