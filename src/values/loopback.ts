/** Whether an address or host name is reachable only from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d+){3}$/.test(host) || ["::1", "[::1]"].includes(host);
}
