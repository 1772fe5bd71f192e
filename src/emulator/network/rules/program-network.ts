/** How a program that wsgw did not make gets to the gateway. */
export type ProgramNetwork = {
  /** PEM file of every authority that is to be trusted, the gateway's among them. */
  readonly caBundle: string;
  /** URL of the proxy that leads to the gateway. */
  readonly proxy: string;
};

const STRAIGHT = "localhost,127.0.0.1,::1";

/**
 * The variables that tell a program of its network. Each is somebody's: the AWS CLI's and boto3's, OpenSSL's and
 * Go's, requests', curl's.
 */
export function programNetwork({
  caBundle,
  proxy,
}: ProgramNetwork): Readonly<Record<string, string>> {
  return {
    AWS_CA_BUNDLE: caBundle,
    SSL_CERT_FILE: caBundle,
    REQUESTS_CA_BUNDLE: caBundle,
    CURL_CA_BUNDLE: caBundle,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: STRAIGHT,
    no_proxy: STRAIGHT,
  };
}
