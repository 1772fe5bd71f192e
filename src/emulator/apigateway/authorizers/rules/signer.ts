import { type CallerPlace, callerId, userArn } from "../../../iam/rules/caller-arns.ts";
import type { SignerIdentity } from "../../rules/event-types.ts";
import type { MockedIdentity } from "./mocked-identity.ts";

/** The signer of a handshake, real or mocked. */
export type Signer = {
  readonly identity: SignerIdentity & { readonly userArn: string };
  /** The statements of its policies; undefined if they are unknown. */
  readonly statements?: MockedIdentity["statements"];
  /** The function to which the key was issued. */
  readonly functionName?: string;
};

/** The user name for the developer's keys, and for mock identities without a name. */
const NAMELESS = "developer";

/** The signer with the keys of a mock identity: an IAM user, unless the identity has another `userArn`. */
export function userSigner(
  { name = NAMELESS, identity = {}, statements }: MockedIdentity,
  accessKey: string,
  place: CallerPlace,
): Signer {
  const arn = identity.userArn ?? userArn(name, place);
  const known = { ...signerIdentity(arn, accessKey, place, identity.caller), ...identity };
  return { identity: known, ...(statements !== undefined && { statements }) };
}

/** The fields of `requestContext.identity` for the signer with a key. */
export function signerIdentity(
  arn: string,
  accessKey: string,
  { accountId }: CallerPlace,
  caller: string = callerId(arn),
): Signer["identity"] {
  return { accountId, caller, accessKey, userArn: arn, user: caller };
}
