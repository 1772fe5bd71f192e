import { readIdentity } from "../definition/identities.ts";
import type { IdentityDefinition } from "../definition/project.ts";
import { WsgwError } from "../errors.ts";
import { isLoopback } from "../values/loopback.ts";
import type { KeySetOf } from "./tokens/rules/issuer-document.ts";

/** Where a gateway listens, and its name for other machines. */
type Reach = { readonly host: string; readonly publicHost: string | undefined };

export function checkIdentity(identity: IdentityDefinition | undefined, reach: Reach): void {
  if (identity === undefined) return;
  const problem = readIdentity(identity);
  if (typeof problem === "string")
    throw new WsgwError("USAGE", `The mock identity (--authorizer) is not valid: ${problem}`);
  if (isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so it must call its authorizers. Omit the mock identity (--authorizer), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

export function checkIssuers(issuers: readonly KeySetOf[], reach: Reach): void {
  if (issuers.length === 0 || isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so it must not sign tokens. Omit the user pool (--cognito), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

/** Whether only this machine can reach the gateway. */
export function isForThisMachine({ host, publicHost }: Reach): boolean {
  return publicHost === undefined && isLoopback(host);
}
