import { createServer } from "node:http";
import { promisify } from "node:util";
import { writeJson } from "../emulator/network/answers.ts";
import { listenLocally } from "../emulator/network/free-port.ts";
import {
  issuerDocument,
  KEY_SET,
  type KeySetOf,
} from "../emulator/tokens/rules/issuer-document.ts";
import { issuerOfPool } from "../emulator/tokens/rules/user-pool.ts";
import { createTokenSigner, type TokenClaims } from "../emulator/tokens/token-signer.ts";
import { WsgwError } from "../errors.ts";
import { type Duration, toMs } from "./duration.ts";

export type { TokenClaims } from "../emulator/tokens/token-signer.ts";

/** Options of an issuer; `issuer` defaults to its own URL. */
export type TokenIssuerOptions = {
  /** Signs as this Cognito user pool, such as `eu-west-1_AbCdEf123`. */
  readonly userPoolId?: string;
  /** App client of the user pool: `client_id` of access tokens, `aud` of ID tokens. Default `local`. */
  readonly clientId?: string;
  /** `iss` of its tokens, such as `https://example.eu.auth0.com/`. Not with `userPoolId`. */
  readonly issuer?: string;
};

/** Options of a token. */
export type SignOptions = {
  /** Default `1h`. */
  readonly expiresIn?: Duration;
  /** Start of `iat` and `exp`, in epoch ms. Default: the machine's time. */
  readonly issuedAt?: number;
  /** For a user pool: an access token, or an ID token. Default `access`. */
  readonly tokenUse?: "access" | "id";
};

/** Signs JWTs, and serves the key set that verifies them. */
export type TokenIssuer = KeySetOf & {
  /** `http://127.0.0.1:PORT`, the base of its key set and OpenID configuration. */
  readonly url: string;
  /** `http://127.0.0.1:PORT/.well-known/jwks.json` */
  readonly jwksUrl: string;
  /** A token with these claims, which override the issuer's. Signed with RS256. */
  sign(claims: TokenClaims, options?: SignOptions): string;
  stop(): Promise<void>;
  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Starts an issuer of tokens on this machine, with its own key. If a user pool's issuer is passed to
 * `startGateway` in `issuers`, its key set is also served at the pool's own URL: functions reach it by
 * Cognito's host name.
 */
export async function startTokenIssuer({
  userPoolId,
  issuer,
  clientId = "local",
}: TokenIssuerOptions = {}): Promise<TokenIssuer> {
  if (userPoolId !== undefined && issuer !== undefined) {
    throw new WsgwError("USAGE", "userPoolId and issuer cannot be combined. Pass one of them.");
  }
  const named = userPoolId === undefined ? issuer : issuerOfPool(userPoolId);
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "";
    const document = issuerDocument(signer, url, path.replace(`/${userPoolId}/`, "/"));
    if (document === undefined) response.writeHead(404).end();
    else writeJson(response, document);
  });
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  const signer = await createTokenSigner(named ?? url, userPoolId !== undefined);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await promisify(server.close).call(server);
  };
  return {
    issuer: signer.issuer,
    keySet: signer.keySet,
    url,
    jwksUrl: `${url}${KEY_SET}`,
    sign: (claims, { expiresIn = "1h", issuedAt = Date.now(), tokenUse: use = "access" } = {}) =>
      signer.sign(claims, { issuedAt, lifetimeMs: toMs(expiresIn), use, clientId }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
