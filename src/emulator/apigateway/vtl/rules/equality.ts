import { compare } from "./arithmetic.ts";
import { printed } from "./java-printing.ts";
import {
  Entry,
  isNumber,
  JavaException,
  JavaMap,
  JsonNumber,
  List,
  type Value,
} from "./java-values.ts";

/** `==` of templates: compares numbers by value, values of one class by content, others by their string. */
export function areEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) {
    // in API Gateway, both `== $null` and `== ""` are true for a missing value
    return left === right || left === "" || right === "";
  }
  if (isNumber(left) && isNumber(right)) return compare(left, right) === 0;
  return isSameClass(left, right) ? equals(left, right) : printed(left) === printed(right);
}

function isSameClass(left: Value, right: Value): boolean {
  for (const kind of [List, JavaMap, Entry]) {
    if (left instanceof kind && right instanceof kind) return true;
  }
  return typeof left === typeof right && typeof left !== "object";
}

const MOST_COMPARED = 1_000_000;

/** `equals()` of Java. Throws a JavaException if the comparison takes too many steps. */
export function equals(left: Value, right: Value, work = { done: 0 }): boolean {
  if (left === right) return true;
  work.done += 1;
  if (work.done > MOST_COMPARED) throw new JavaException("StackOverflowError");
  if (left instanceof List && right instanceof List) {
    const { items } = right;
    return (
      left.items.length === items.length &&
      left.items.every((item, at) => equals(item, items[at] ?? null, work))
    );
  }
  if (left instanceof JavaMap && right instanceof JavaMap) {
    const { entries } = right;
    return (
      left.entries.size === entries.size &&
      [...left.entries].every(
        ([key, value]) => entries.has(key) && equals(value, entries.get(key) ?? null, work),
      )
    );
  }
  if (left instanceof Entry && right instanceof Entry) {
    return equals(left.key, right.key, work) && equals(left.value, right.value, work);
  }
  if (left instanceof JsonNumber && right instanceof JsonNumber) return left.text === right.text;
  return false;
}
