import type { Json, JsonObject } from "./origins.ts";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** An object unchanged; an empty one for any other value. As in values/json.ts, with the type of JSON. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The elements of an array; none for any other value. */
export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** An array unchanged; another value as an array of one, and none for a missing one. */
export function oneOrMore(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** An object's own property, safe for keys such as `constructor`. */
export function field<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A section of a template; an empty object if it does not exist. */
export function section(template: JsonObject, name: string): JsonObject {
  return objectOf(field(template, name));
}
