import { WsgwError } from "../errors.ts";

/** The logical name of a table, from its name in the definition or, as handlers use it, on AWS. */
export function tableKey(
  name: string,
  tables: Readonly<Record<string, { readonly name: string }>>,
): string {
  const named = Object.keys(tables).find((key) => tables[key]?.name === name);
  if (!Object.hasOwn(tables, name) && named !== undefined) return named;
  failUnlessKnown("table", name, tables);
  return name;
}

/** Without this check a misspelt name would match nothing, silently. */
export function failUnlessKnown(
  what: string,
  name: string,
  known: object,
  owner: "API" | "project" = "API",
): void {
  if (Object.hasOwn(known, name)) return;
  const names = Object.keys(known).join(", ") || "none";
  throw new WsgwError("USAGE", `The ${owner} has no ${what} "${name}". It has ${names}.`);
}
