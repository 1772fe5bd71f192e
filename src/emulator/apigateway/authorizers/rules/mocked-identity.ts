import { readIdentity } from "../../../../definition/identities.ts";
import type { IdentityDefinition } from "../../../../definition/parts.ts";
import { parseJson } from "../../../../values/json.ts";

/**
 * The header by which a client of this machine says who it is, in place of the authorizer; only who knows the token
 * knows its name.
 */
export function identityHeader(token: string): string {
  return `x-wsgw-identity-${token}`;
}

/** The value of that header: an identity, or the name of one in the definition. */
export function identityHeaderValue(identity: IdentityDefinition | string): string {
  return Buffer.from(JSON.stringify(identity)).toString("base64url");
}

/** A client as IAM or an authorizer would know it, by its name if it has one. */
export type MockedIdentity = IdentityDefinition & { readonly name?: string };

/** An identity of the definition. */
export function identityNamed(
  name: string,
  identities: Readonly<Record<string, IdentityDefinition>>,
): MockedIdentity | undefined {
  const named = Object.hasOwn(identities, name) ? identities[name] : undefined;
  return named && { ...named, name };
}

/** The identity in such a header value. A string says why the value is not valid. */
export function identityIn(
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
