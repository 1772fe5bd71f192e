import { readIdentity } from "../../../../definition/identities.ts";
import type { IdentityDefinition } from "../../../../definition/parts.ts";
import { WsgwError } from "../../../../errors.ts";
import { parseJson } from "../../../../values/json.ts";
import { isForThisMachine, type Reach } from "../../../../values/loopback.ts";

/**
 * Rejects the identity of every client if it is not valid, or if other machines can reach the gateway: their
 * clients would get in without an authorizer.
 */
export function checkMockedIdentity(identity: IdentityDefinition | undefined, reach: Reach): void {
  if (identity === undefined) return;
  const problem = readIdentity(identity);
  if (typeof problem === "string")
    throw new WsgwError("USAGE", `The mock identity (--authorizer) is not valid: ${problem}`);
  if (isForThisMachine(reach)) return;
  const message =
    "Other machines can reach this gateway, so it must call its authorizers. Omit the mock identity (--authorizer), or the host (--host, --public-host).";
  throw new WsgwError("USAGE", message);
}

/**
 * The header by which a local client sets its mock identity instead of calling the authorizer. Its name
 * contains a secret token.
 */
export function identityHeader(token: string): string {
  return `x-wsgw-identity-${token}`;
}

/** The value of the identity header: an identity, or the name of one in the definition. */
export function identityHeaderValue(identity: IdentityDefinition | string): string {
  return Buffer.from(JSON.stringify(identity)).toString("base64url");
}

/** A client's identity as IAM or an authorizer would establish it, with its name if it has one. */
export type MockedIdentity = IdentityDefinition & { readonly name?: string };

/** Finds an identity of the definition by its name. */
export function identityNamed(
  name: string,
  identities: Readonly<Record<string, IdentityDefinition>>,
): MockedIdentity | undefined {
  const named = Object.hasOwn(identities, name) ? identities[name] : undefined;
  return named && { ...named, name };
}

/** Parses the identity header. A string result says why the value is not valid. */
function identityIn(
  value: string,
  identities: Readonly<Record<string, IdentityDefinition>>,
): MockedIdentity | string {
  const identity = parseJson(Buffer.from(value, "base64url").toString())?.value;
  if (typeof identity !== "string") return readIdentity(identity);
  const named = identityNamed(identity, identities);
  if (named !== undefined) return named;
  const names = Object.keys(identities).join(", ") || "none";
  return `there is no identity "${identity}" in the definition, which has ${names}`;
}

/** Who may have a mock identity. */
export type Mocking = {
  /** Whether clients may set their own; false if other machines can reach the gateway. */
  readonly clientsMayMock: boolean;
  /** The identity of every client that does not set its own. */
  readonly everybody: IdentityDefinition | undefined;
};

const NOT_ALONE = "other machines can reach this gateway, so it calls its authorizers";

/**
 * The mock identity of a handshake; with one, the gateway calls no authorizer. Undefined if the client has
 * none. A string result says why the header is rejected.
 */
export function mockedIdentityOf(
  header: string | undefined,
  identities: Readonly<Record<string, IdentityDefinition>>,
  { clientsMayMock, everybody }: Mocking,
): MockedIdentity | string | undefined {
  if (header === undefined) return everybody;
  return clientsMayMock ? identityIn(header, identities) : NOT_ALONE;
}
