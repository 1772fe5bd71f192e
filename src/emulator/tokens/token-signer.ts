import { createHash, generateKeyPair, type KeyObject, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";
import type { KeySetOf, PublicKey } from "./rules/issuer-document.ts";
import { poolClaims, type TokenUse } from "./rules/user-pool.ts";

/** The claims of a token: any JSON object. They override those that the issuer adds. */
export type TokenClaims = Readonly<Record<string, unknown>> & { readonly sub?: string };

/** The settings for signing a token. */
export type Signing = {
  /** Epoch ms. */
  readonly issuedAt: number;
  readonly lifetimeMs: number;
  /** For the tokens of a user pool. */
  readonly use: TokenUse;
  readonly clientId: string;
};

/** Signs JWTs with its own private key, and publishes the public key. */
export type TokenSigner = KeySetOf & { sign(claims: TokenClaims, signing: Signing): string };

/** Creates a signer for the tokens of an issuer, which may be a Cognito user pool. */
export async function createTokenSigner(issuer: string, isPool: boolean): Promise<TokenSigner> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
  });
  const key = publicKeyOf(publicKey);
  return {
    issuer,
    keySet: { keys: [key] },
    sign(claims, { issuedAt, lifetimeMs, use, clientId }) {
      const iat = Math.floor(issuedAt / 1000);
      const { sub = randomUUID() } = claims;
      const payload = {
        ...(isPool ? poolClaims(use, { sub, clientId, authTime: iat, uuid: randomUUID }) : { sub }),
        iss: issuer,
        iat,
        exp: Math.floor((issuedAt + lifetimeMs) / 1000),
        ...claims,
      };
      const signed = [{ kid: key.kid, alg: key.alg }, payload].map(encoded).join(".");
      return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** Its id is the thumbprint of the key. @see https://www.rfc-editor.org/rfc/rfc7638 */
function publicKeyOf(key: KeyObject): PublicKey {
  const { n = "", e = "" } = key.export({ format: "jwk" });
  const thumbprint = createHash("sha256").update(JSON.stringify({ e, kty: "RSA", n }));
  return { kty: "RSA", alg: "RS256", use: "sig", kid: thumbprint.digest("base64url"), n, e };
}
