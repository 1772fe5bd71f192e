/** The public half of a signing key. @see https://www.rfc-editor.org/rfc/rfc7517 */
export type PublicKey = {
  readonly kty: "RSA";
  readonly alg: "RS256";
  readonly use: "sig";
  readonly kid: string;
  readonly n: string;
  readonly e: string;
};

/** An issuer of tokens, as verifiers see it. */
export type KeySetOf = {
  /** `iss` of its tokens. */
  readonly issuer: string;
  readonly keySet: { readonly keys: readonly PublicKey[] };
};

const CONFIGURATION = "/.well-known/openid-configuration";
export const KEY_SET = "/.well-known/jwks.json";

/**
 * The document that an issuer publishes at a path below its URL `base`; undefined for any other path.
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function issuerDocument(
  { issuer, keySet }: KeySetOf,
  base: string,
  path: string,
): object | undefined {
  if (path === KEY_SET) return keySet;
  if (path !== CONFIGURATION) return undefined;
  return {
    issuer,
    jwks_uri: `${base}${KEY_SET}`,
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "token"],
    subject_types_supported: ["public"],
  };
}

/** The document that one of the issuers publishes at its own URL; ignores the query. */
export function documentAt(issuers: readonly KeySetOf[], url: string): object | undefined {
  const [asked = ""] = url.split("?", 1);
  const found = issuers.find(({ issuer }) => asked.startsWith(`${issuer}/.well-known/`));
  return found && issuerDocument(found, found.issuer, asked.slice(found.issuer.length));
}
