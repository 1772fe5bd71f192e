/** A header of a request and what is left without it; undefined where the request has none of this name. */
export function takeHeader(
  rawHeaders: readonly string[],
  header: string | undefined,
): { readonly value: string; readonly rawHeaders: readonly string[] } | undefined {
  if (header === undefined) return undefined;
  const at = rawHeaders.findIndex((name, place) => place % 2 === 0 && name === header);
  if (at < 0) return undefined;
  return { value: rawHeaders[at + 1] ?? "", rawHeaders: rawHeaders.toSpliced(at, 2) };
}

/** An address as IPv4 writes it, also where a socket that listens on IPv6 has mapped it. */
export function sourceIp(remoteAddress: string | undefined): string {
  return (remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
