import { mapValues } from "../../../values/map-values.ts";
import type { Json } from "../../cloudformation/rules/origins.ts";

/** The value of an HCL expression. Sets are sorted lists without duplicates. */
export type Value = null | boolean | number | string | readonly Value[] | Entries | Attributed;

export type Entries = { readonly [name: string]: Value };

/** An object with lazily evaluated attributes, such as a resource. */
export abstract class Attributed {
  /** Its name in messages. */
  abstract readonly label: string;
  /** Undefined if it does not exist. */
  abstract attribute(name: string): Value | undefined;
  abstract names(): readonly string[];
}

/** An error in an expression or argument, as a sentence; its place is added where it is known. */
export class ValueFault extends Error {}

/** Prefix of values that only AWS or another project knows, as in CloudFormation's dynamic references. */
export const ELSEWHERE = "{{resolve:terraform:";

export function isEntries(value: Value | undefined): value is Entries {
  return (
    typeof value === "object" && value !== null && !isList(value) && !(value instanceof Attributed)
  );
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The value with all lazy members evaluated, as functions need it. */
export function plain(value: Value): Json {
  if (isList(value)) return value.map(plain);
  if (value instanceof Attributed) {
    return Object.fromEntries(
      value.names().map((name) => [name, plain(value.attribute(name) ?? null)]),
    );
  }
  if (!isEntries(value)) return value;
  return mapValues(value, (item) => plain(item));
}

/** HCL's order of object keys and set elements. */
export function byText(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

export function sortedEntries(entries: Entries): readonly (readonly [string, Value])[] {
  return Object.entries(entries).sort(([one], [other]) => byText(one, other));
}

/** The attribute, entry or element of a value; undefined if it does not exist. */
export function memberOf(value: Value, key: Value): Value | undefined {
  if (value instanceof Attributed) return value.attribute(textOf(key));
  if (isList(value)) {
    const index = typeof key === "string" ? Number(key) : key;
    return typeof index === "number" ? value[index] : undefined;
  }
  const name = textOf(key);
  return isEntries(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Converts a value to a string as HCL does. */
export function textOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number")
    return Number.isInteger(value) ? BigInt(value).toString() : String(value);
  if (typeof value === "boolean") return String(value);
  throw new ValueFault(`${kindOf(value)} is not a string.`);
}

export function numberOf(value: Value): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new ValueFault(`${kindOf(value)} is not a number.`);
}

export function truthOf(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new ValueFault(`${kindOf(value)} is not a boolean.`);
}

export function listOf(value: Value): readonly Value[] {
  if (isList(value)) return value;
  throw new ValueFault(`${kindOf(value)} is not a list.`);
}

export function entriesOf(value: Value): Entries {
  if (isEntries(value)) return value;
  throw new ValueFault(`${kindOf(value)} is not an object.`);
}

export function kindOf(value: Value): string {
  if (value === null) return "null";
  if (isList(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? `"${value.slice(0, 40)}"` : String(value);
}

export function isSame(one: Value, other: Value): boolean {
  if (one === other) return true;
  if (isList(one)) {
    return (
      isList(other) &&
      one.length === other.length &&
      one.every((each, at) => isSame(each, other[at] ?? null))
    );
  }
  if (!isEntries(one) || !isEntries(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) => Object.hasOwn(other, name) && isSame(one[name] ?? null, other[name] ?? null),
    )
  );
}

/** Sorted, without duplicates. */
export function setOf(values: readonly Value[]): readonly Value[] {
  const sorted = [...values].sort((one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : byText(keyText(one), keyText(other)),
  );
  return sorted.filter((each, at) => at === 0 || !isSame(each, sorted[at - 1] ?? null));
}

function keyText(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
