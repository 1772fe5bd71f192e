/** A value while a template is rendered, of the class that Java would give it. */
export type Value =
  | null
  | boolean
  | string
  /** Integer, Long, BigInteger. */
  | bigint
  /** Double. */
  | number
  | JsonNumber
  | List
  | JavaMap
  | Entry
  | HostObject;

/** A number of a JSON text that is no integer; printed as it was written there. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export class List {
  items: Value[];
  /** One of a JSON text: it is printed as JSON. Others are printed as Java does: `[a, b]`. */
  readonly isJson: boolean;

  constructor(items: Value[], isJson = false) {
    this.items = items;
    this.isJson = isJson;
  }
}

export class JavaMap {
  readonly entries: Map<Value, Value>;

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    this.entries = new Map(entries);
  }

  get(key: Value): Value {
    return this.entries.get(key) ?? null;
  }
}

export class Entry {
  readonly key: Value;
  readonly value: Value;

  constructor(key: Value, value: Value) {
    this.key = key;
    this.value = value;
  }
}

/** An object of API Gateway's, such as `$input`: what it has is in these maps alone. */
export class HostObject {
  readonly name: string;
  readonly properties: ReadonlyMap<string, () => Value>;
  readonly methods: ReadonlyMap<string, HostMethod>;

  constructor(
    name: string,
    properties: Readonly<Record<string, () => Value>>,
    methods: Readonly<Record<string, HostMethod>>,
  ) {
    this.name = name;
    this.properties = new Map(Object.entries(properties));
    this.methods = new Map(Object.entries(methods));
  }
}

/** Undefined where there is no method for such arguments. */
export type HostMethod = (args: readonly Value[]) => Value | undefined;

/** What a Java method throws, which ends the rendering. */
export class JavaException extends Error {}

/** How long the string of a value is at most, and how many items a list has: Java would take the memory for more. */
export const MOST = 1_000_000;
const DEEPEST = 500;

/** Throws where a string or a list is longer than templates may make one. */
export function withinMemory<T extends { readonly length: number }>(made: T): T {
  if (made.length > MOST) throw new JavaException("OutOfMemoryError");
  return made;
}

/** Text of a value; undefined where it has none, which is where it is null. Throws a JavaException. */
export function printed(value: Value): string | undefined {
  return value === null ? undefined : new Printer().java(value);
}

/** JSON text of a value, without blanks. Throws a JavaException. */
export function jsonText(value: Value): string {
  return new Printer().json(value);
}

/** Writes values out, and no more than fits: a list may have itself in it. */
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

/** As `Double.toString()` writes a number. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * The value of a JSON text: fields in their order and numbers as they are written, which JSON.parse alone keeps of
 * neither. Throws a SyntaxError.
 */
export function parseJsonText(text: string): Value {
  JSON.parse(text);
  const kept = text.replace(TOKEN, (token, string?: string, colon?: string) => {
    if (string === undefined) return `{"n":"${token}"}`;
    return colon === undefined ? token : `"k${string.slice(1)}:`;
  });
  return fromKept(JSON.parse(kept));
}

/** Names of fields begin with `k`; an object with `n` is a number. */
function fromKept(json: unknown): Value {
  if (Array.isArray(json)) return new List(json.map(fromKept), true);
  if (typeof json !== "object" || json === null) return fromJson(json);
  const entries = Object.entries(json);
  const [[key, value] = []] = entries;
  if (key === "n") return written(String(value));
  return new JavaMap(entries.map(([name, item]) => [name.slice(1), fromKept(item)]));
}

/** A JSON value as templates see it. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return new List(json.map(fromJson), true);
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : json;
  if (typeof json === "string" || typeof json === "boolean") return json;
  if (typeof json !== "object" || json === null) return null;
  return new JavaMap(Object.entries(json).map(([name, item]) => [name, fromJson(item)]));
}

function written(text: string): Value {
  return /^-?(?:0|[1-9]\d*)$/.test(text) && text !== "-0" ? BigInt(text) : new JsonNumber(text);
}

export function isNumber(value: Value): value is bigint | number | JsonNumber {
  return typeof value === "bigint" || typeof value === "number" || value instanceof JsonNumber;
}
