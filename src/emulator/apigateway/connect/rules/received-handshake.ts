import crypto from "node:crypto";
import { headerValue } from "../../../iam/rules/raw-headers.ts";
import type { Identity } from "../../rules/event-types.ts";

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
 * `Sec-WebSocket-Accept` of the response. Both ends can compute it, and it is unique to a handshake.
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2
 */
export function acceptOf(rawHeaders: readonly string[]): string {
  const key = headerValue(rawHeaders, "sec-websocket-key") ?? "";
  return crypto.hash("sha1", `${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, "base64");
}
