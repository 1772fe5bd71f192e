import { isObject, objectOf } from "../values/json.ts";
import type { Path } from "./faults.ts";
import { isProject } from "./schema.ts";

/** An unvalidated value from the author. */
export type Parts = Readonly<Record<string, unknown>>;

export type Api = { readonly path: Path; readonly name: string; readonly definition: Parts };

export type Table = {
  readonly path: Path;
  readonly logicalName: string;
  readonly name: string;
  readonly variable: string | undefined;
  readonly functions: readonly unknown[];
  readonly definition: Parts;
};

export function entriesOf(value: unknown): readonly (readonly [string, Parts])[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, entry]) => [name, objectOf(entry)] as const);
}

export function readApis(definition: Parts): readonly Api[] {
  if (!isProject(definition)) return [{ path: [], name: textOf(definition.name), definition }];
  return entriesOf(definition.apis).map(([name, api]) => ({
    path: ["apis", name],
    name,
    definition: api,
  }));
}

/** Empty for a value that is not a string, which is reported elsewhere. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function readTables(definition: Parts): readonly Table[] {
  const functionNames = entriesOf(definition.functions).map(([name]) => name);
  const read = (path: Path, logicalName: string, table: Parts): Table => ({
    path,
    logicalName,
    name: typeof table.name === "string" ? table.name : `${textOf(definition.name)}-${logicalName}`,
    variable: typeof table.environmentVariable === "string" ? table.environmentVariable : undefined,
    functions: Array.isArray(table.functions) ? table.functions : functionNames,
    definition: table,
  });

  const tables = entriesOf(definition.tables).map(([name, table]) =>
    read(["tables", name], name, table),
  );
  if (!isObject(definition.connectionTable)) return tables;
  return [...tables, read(["connectionTable"], "connections", definition.connectionTable)];
}
