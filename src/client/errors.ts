import { errorCode } from "../errors/error-code.ts";
import { whyNotReached } from "../errors/in-words.ts";
import { type ErrorCode, WsgwError } from "../errors.ts";

/** Translates errors of Node and ws for a handshake without an HTTP response, possibly from `proxy`. */
export function connectionFailure(url: string, error: Error, proxy?: string): WsgwError {
  const said = reason(error);
  const failure = (code: ErrorCode, message: string) =>
    new WsgwError(code, `${message}.`, { cause: error });
  if (UNTRUSTED.has(errorCode(error) ?? "")) {
    return failure("CERTIFICATE_UNTRUSTED", `${url} has an untrusted certificate: ${said}`);
  }
  const alert = rejectedCertificate(error);
  if (alert !== undefined) {
    return failure("CERTIFICATE_REFUSED", `${url} rejected this client: ${alert}`);
  }
  if (/subprotocol/i.test(error.message)) {
    return failure("SUBPROTOCOL_REFUSED", `${url} did not select a subprotocol: ${said}`);
  }
  const way = proxy === undefined ? "" : ` through the proxy ${withoutUser(proxy)}`;
  return failure("CONNECTION_FAILED", `Cannot connect to ${url}${way}: ${said}`);
}

/** A proxy's URL without its password. */
function withoutUser(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).origin : proxy;
}

/** Translates errors of ws about invalid arguments. */
export function usage(what: string, error: unknown): WsgwError {
  const said = error instanceof Error ? error.message : String(error);
  return new WsgwError("USAGE", `${what}: ${said.replace(/\.$/, "")}.`, { cause: error });
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_HAS_EXPIRED",
  "CERT_UNTRUSTED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** TLS alerts with which a server rejects a client's certificate, by OpenSSL's names. */
const ALERTS: readonly (readonly [RegExp, string])[] = [
  [/^certificate required/, "it requires a client certificate"],
  [/^unknown ca/, "it does not know the authority of the client certificate"],
  [/^certificate expired/, "the client certificate has expired"],
  [/^certificate revoked/, "the client certificate is revoked"],
  [
    /^(bad|unsupported) certificate|^certificate unknown/,
    "it does not accept the client certificate",
  ],
];

function rejectedCertificate(error: Error): string | undefined {
  const received = alertIn(error);
  return received === undefined ? undefined : ALERTS.find(([alert]) => alert.test(received))?.[1];
}

const AT_HANDSHAKE: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was dropped during the handshake",
  EPROTO: "the server does not speak TLS there",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS there",
};

function reason(error: Error): string {
  const alert = alertIn(error);
  if (alert !== undefined) return `the server ended the TLS handshake with "${alert}"`;
  return whyNotReached(error, AT_HANDSHAKE);
}

/** OpenSSL reports an alert with its position in OpenSSL's source, on two lines. */
function alertIn({ message }: Error): string | undefined {
  const [, alert] = /error:[\dA-F]+:[^:]*:[^:]*:[^:]*\balert ([^:]+)/.exec(message) ?? [];
  return alert?.trim();
}
