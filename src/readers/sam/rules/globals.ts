import { didYouMean } from "../../../definition/faults.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { field, isObject } from "../../cloudformation/rules/tree.ts";
import { type Expansion, isIntrinsic, word } from "./expansion.ts";
import { GLOBAL_PROPERTIES } from "./vocabulary.ts";

/** The `Globals` section of a template by SAM type, checked. */
export function globalsOf(
  template: JsonObject,
  expansion: Expansion,
): ReadonlyMap<string, JsonObject> {
  const globals = expansion.map("The template", template, "Globals");
  const sections = new Map<string, JsonObject>();
  for (const section of Object.keys(globals)) {
    const words = field(GLOBAL_PROPERTIES, section);
    if (words === undefined) {
      const meant = didYouMean(section, Object.keys(GLOBAL_PROPERTIES)) ?? ".";
      expansion.error(
        `Globals has no section ${JSON.stringify(section)}${meant}`,
        globals,
        section,
      );
      continue;
    }
    const properties = expansion.map("Globals", globals, section);
    expansion.checkWords(`Globals.${section}`, properties, words);
    sections.set(section, properties);
  }
  return sections;
}

/** The properties of a resource merged with `Globals`, some of which the resource may ignore. */
export function withGlobals(
  what: string,
  resource: JsonObject,
  properties: JsonObject,
  globals: JsonObject,
  expansion: Expansion,
): JsonObject {
  const ignored = resource.IgnoreGlobals;
  if (ignored === undefined) return merged(globals, properties, expansion) as JsonObject;
  if (ignored === "*") return properties;
  if (!Array.isArray(ignored)) {
    expansion.error(
      `${what}: "IgnoreGlobals" must be "*" or an array of names.`,
      resource,
      "IgnoreGlobals",
    );
    return properties;
  }
  for (const name of ignored.filter((each) => field(globals, word(each)) === undefined)) {
    const problem = `${what}: IgnoreGlobals contains ${JSON.stringify(name)}, which is not in Globals.`;
    expansion.error(problem, resource, "IgnoreGlobals");
  }
  const kept = Object.entries(globals).filter(([name]) => !ignored.includes(name));
  const remaining = expansion.origins.inherit(Object.fromEntries(kept), globals);
  return merged(remaining, properties, expansion) as JsonObject;
}

/**
 * Objects are merged and arrays concatenated, the global part first. For all else the local value takes
 * precedence.
 */
function merged(global: Json, local: Json, expansion: Expansion): Json {
  if (Array.isArray(global) && Array.isArray(local)) {
    return expansion.origins.inherit([...global, ...local], local);
  }
  if (!isObject(global) || !isObject(local) || isIntrinsic(global) || isIntrinsic(local))
    return local;

  const names = [...new Set([...Object.keys(global), ...Object.keys(local)])];
  const made = Object.fromEntries(
    names.map((name) => {
      const [above, below] = [field(local, name), field(global, name)];
      if (above === undefined || below === undefined) return [name, above ?? below ?? null];
      return [name, merged(below, above, expansion)];
    }),
  );
  return notePlaces(made, global, local, expansion.origins);
}

/** A merged object has the place of the local one; its global parts have their place in Globals. */
function notePlaces(made: JsonObject, global: Json, local: Json, origins: Origins): JsonObject {
  const origin = origins.of(local) ?? origins.of(global);
  if (origin === undefined) return made;
  const places = Object.keys(made).flatMap((key) => {
    const place = origins.of(isObject(local) && Object.hasOwn(local, key) ? local : global, key);
    return place === undefined ? [] : [[key, place] as const];
  });
  origins.note(made, origin, new Map(places));
  return made;
}
