import { WsgwError } from "../errors.ts";

/** A name that is misspelt would otherwise be one of which nothing is ever seen. */
export function failUnlessKnown(
  what: string,
  name: string,
  known: object,
  owner: "API" | "project" = "API",
): void {
  if (Object.hasOwn(known, name)) return;
  const names = Object.keys(known).join(", ") || "none";
  throw new WsgwError("USAGE", `The ${owner} has no ${what} "${name}"; it has ${names}.`);
}
