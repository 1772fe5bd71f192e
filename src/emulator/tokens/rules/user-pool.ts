import { partitionOf, REGION } from "../../../definition/region.ts";
import { WsgwError } from "../../../errors.ts";
import { isForThisMachine, type Reach } from "../../../values/loopback.ts";
import type { KeySetOf } from "./issuer-document.ts";

/** The service of user pools in host names. */
export const USER_POOLS = "cognito-idp";

/** An ID token identifies the user; an access token contains the user's permissions. */
export type TokenUse = "access" | "id";

/** The scope of an access token for a user who signed in with the SDK. */
const SDK_SCOPE = "aws.cognito.signin.user.admin";

/**
 * The `iss` of a user pool's tokens. Throws USAGE if the id is not that of a user pool.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 */
export function issuerOfPool(userPoolId: string): string {
  const [region = ""] = userPoolId.split("_", 1);
  if (!REGION.test(region) || !/^[^_]+_[0-9A-Za-z]+$/.test(userPoolId)) {
    throw new WsgwError(
      "USAGE",
      `"${userPoolId}" is not the id of a Cognito user pool, such as eu-west-1_AbCdEf123.`,
    );
  }
  return `https://${USER_POOLS}.${region}.${partitionOf(region).domain}/${userPoolId}`;
}

/** Rejects issuers whose tokens this gateway signs, if other machines can reach it. */
export function checkIssuers(issuers: readonly KeySetOf[], reach: Reach): void {
  if (issuers.length === 0 || isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so it must not sign tokens. Omit the user pool (--cognito), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

/** The user, app client and sign-in of a token. */
export type SignIn = {
  readonly sub: string;
  readonly clientId: string;
  /** Epoch s. */
  readonly authTime: number;
  readonly uuid: () => string;
};

/**
 * The claims that Cognito adds to each token besides `iss`, `iat` and `exp`.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 */
export function poolClaims(use: TokenUse, { sub, clientId, authTime, uuid }: SignIn) {
  const common = {
    sub,
    token_use: use,
    auth_time: authTime,
    origin_jti: uuid(),
    event_id: uuid(),
    jti: uuid(),
  };
  return use === "id"
    ? { ...common, aud: clientId, "cognito:username": sub }
    : { ...common, client_id: clientId, username: sub, scope: SDK_SCOPE };
}
