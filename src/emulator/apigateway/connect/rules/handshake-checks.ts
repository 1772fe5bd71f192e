import { countOf, headerValue } from "../../../iam/rules/raw-headers.ts";
import type { Limits } from "../../rules/limits.ts";
import {
  type Rejection,
  type RejectionIds,
  reject,
  TWO_AUTHORIZATIONS,
} from "./rejection-responses.ts";

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

function headerBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
