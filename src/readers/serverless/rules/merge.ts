import type { Json, JsonObject, Origin, Origins } from "../../cloudformation/rules/origins.ts";
import { field, isList, isObject, objectOf } from "../../cloudformation/rules/tree.ts";

/** Deep-merges `over` over `under`, including arrays, as Serverless does; values keep their places. */
export function merged(under: JsonObject, over: JsonObject, origins: Origins): JsonObject {
  return fieldsOf(under, over, origins, (below, value) => both(below, value, origins));
}

/** Replaces fields of `under` with those of `over`. */
export function mergedFields(under: JsonObject, over: JsonObject, origins: Origins): JsonObject {
  return fieldsOf(under, over, origins, (_, value) => value);
}

function fieldsOf(
  under: JsonObject,
  over: JsonObject,
  origins: Origins,
  merge: (under: Json | undefined, over: Json) => Json,
): JsonObject {
  const result: Record<string, Json> = { ...under };
  const places = new Map<string, Origin>();
  const note = (from: JsonObject, key: string): void => {
    const origin = origins.of(from, key);
    if (origin !== undefined) places.set(key, origin);
  };
  for (const key of Object.keys(under)) note(under, key);
  for (const [key, value] of Object.entries(over)) {
    if (key === "__proto__") continue;
    note(over, key);
    result[key] = merge(field(under, key), value);
  }
  const origin = origins.of(over) ?? origins.of(under);
  if (origin !== undefined) origins.note(result, origin, places);
  return result;
}

function both(under: Json | undefined, over: Json, origins: Origins): Json {
  if (isObject(under) && isObject(over)) return merged(under, over, origins);
  if (!isList(under) || !isList(over)) return over;
  const items = over.map((item, at) => both(under[at], item, origins));
  return origins.inherit([...items, ...under.slice(over.length)], over);
}

/**
 * Merges an array of objects, which resources and functions of a service may be; later ones take precedence.
 */
export function mergedList(value: Json | undefined, origins: Origins): JsonObject {
  if (!isList(value)) return objectOf(value);
  const [first = {}, ...more] = value.filter(isObject);
  return more.reduce((under, over) => merged(under, over, origins), first);
}
