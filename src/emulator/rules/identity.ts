import type { Identity } from "./events.ts";

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

/** Value of a header in Node's `rawHeaders`; the last one when there are several. */
export function headerValue(
  rawHeaders: readonly string[],
  lowerCaseName: string,
): string | undefined {
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at];
    // Most differ in length already, and every call of `@connections` asks several times.
    if (name?.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) {
      return rawHeaders[at + 1];
    }
  }
  return undefined;
}
