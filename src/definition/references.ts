import { isObject } from "../values/json.ts";
import { mapValues } from "../values/map-values.ts";

/** The targets of `ref()`: parts with different values here and on AWS. */
export type ReferenceName =
  | `api.${string}.${"id" | "url" | "callbackUrl" | "stage"}`
  | `table.${string}.${"name" | "arn"}`
  | `function.${string}.${"name" | "arn"}`
  | "region"
  | "accountId";

export type Reference = { readonly ref: ReferenceName };

/** A literal string, a reference, or a concatenation of these. */
export type Value = string | Reference | { readonly join: readonly Value[] };

export type Values = Readonly<Record<string, Value>>;

/**
 * References a part of the project: the id, the `wss://` URL, the `https://` callback URL or the first stage
 * of an API, the name or ARN of a table or function, the region, the account. wsgw inserts the local value,
 * and CloudFormation that on AWS.
 */
export function ref(name: ReferenceName): Reference {
  return { ref: name };
}

/** The string of a value; `lookUp` resolves references. */
export function resolveValue(value: Value, lookUp: (name: ReferenceName) => string): string {
  if (typeof value === "string") return value;
  if ("ref" in value) return lookUp(value.ref);
  return value.join.map((part) => resolveValue(part, lookUp)).join("");
}

/** The references in JSON, in order. */
export function namesIn(json: unknown): readonly string[] {
  if (Array.isArray(json)) return json.flatMap(namesIn);
  if (typeof json !== "object" || json === null) return [];
  if ("ref" in json && typeof json.ref === "string") return [json.ref];
  return Object.values(json).flatMap(namesIn);
}

/** JSON with each reference, at any place, replaced by the result of `replace`. */
export function replaceReferences<T>(json: T, replace: (value: Value) => unknown): T;
export function replaceReferences(json: unknown, replace: (value: Value) => unknown): unknown {
  if (Array.isArray(json)) return json.map((item) => replaceReferences(item, replace));
  if (!isObject(json)) return json;
  if (isReference(json)) return replace(json);
  return mapValues(json, (item) => replaceReferences(item, replace));
}

function isReference(json: object): json is Exclude<Value, string> {
  return "ref" in json || "join" in json;
}

/** All possible targets of a project's references. */
export function referencesOf(project: {
  readonly apis: readonly string[];
  readonly tables: readonly string[];
  readonly functions: readonly string[];
}): readonly ReferenceName[] {
  const { apis, tables, functions } = project;
  return [
    ...apis.flatMap((name) =>
      (["id", "url", "callbackUrl", "stage"] as const).map(
        (part) => `api.${name}.${part}` as const,
      ),
    ),
    ...tables.flatMap((name) => [`table.${name}.name`, `table.${name}.arn`] as const),
    ...functions.flatMap((name) => [`function.${name}.name`, `function.${name}.arn`] as const),
    "region",
    "accountId",
  ];
}

/** The values as strings, after their references have been resolved. */
export function resolved(values: Values): Readonly<Record<string, string>> {
  return resolveValues(values, (name) => {
    throw new Error(`The reference ${name} is not resolved.`);
  });
}

export function resolveValues(
  values: Values,
  lookUp: (name: ReferenceName) => string,
): Readonly<Record<string, string>> {
  return mapValues(values, (value) => resolveValue(value, lookUp));
}
