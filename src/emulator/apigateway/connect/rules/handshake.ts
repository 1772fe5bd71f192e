import crypto from "node:crypto";
import { countOf, headerValue } from "../../../iam/rules/raw-headers.ts";
import type { Identity } from "../../rules/event-types.ts";
import type { Limits } from "../../rules/limits.ts";
import {
  type Rejection,
  type RejectionIds,
  reject,
  TWO_AUTHORIZATIONS,
} from "./rejected-handshake.ts";

/** The response to a handshake. */
export type ConnectDecision =
  | {
      readonly kind: "accept";
      readonly connectionId: string;
      readonly subprotocol: string | undefined;
    }
  | Rejection;

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
  if (countOf(handshake.rawHeaders, "authorization") > 1) return TWO_AUTHORIZATIONS;
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
  return crypto.hash("sha1", `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, "base64");
}

function headerBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
