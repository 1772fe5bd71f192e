/** How a program that wsgw did not make gets to the gateway. */
export type ProgramNetwork = {
  /** PEM file of every authority that is to be trusted, the gateway's among them. */
  readonly caBundle: string;
  /** URL of the proxy that leads to the gateway. */
  readonly proxy: string;
};

const STRAIGHT = "localhost,127.0.0.1,::1";

/** Variables that each name a file of authorities, and replace with it what a program trusts. */
export const AUTHORITY_VARIABLES = [
  "AWS_CA_BUNDLE",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
] as const;

/**
 * The variables that tell a program of its network. Each is somebody's: the AWS CLI's and boto3's, OpenSSL's and
 * Go's, requests', curl's.
 */
export function programNetwork({
  caBundle,
  proxy,
}: ProgramNetwork): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(AUTHORITY_VARIABLES.map((name) => [name, caBundle])),
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: STRAIGHT,
    no_proxy: STRAIGHT,
  };
}
