import type { Agent } from "node:http";
import { WsgwError } from "../errors.ts";

/**
 * The proxy for a WebSocket according to `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either
 * case; undefined for none. This machine is never reached through a proxy.
 */
export async function environmentProxy(url: string): Promise<string | undefined> {
  if (!URL.canParse(url)) return undefined;
  const target = new URL(url);
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(target.hostname)) return undefined;
  const { getProxyForUrl } = await import("proxy-from-env");
  return getProxyForUrl(url.replace(/^ws/, "http")) || undefined;
}

/**
 * Creates an agent that connects a WebSocket through an HTTP proxy, by CONNECT. A user name and password in
 * the URL are sent to the proxy. Throws USAGE for anything except an http or https URL.
 */
export async function proxyAgent(
  proxy: string,
  tls: { readonly ca?: string | readonly string[]; readonly rejectUnauthorized?: boolean },
): Promise<Agent> {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new WsgwError(
      "USAGE",
      `"${proxy}" is not a proxy that wsgw can use. Set a URL with http: or https:.`,
    );
  }
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  const { ca, rejectUnauthorized } = tls;
  return new HttpsProxyAgent(url, {
    ...(ca !== undefined && { ca: typeof ca === "string" ? ca : [...ca] }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  });
}
