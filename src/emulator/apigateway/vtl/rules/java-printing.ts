import {
  Entry,
  HostObject,
  JavaException,
  JavaMap,
  JsonNumber,
  List,
  type Value,
} from "./java-values.ts";
import { MOST } from "./template-limits.ts";

const DEEPEST = 500;

/** The string of a value; undefined for null. Throws a JavaException. */
export function printed(value: Value): string | undefined {
  return value === null ? undefined : new Printer().java(value);
}

/** Compact JSON of a value. Throws a JavaException. */
export function jsonText(value: Value): string {
  return new Printer().json(value);
}

/** Prints values up to the maximum length: a list may contain itself. */
class Printer {
  #left = MOST;
  #depth = 0;

  java(value: Value): string {
    if (value instanceof List) {
      if (value.isJson) return this.json(value);
      return this.#inside(() => `[${value.items.map((item) => this.java(item)).join(", ")}]`);
    }
    if (value instanceof JavaMap) {
      const field = ([key, item]: [Value, Value]) => `${this.java(key)}=${this.java(item)}`;
      return this.#inside(() => `{${[...value.entries].map(field).join(", ")}}`);
    }
    if (value instanceof Entry) {
      return this.#inside(() => `${this.java(value.key)}=${this.java(value.value)}`);
    }
    return this.#taken(scalarText(value));
  }

  json(value: Value): string {
    if (typeof value === "string") return this.#taken(JSON.stringify(value));
    if (value instanceof List) {
      return this.#inside(() => `[${value.items.map((item) => this.json(item)).join(",")}]`);
    }
    if (value instanceof JavaMap) {
      const field = ([key, item]: [Value, Value]) =>
        `${this.#taken(JSON.stringify(this.java(key)))}:${this.json(item)}`;
      return this.#inside(() => `{${[...value.entries].map(field).join(",")}}`);
    }
    return this.java(value);
  }

  #taken(text: string): string {
    this.#left -= text.length + 1;
    if (this.#left < 0) throw new JavaException("OutOfMemoryError");
    return text;
  }

  #inside(write: () => string): string {
    this.#taken("");
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new JavaException("StackOverflowError");
    const text = write();
    this.#depth -= 1;
    return text;
  }
}

function scalarText(value: Exclude<Value, List | JavaMap | Entry>): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return javaDouble(value);
  if (value instanceof JsonNumber) return value.text;
  return value instanceof HostObject ? value.name : String(value);
}

/** Formats a number like `Double.toString()`. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}
