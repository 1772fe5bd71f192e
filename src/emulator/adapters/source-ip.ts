/** An address as IPv4 writes it, also where a socket that listens on IPv6 has mapped it. */
export function sourceIp(remoteAddress: string | undefined): string {
  return (remoteAddress ?? "").replace(/^::ffff:(?=\d+\.)/, "");
}
