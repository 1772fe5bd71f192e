import { WsgwError } from "../errors.ts";

/** Translates what Node and ws say about a handshake that got no HTTP answer. */
export function connectionFailure(url: string, error: Error): WsgwError {
  const said = reason(error);
  const options = { cause: error };
  if (UNTRUSTED.has(codeOf(error) ?? "")) {
    return new WsgwError(
      "CERTIFICATE_UNTRUSTED",
      `${url} has a certificate that is not trusted: ${said}.`,
      options,
    );
  }
  if (/subprotocol/i.test(error.message)) {
    return new WsgwError(
      "SUBPROTOCOL_REFUSED",
      `${url} did not agree on a sub-protocol: ${said}.`,
      options,
    );
  }
  return new WsgwError("CONNECTION_FAILED", `Cannot connect to ${url}: ${said}.`, options);
}

/** Translates what ws throws about arguments that it does not take. */
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

const IN_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  ECONNRESET: "the connection was dropped during the handshake",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  EPROTO: "the server does not speak TLS there",
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS there",
};

function reason(error: Error): string {
  const code = codeOf(error);
  const words = code === undefined ? undefined : IN_WORDS[code];
  if (words !== undefined) return `${words} (${code})`;
  return error.message === "" ? (code ?? error.name) : error.message.replace(/\.$/, "");
}

/** Node gathers the failures of several addresses of one name into an AggregateError with a code. */
function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
