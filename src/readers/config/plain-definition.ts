import { types } from "node:util";
import { isClass } from "../../definition/no-definition.ts";

/** A definition that can be sent to another process. */
export type PlainDefinition = {
  /** Wrapped in an object, because the definition itself may be a function. */
  readonly whole: { readonly definition?: unknown };
  /** Functions and symbols, which cannot be sent. */
  readonly left: readonly LeftOut[];
};

type LeftOut = {
  /** The object without the value; it keeps its identity if both are sent in one message. */
  readonly holder: object;
  readonly key: string;
  readonly kind: "class" | "function" | "symbol";
  readonly name: string;
};

/** Copies a definition. Errors of its getters and proxies are thrown here, and nowhere later. */
export function toPlain(definition: unknown): PlainDefinition {
  const left: LeftOut[] = [];
  const copies = new Map<object, object>();
  const whole = {};
  put(whole, "definition", definition);
  return { whole, left };

  function put(holder: object, key: string, value: unknown): void {
    if (typeof value === "symbol") {
      left.push({ holder, key, kind: "symbol", name: value.description ?? "" });
    } else if (typeof value === "function") {
      const kind = isClass(value) ? "class" : "function";
      left.push({ holder, key, kind, name: String(value.name) });
    } else {
      define(holder, key, copy(value));
    }
  }

  function copy(value: unknown): unknown {
    if (typeof value !== "object" || value === null || isCloneable(value)) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const result = Array.isArray(value) ? new Array(value.length) : {};
    copies.set(value, result);
    for (const key of keysOf(value)) put(result, key, Reflect.get(value, key));
    return result;
  }
}

/** The definition with placeholders of the same kind for functions and symbols. */
export function fromPlain({ whole, left }: PlainDefinition): unknown {
  for (const { holder, key, kind, name } of left) define(holder, key, standIn(kind, name));
  return whole.definition;
}

function standIn(kind: LeftOut["kind"], name: string): unknown {
  if (kind === "symbol") return Symbol(name);
  const value = kind === "class" ? class {} : () => {};
  return Object.defineProperty(value, "name", { value: name });
}

/** Unlike an assignment, it supports keys such as `__proto__` and ignores setters of the prototype. */
function define(holder: object, key: string, value: unknown): void {
  const attributes = { value, configurable: true, enumerable: true, writable: true };
  Object.defineProperty(holder, key, Object.assign(Object.create(null), attributes));
}

/** Whether a value can be sent as it is. */
function isCloneable(value: object): boolean {
  return types.isDate(value) || types.isRegExp(value) || types.isMap(value) || types.isSet(value);
}

/** The fields of an object; for a class instance including inherited ones. */
function keysOf(value: object): Iterable<string> {
  const keys = new Set(Object.keys(value));
  if (Array.isArray(value)) return keys;
  for (
    let prototype = Object.getPrototypeOf(value);
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const name of Object.getOwnPropertyNames(prototype)) keys.add(name);
  }
  keys.delete("constructor");
  return keys;
}
