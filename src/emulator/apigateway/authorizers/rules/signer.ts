import { type CallerPlace, callerId, userArn } from "../../../iam/rules/callers.ts";
import type { SignerIdentity } from "../../rules/events.ts";
import type { MockedIdentity } from "./mocked-identity.ts";

/** Who signed a handshake, or is said to have. */
export type Signer = {
  readonly identity: SignerIdentity & { readonly userArn: string };
  /** What its policies allow; undefined where nothing is known of them. */
  readonly statements?: MockedIdentity["statements"];
  /** The function whose key it is. */
  readonly functionName?: string;
};

/** Whoever has the keys of the person at the terminal, and mock identities without a name. */
const NAMELESS = "developer";

/** A mock identity, or whoever signs with its keys: an IAM user, unless it says otherwise. */
export function userSigner(
  { name = NAMELESS, identity = {}, statements }: MockedIdentity,
  accessKey: string,
  place: CallerPlace,
): Signer {
  const arn = identity.userArn ?? userArn(name, place);
  const known = { ...signerIdentity(arn, accessKey, place, identity.caller), ...identity };
  return { identity: { ...known, userArn: arn }, ...(statements !== undefined && { statements }) };
}

/** What API Gateway knows of whoever signs with a key. */
export function signerIdentity(
  arn: string,
  accessKey: string,
  { accountId }: CallerPlace,
  caller: string = callerId(arn),
): Signer["identity"] {
  return { accountId, caller, accessKey, userArn: arn, user: caller };
}
