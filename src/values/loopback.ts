/** Whether an address or host name is reachable only from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || /^127(\.\d+){3}$/.test(host) || ["::1", "[::1]"].includes(host);
}

/** Where a gateway listens, and its name for other machines. */
export type Reach = { readonly host: string; readonly publicHost: string | undefined };

/** Whether only this machine can reach the gateway. */
export function isForThisMachine({ host, publicHost }: Reach): boolean {
  return publicHost === undefined && isLoopback(host);
}
