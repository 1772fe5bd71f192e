/** A value while a template is rendered, told apart as Java's classes are. */
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
  readonly items: Value[];
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

/** Text of a value; undefined where it has none, which is where it is null. */
export function printed(value: Value): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number") return javaDouble(value);
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof List) {
    if (value.isJson) return jsonText(value);
    return `[${value.items.map(inJava).join(", ")}]`;
  }
  if (value instanceof JavaMap) {
    const fields = [...value.entries].map(([key, item]) => `${inJava(key)}=${inJava(item)}`);
    return `{${fields.join(", ")}}`;
  }
  if (value instanceof Entry) return `${inJava(value.key)}=${inJava(value.value)}`;
  if (value instanceof HostObject) return value.name;
  return String(value);
}

function inJava(value: Value): string {
  return printed(value) ?? "null";
}

/** JSON text of a value, without blanks. */
export function jsonText(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof List) return `[${value.items.map(jsonText).join(",")}]`;
  if (value instanceof JavaMap) {
    const fields = [...value.entries].map(
      ([key, item]) => `${JSON.stringify(inJava(key))}:${jsonText(item)}`,
    );
    return `{${fields.join(",")}}`;
  }
  return inJava(value);
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

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
/** Names no key of a text in which people write: how a number is kept as written while the text is parsed. */
const NUMBER_KEY = "\0number";
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** The value of a JSON text, its numbers as they are written. Throws a SyntaxError. */
export function parseJsonText(text: string): Value {
  JSON.parse(text);
  const kept = text.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : `{${JSON.stringify(NUMBER_KEY)}:"${token}"}`,
  );
  return fromJson(JSON.parse(kept));
}

/** A JSON value as templates see it. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return new List(json.map(fromJson), true);
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : json;
  if (typeof json === "string" || typeof json === "boolean") return json;
  if (typeof json !== "object" || json === null) return null;
  const entries = Object.entries(json);
  const [[key, value] = []] = entries;
  if (key === NUMBER_KEY && typeof value === "string" && NUMBER.test(value)) return written(value);
  return new JavaMap(entries.map(([name, item]) => [name, fromJson(item)]));
}

function written(text: string): Value {
  return /^-?(?:0|[1-9]\d*)$/.test(text) && text !== "-0" ? BigInt(text) : new JsonNumber(text);
}

export function isNumber(value: Value): value is bigint | number | JsonNumber {
  return typeof value === "bigint" || typeof value === "number" || value instanceof JsonNumber;
}
