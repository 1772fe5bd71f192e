/** A header of a request, in whatever spelling, and what is left without it; undefined where the request has none of this name. */
export function takeHeader(
  rawHeaders: readonly string[],
  header: string | undefined,
): { readonly value: string; readonly rawHeaders: readonly string[] } | undefined {
  if (header === undefined) return undefined;
  const isIt = (at: number) => rawHeaders[at - (at % 2)]?.toLowerCase() === header.toLowerCase();
  const own = rawHeaders.filter((_, at) => isIt(at));
  if (own.length === 0) return undefined;
  return { value: own[1] ?? "", rawHeaders: rawHeaders.filter((_, at) => !isIt(at)) };
}

/** An address as IPv4 writes it, also where a socket that listens on IPv6 has mapped it. */
export function sourceIp(remoteAddress: string | undefined): string {
  return (remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
