import { mapValues } from "../../../values/map-values.ts";
import type { Expression } from "./hcl-syntax.ts";
import {
  type Entries,
  isEntries,
  isList,
  numberOf,
  setOf,
  textOf,
  truthOf,
  type Value,
} from "./values.ts";

/** Evaluates the default of an optional attribute. */
type Evaluate = (expression: Expression) => Value;

/**
 * Converts a value to the type of its variable. A value that does not fit stays unchanged: Terraform itself
 * reports it.
 */
export function convertTo(type: Expression | undefined, value: Value, evaluate: Evaluate): Value {
  if (type === undefined || value === null) return value;
  if (type.kind === "name") return toPrimitive(type.name, value);
  const [of] = type.kind === "call" ? type.args : [];
  if (type.kind !== "call" || of === undefined) return value;
  switch (type.name) {
    case "optional":
      return convertTo(of, value, evaluate);
    case "list":
      return isList(value) ? value.map((each) => convertTo(of, each, evaluate)) : value;
    case "set":
      return isList(value) ? setOf(value.map((each) => convertTo(of, each, evaluate))) : value;
    case "map":
      return isEntries(value) ? mapped(value, (each) => convertTo(of, each, evaluate)) : value;
    case "tuple":
      return isList(value) && of.kind === "list"
        ? value.map((each, at) => convertTo(of.items[at], each, evaluate))
        : value;
    case "object":
      return isEntries(value) && of.kind === "object" ? toObject(of.items, value, evaluate) : value;
    default:
      return value;
  }
}

/** Whether a given string is the value itself, and not an expression. */
export function takesText(type: Expression | undefined): boolean {
  return type === undefined || type.kind === "name";
}

function toPrimitive(type: string, value: Value): Value {
  try {
    if (type === "string") return textOf(value);
    if (type === "number") return numberOf(value);
    return type === "bool" ? truthOf(value) : value;
  } catch {
    return value;
  }
}

function mapped(value: Entries, change: (each: Value) => Value): Entries {
  return mapValues(value, (each) => change(each));
}

/** The attributes of the type; an absent optional one gets its default. */
function toObject(
  items: readonly (readonly [Expression, Expression])[],
  value: Entries,
  evaluate: Evaluate,
): Entries {
  return Object.fromEntries(
    items.map(([key, type]) => {
      const name = key.kind === "literal" ? String(key.value) : "";
      const given = Object.hasOwn(value, name) ? (value[name] ?? null) : null;
      const fallback = type.kind === "call" && type.name === "optional" ? type.args[1] : undefined;
      const own = given === null && fallback !== undefined ? evaluate(fallback) : given;
      return [name, convertTo(type, own, evaluate)];
    }),
  );
}
