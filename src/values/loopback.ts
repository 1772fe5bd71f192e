/** Whether an address or host name means this machine to itself only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d+){3}$/.test(host) || ["::1", "[::1]"].includes(host);
}
