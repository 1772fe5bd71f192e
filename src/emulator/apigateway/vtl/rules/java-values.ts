/** A value during rendering, of the class that Java would give it. */
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

/** A non-integer number from JSON, printed with its original spelling. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export class List {
  items: Value[];
  /** Whether it is from JSON, and so printed as JSON. Others are printed as in Java: `[a, b]`. */
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

/** An object of API Gateway's, such as `$input`, with only these members. */
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

/** Undefined if no overload accepts these arguments. */
export type HostMethod = (args: readonly Value[]) => Value | undefined;

/** An exception of a Java method, which ends the rendering. */
export class JavaException extends Error {}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * Parses JSON and keeps the order of fields and the spelling of numbers, which JSON.parse does not. Throws a
 * SyntaxError.
 */
export function parseJsonText(text: string): Value {
  JSON.parse(text);
  const kept = text.replace(TOKEN, (token, string?: string, colon?: string) => {
    if (string === undefined) return `{"n":"${token}"}`;
    return colon === undefined ? token : `"k${string.slice(1)}:`;
  });
  return fromKept(JSON.parse(kept));
}

/** Field names begin with `k`; an object with `n` is a number. */
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
