import type { IdentityDefinition } from "../../../../definition/parts.ts";
import { isObject, parseJson } from "../../../../values/json.ts";
import { contextOf } from "./authorizer-result.ts";

/**
 * The header by which a client of this machine says who it is, in place of the authorizer; only who knows the token
 * knows its name.
 */
export function identityHeader(token: string): string {
  return `x-wsgw-identity-${token}`;
}

/** The value of that header: an identity, or the name of one in the definition. */
export function identityHeaderValue(identity: IdentityDefinition | string): string {
  return encodeURIComponent(JSON.stringify(identity));
}

/** The identity that a header names, among those of the API; a text says why there is none. */
export function identityIn(
  value: string,
  identities: Readonly<Record<string, IdentityDefinition>>,
): IdentityDefinition | string {
  const identity = parseJson(decodeURIComponent(value))?.value;
  if (typeof identity !== "string") return isObject(identity) ? identity : "the identity is none";
  const named = Object.hasOwn(identities, identity) ? identities[identity] : undefined;
  if (named !== undefined) return named;
  const names = Object.keys(identities).join(", ") || "none";
  return `there is no identity "${identity}" in the definition, which has ${names}`;
}

/** What is wrong with an identity that somebody wrote; undefined for a sound one. */
export function identityProblem(value: unknown): string | undefined {
  if (!isObject(value)) return "it is not an object with principalId and context";
  const other = Object.keys(value).find((name) => name !== "principalId" && name !== "context");
  if (other !== undefined) return `"${other}" is none of principalId and context`;
  const context = contextOf(value, 0);
  return typeof context === "string" ? context : undefined;
}
