import type { Json, JsonObject } from "./origins.ts";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The elements of a list; none of any other value. */
export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** What an object has itself under a key, even one such as `constructor`. */
export function field<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A section of a template; an empty object when it has none. */
export function section(template: JsonObject, name: string): JsonObject {
  const found = field(template, name);
  return isObject(found) ? found : {};
}
