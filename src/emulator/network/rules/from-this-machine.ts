import type { AwsPlace, HostPlace } from "./hosts.ts";

/**
 * Whether only programs on this machine may use what a host leads to: the tables, the functions and the local
 * endpoints of services. APIs are for everyone who can reach the port.
 */
export function isOnlyForThisMachine(place: HostPlace): place is AwsPlace {
  return place.kind === "dynamodb" || place.kind === "lambda" || place.kind === "service";
}

const FORWARDED = /^(forwarded|via|x-forwarded-.*)$/;

/** The addresses of a connection; a closed one has none. */
type SocketEnds = {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
};

/**
 * Whether a program on this machine sent a request: over loopback or from the machine's own address, and not
 * through a proxy such as a tunnel, which may send for anyone.
 */
export function isFromHere(
  { remoteAddress: remote, localAddress: local }: SocketEnds,
  headers: Readonly<Record<string, unknown>>,
): boolean {
  if (remote === undefined) return false;
  if (Object.keys(headers).some((name) => FORWARDED.test(name))) return false;
  return remote === local || /^(::ffff:)?127\./.test(remote) || remote === "::1";
}
