import { mapValues } from "../../../values/map-values.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import { isList, isObject } from "../../cloudformation/rules/tree.ts";

/**
 * A template as serverless-pseudo-parameters changes it: `#{AWS::Region}` in a string becomes
 * `${AWS::Region}` in an `Fn::Sub`.
 * @see https://github.com/svdgraaf/serverless-pseudo-parameters
 */
export function withPseudoParameters(template: JsonObject, origins: Origins): JsonObject {
  const change = (value: Json, isSubstituted: boolean): Json => {
    if (typeof value === "string") return substituted(value, isSubstituted);
    if (isList(value)) {
      const [first, ...others] = value;
      if (!isSubstituted || first === undefined)
        return kept(
          value.map((each) => change(each, false)),
          value,
        );
      return kept([change(first, true), ...others.map((each) => change(each, false))], value);
    }
    if (!isObject(value)) return value;
    return kept(
      mapValues(value, (each, key) => change(each, key === "Fn::Sub")),
      value,
    );
  };
  const kept = (made: Json, from: object): Json => origins.inherit(made, from);
  return change(template, false) as JsonObject;
}

/** An existing `Fn::Sub` only gets the other sign. */
function substituted(text: string, isSubstituted: boolean): Json {
  const changed = text.replaceAll(/#\{([\w.:]+)\}/g, "${$1}");
  if (changed === text || isSubstituted) return changed;
  return { "Fn::Sub": changed };
}
