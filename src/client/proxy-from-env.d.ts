declare module "proxy-from-env" {
  /** The proxy for a URL according to the environment, or "". */
  export function getProxyForUrl(url: string): string;
}
