/**
 * Removes a header from a request, in any spelling, and returns both; undefined if the request does not have
 * it.
 */
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

/** An IPv4 address in its usual form, even if an IPv6 socket has mapped it. */
export function sourceIp(remoteAddress: string | undefined): string {
  return (remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
