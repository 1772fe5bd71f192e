import * as v from "valibot";
import { placeOf } from "./faults.ts";
import type { IdentityDefinition } from "./parts.ts";
import { identitySchema } from "./schema.ts";

/** The message about an identity that is not among those of the definition. */
export function identityUndefined(name: string, defined: readonly string[]): string {
  const which =
    defined.length === 0 ? "`identities` is empty" : `identities: ${defined.join(", ")}`;
  return `The identity "${name}" is not defined; ${which}.`;
}

/** Reads a mock identity that is not part of a definition. A string says what is wrong with it. */
export function readIdentity(value: unknown): IdentityDefinition | string {
  const parsed = v.safeParse(identitySchema, value);
  if (parsed.success) return parsed.output;
  const [{ path = [], message }] = parsed.issues;
  const place = placeOf(path.map(({ key }) => String(key)));
  return place === "" ? message : `${place}: ${message}`;
}
