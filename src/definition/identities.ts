import * as v from "valibot";
import { placeOf } from "./faults.ts";
import type { IdentityDefinition } from "./parts.ts";
import { identitySchema } from "./schema.ts";

/** The message about an identity that the definition does not have. */
export function identityUndefined(name: string, defined: readonly string[]): string {
  const which =
    defined.length === 0 ? "Its `identities` is empty" : `Its identities are ${defined.join(", ")}`;
  return `The identity "${name}" is not defined. ${which}.`;
}

/** Parses a mock identity outside a definition. A string result says what is wrong. */
export function readIdentity(value: unknown): IdentityDefinition | string {
  const parsed = v.safeParse(identitySchema, value);
  if (parsed.success) return parsed.output;
  const [{ path = [], message }] = parsed.issues;
  const place = placeOf(path.map(({ key }) => String(key)));
  return place === "" ? message : `${place}: ${message}`;
}
