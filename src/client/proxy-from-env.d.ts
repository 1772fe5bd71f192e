declare module "proxy-from-env" {
  /** The proxy that the environment names for a URL, or "". */
  export function getProxyForUrl(url: string): string;
}
