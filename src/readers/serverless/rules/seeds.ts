import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { SEED } from "../../cloudformation/rules/tables.ts";
import { isObject, objectOf, oneOrMore } from "../../cloudformation/rules/tree.ts";
import { withResources } from "./written.ts";

/** Adds the seed files of serverless-dynamodb to the tables of a template. */
export function withSeeds(template: JsonObject, custom: JsonObject, origins: Origins): JsonObject {
  const settings = objectOf(custom["serverless-dynamodb"] ?? custom.dynamodb);
  const files = filesByTable(settings);
  if (files.size === 0) return template;
  return withResources(template, origins, (resource) => {
    const name = objectOf(resource.Properties).TableName;
    const own = typeof name === "string" ? files.get(name) : undefined;
    if (own === undefined) return resource;
    return { ...resource, Metadata: { ...objectOf(resource.Metadata), [SEED]: own } };
  });
}

/** The selected categories: `true` for all, or comma-separated names. */
function filesByTable({ seed, start }: JsonObject): ReadonlyMap<string, readonly string[]> {
  const wanted = objectOf(start).seed;
  const names = typeof wanted === "string" ? wanted.split(",").map((name) => name.trim()) : [];
  const files = new Map<string, readonly string[]>();
  for (const [category, { sources }] of Object.entries(objectOf(seed)).map(withObject)) {
    if (wanted !== true && !names.includes(category)) continue;
    for (const source of oneOrMore(sources).filter(isObject)) {
      const { table } = source;
      const paths = oneOrMore(source.sources)
        .filter((file) => typeof file === "string")
        .map(fromHere);
      if (typeof table === "string") files.set(table, [...(files.get(table) ?? []), ...paths]);
    }
  }
  return files;
}

function withObject([name, value]: readonly [string, Json]): readonly [string, JsonObject] {
  return [name, objectOf(value)];
}

function fromHere(file: string): string {
  return file.replace(/^(?:\.\/)+/, "");
}
