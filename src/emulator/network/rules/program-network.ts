/** How a program other than wsgw's Node reaches the gateway. */
export type ProgramNetwork = {
  /** PEM file of all trusted authorities, including the gateway's. */
  readonly caBundle: string;
  /** URL of the proxy to the gateway. */
  readonly proxy: string;
};

const STRAIGHT = "localhost,127.0.0.1,::1";

/** Variables that contain a file of authorities and replace a program's trusted ones. */
export const AUTHORITY_VARIABLES = [
  "AWS_CA_BUNDLE",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
] as const;

/**
 * The variables for a program's network. Each is for certain programs: AWS CLI and boto3, OpenSSL and Go,
 * requests, curl.
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
