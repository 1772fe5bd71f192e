/** A handshake with the address that it names in `header`, if it does; the header is taken out. */
export function withNamedSource<
  Handshake extends { readonly rawHeaders: readonly string[]; readonly sourceIp: string },
>(handshake: Handshake, header: string | undefined): Handshake {
  if (header === undefined) return handshake;
  const { rawHeaders } = handshake;
  const at = rawHeaders.findIndex((name, place) => place % 2 === 0 && name === header);
  if (at < 0) return handshake;
  const sourceIp = rawHeaders[at + 1] ?? handshake.sourceIp;
  return { ...handshake, rawHeaders: rawHeaders.toSpliced(at, 2), sourceIp };
}

/** An address as IPv4 writes it, also where a socket that listens on IPv6 has mapped it. */
export function sourceIp(remoteAddress: string | undefined): string {
  return (remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
