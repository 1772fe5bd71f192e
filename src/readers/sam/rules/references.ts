import type { Json, JsonObject } from "../../cloudformation/rules/origins.ts";
import { isObject } from "../../cloudformation/rules/tree.ts";
import type { Expansion } from "./expansion.ts";

/** Resolves `!Ref Chat.Alias`, `!GetAtt Chat.Alias.Arn` and `${Chat.Alias}` to created resources. */
export function resolveReferences(template: JsonObject, expansion: Expansion): JsonObject {
  const { references, origins } = expansion;
  if (references.size === 0) return template;
  const resolved = (value: Json): Json => {
    if (Array.isArray(value)) {
      const items = value.map(resolved);
      return items.every((item, at) => item === value[at]) ? value : origins.inherit(items, value);
    }
    if (!isObject(value)) return value;
    const made = new Map<string, Json>();
    for (const [key, item] of Object.entries(value)) {
      const changed = inFunction(references, key, resolved(item));
      if (changed !== item) made.set(key, changed);
    }
    if (made.size === 0) return value;
    return origins.inherit({ ...value, ...Object.fromEntries(made) }, value);
  };
  return resolved(template) as JsonObject;
}

function inFunction(references: ReadonlyMap<string, string>, name: string, argument: Json): Json {
  if (name === "Ref" && typeof argument === "string") return references.get(argument) ?? argument;
  if (name === "Fn::GetAtt") return attributeOf(references, argument);
  if (name !== "Fn::Sub") return argument;
  if (typeof argument === "string") return substituted(references, argument);
  const [text, ...others] = Array.isArray(argument) ? argument : [];
  return typeof text === "string" ? [substituted(references, text), ...others] : argument;
}

function attributeOf(references: ReadonlyMap<string, string>, argument: Json): Json {
  if (!Array.isArray(argument) || !argument.every((part) => typeof part === "string"))
    return argument;
  const [id, part, ...rest] = argument.join(".").split(".");
  const made = references.get(`${id}.${part}`);
  return made === undefined || rest.length === 0 ? argument : [made, rest.join(".")];
}

function substituted(references: ReadonlyMap<string, string>, text: string): string {
  return text.replaceAll(/\$\{(\w+\.\w+)((?:\.\w+)*)\}/g, (all, name: string, rest: string) => {
    const made = references.get(name);
    return made === undefined ? all : `\${${made}${rest}}`;
  });
}
