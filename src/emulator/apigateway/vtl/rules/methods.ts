import { javaHash } from "../../../../values/java-hash.ts";
import { compare } from "./arithmetic.ts";
import { areEqual, equals } from "./equality.ts";
import { printed } from "./java-printing.ts";
import { javaExpression } from "./java-regular-expression.ts";
import {
  Entry,
  HostObject,
  isNumber,
  JavaException,
  JavaMap,
  JsonNumber,
  List,
  parseJsonText,
  type Value,
} from "./java-values.ts";
import { javaFormat } from "./string-format.ts";
import { MOST, withinMemory } from "./template-limits.ts";

type Parameter = "int" | "string" | "number" | "list" | "map" | "any";
type Method<Self> = {
  readonly takes: readonly Parameter[];
  readonly run: (self: Self, args: readonly never[]) => Value;
};
type Methods<Self> = ReadonlyMap<string, readonly Method<Self>[]>;

/**
 * Calls a method as Velocity does, by name and argument classes. Undefined if the value's class does not have
 * the method; `getClass()` is excluded. Throws a JavaException.
 */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value | undefined {
  if (self instanceof HostObject) return self.methods.get(name)?.(args);
  const own = methodsOf(self);
  return call(own, self as never, name, args) ?? call(ANY, self, name, args);
}

/** `$value.name`: a getter, or a key of a map. Undefined if neither exists. */
export function propertyOf(self: Value, name: string): Value | undefined {
  if (self instanceof HostObject) return self.properties.get(name)?.();
  if (self instanceof JavaMap) return self.get(name);
  const upper = name.slice(0, 1).toUpperCase() + name.slice(1);
  return getter(self, `get${upper}`) ?? getter(self, `is${upper}`);
}

function getter(self: Value, name: string): Value | undefined {
  return call(methodsOf(self), self as never, name, []);
}

function methodsOf(self: Value): Methods<never> {
  if (typeof self === "string") return STRING;
  if (self instanceof List) return LIST;
  if (self instanceof JavaMap) return MAP;
  if (self instanceof Entry) return ENTRY;
  if (isNumber(self)) return NUMBER;
  return typeof self === "boolean" ? BOOLEAN : NONE;
}

function call<Self>(
  methods: Methods<Self>,
  self: Self,
  name: string,
  args: readonly Value[],
): Value | undefined {
  const fitting = methods
    .get(name)
    ?.find(
      ({ takes }) =>
        takes.length === args.length && takes.every((type, at) => isA(type, args[at] ?? null)),
    );
  return fitting?.run(self, args as readonly never[]);
}

function isA(type: Parameter, value: Value): boolean {
  switch (type) {
    case "int":
      return typeof value === "bigint";
    case "number":
      return isNumber(value);
    case "string":
      return typeof value === "string" || value === null;
    case "list":
      return value instanceof List;
    case "map":
      return value instanceof JavaMap;
    default:
      return true;
  }
}

/** Methods by their signatures, such as `substring(int, int)`. */
function methods<Self>(
  table: Readonly<Record<string, (self: Self, ...args: never[]) => Value>>,
): Methods<never> {
  const byName = new Map<string, Method<Self>[]>();
  for (const [signature, run] of Object.entries(table)) {
    const [name = "", list = ""] = signature.slice(0, -1).split("(");
    const takes = list === "" ? [] : (list.split(", ") as Parameter[]);
    const known = byName.get(name) ?? [];
    byName.set(name, [...known, { takes, run: (self, args) => run(self, ...args) }]);
  }
  return byName as Methods<never>;
}

const NONE: Methods<never> = new Map();
/** Velocity's result of a method that returns nothing. */
const VOID = "";

const ANY: Methods<Value> = methods<Value>({
  "toString()": (self) => printed(self) ?? null,
  "equals(any)": (self, other: Value) => equals(self, other),
  "hashCode()": (self) => {
    if (typeof self === "string") return BigInt(javaHash(self));
    return typeof self === "bigint" ? hashOfNumber(self) : null;
  },
}) as Methods<Value>;

const STRING = methods<string>({
  "length()": (self) => BigInt(self.length),
  "isEmpty()": (self) => self === "",
  "isBlank()": (self) => self.trim() === "",
  "charAt(int)": (self, at: bigint) => self[inBounds(at, self.length)] ?? "",
  "concat(string)": (self, other: string) => self + notNull(other),
  "contains(string)": (self, other: string) => self.includes(notNull(other)),
  "startsWith(string)": (self, other: string) => self.startsWith(notNull(other)),
  "startsWith(string, int)": (self, other: string, at: bigint) =>
    self.startsWith(notNull(other), Number(at)),
  "endsWith(string)": (self, other: string) => self.endsWith(notNull(other)),
  "equalsIgnoreCase(string)": (self, other: string | null) =>
    self.toLowerCase() === other?.toLowerCase(),
  "compareTo(string)": (self, other: string) => compareTexts(self, notNull(other)),
  "compareToIgnoreCase(string)": (self, other: string) =>
    compareTexts(self.toLowerCase(), notNull(other).toLowerCase()),
  "indexOf(string)": (self, other: string) => BigInt(self.indexOf(notNull(other))),
  "indexOf(string, int)": (self, other: string, at: bigint) =>
    BigInt(self.indexOf(notNull(other), Number(at))),
  "lastIndexOf(string)": (self, other: string) => BigInt(self.lastIndexOf(notNull(other))),
  "lastIndexOf(string, int)": (self, other: string, at: bigint) =>
    at < 0n ? -1n : BigInt(self.lastIndexOf(notNull(other), Number(at))),
  "subSequence(int, int)": (self, from: bigint, to: bigint) => substring(self, from, to),
  "substring(int)": (self, from: bigint) => substring(self, from, BigInt(self.length)),
  "substring(int, int)": (self, from: bigint, to: bigint) => substring(self, from, to),
  "toLowerCase()": (self) => self.toLowerCase(),
  "toUpperCase()": (self) => self.toUpperCase(),
  "trim()": (self) => self.replace(/^[\0- ]+|[\0- ]+$/g, ""),
  "strip()": (self) => self.trim(),
  "repeat(int)": (self, count: bigint) => repeated(self, count),
  "replace(string, string)": (self, from: string, to: string) =>
    self.replaceAll(
      notNull(from),
      counted(() => notNull(to)),
    ),
  "replaceAll(string, string)": (self, pattern: string, to: string) =>
    self.replace(javaExpression(notNull(pattern), "g"), replacement(to)),
  "replaceFirst(string, string)": (self, pattern: string, to: string) =>
    self.replace(javaExpression(notNull(pattern)), replacement(to)),
  "matches(string)": (self, pattern: string) =>
    javaExpression(notNull(pattern), "", true).test(self),
  "split(string)": (self, pattern: string) => split(self, pattern, 0),
  "split(string, int)": (self, pattern: string, limit: bigint) =>
    split(self, pattern, Number(limit)),
  "toCharArray()": (self) => new List([...self]),
  "valueOf(any)": (_, value: Value) => printed(value) ?? "null",
  "intern()": (self) => self,
  ...formats(8),
  "join(string, list)": (_, between: string, { items }: List) =>
    withinMemory(items.map((item) => printed(item) ?? "null")).join(notNull(between)),
});

/** `format()` with at most this many values. */
function formats(most: number) {
  const run = (_: string, pattern: string, ...args: Value[]) => javaFormat(notNull(pattern), args);
  const takes = Array.from({ length: most + 1 }, (_, count) =>
    ["string", ...Array.from({ length: count }, () => "any")].join(", "),
  );
  return Object.fromEntries(takes.map((list) => [`format(${list})`, run]));
}

const NUMBER = methods<bigint | number | JsonNumber>({
  "intValue()": (self) => BigInt.asIntN(32, truncated(self)),
  "longValue()": (self) => truncated(self),
  "doubleValue()": (self) => asNumber(self),
  "floatValue()": (self) => asNumber(self),
  "compareTo(number)": (self, other: Value) => BigInt(compare(self, other)),
  "equals(number)": (self, other: Value) => typeof self === typeof other && areEqual(self, other),
  "parseInt(string)": (_, text: string) => integerIn(text, 2n ** 31n),
  "parseLong(string)": (_, text: string) => integerIn(text, 2n ** 63n),
  "parseDouble(string)": (_, text: string) => doubleIn(text),
  "valueOf(string)": (self, text: string) =>
    typeof self === "bigint" ? integerIn(text, 2n ** 63n) : doubleIn(text),
  "valueOf(number)": (_, value: Value) => value,
  "toHexString(int)": (_, value: bigint) => BigInt.asUintN(32, value).toString(16),
  "max(number, number)": (_, a: Value, b: Value) => (compare(a, b) < 0 ? b : a),
  "min(number, number)": (_, a: Value, b: Value) => (compare(a, b) > 0 ? b : a),
  "toString(any)": (_, value: Value) => printed(value) ?? null,
});

const BOOLEAN = methods<boolean>({
  "booleanValue()": (self) => self,
  "parseBoolean(string)": (_, text: string | null) => text?.toLowerCase() === "true",
});

const LIST = methods<List>({
  "size()": ({ items }) => BigInt(items.length),
  "isEmpty()": ({ items }) => items.length === 0,
  "get(int)": ({ items }, at: bigint) => items[inBounds(at, items.length)] ?? null,
  "contains(any)": contains,
  "containsAll(list)": (self, all: List) => all.items.every((each) => contains(self, each)),
  "indexOf(any)": ({ items }, value: Value) =>
    BigInt(items.findIndex((item) => equals(item, value))),
  "lastIndexOf(any)": ({ items }, value: Value) =>
    BigInt(items.findLastIndex((item) => equals(item, value))),
  "add(any)": (self, value: Value) => {
    insert(self, BigInt(self.items.length), [value]);
    return true;
  },
  "add(int, any)": (self, at: bigint, value: Value) => {
    insert(self, at, [value]);
    return VOID;
  },
  "addAll(list)": (self, { items }: List) => insert(self, BigInt(self.items.length), items),
  "addAll(int, list)": (self, at: bigint, { items }: List) => insert(self, at, items),
  "removeAll(list)": (self, all: List) => keep(self, (item) => !contains(all, item)),
  "retainAll(list)": (self, all: List) => keep(self, (item) => contains(all, item)),
  "set(int, any)": ({ items }, at: bigint, value: Value) => {
    const [before = null] = items.splice(inBounds(at, items.length), 1, value);
    return before;
  },
  "remove(int)": ({ items }, at: bigint) => items.splice(inBounds(at, items.length), 1)[0] ?? null,
  "remove(any)": ({ items }, value: Value) => {
    const at = items.findIndex((item) => equals(item, value));
    if (at >= 0) items.splice(at, 1);
    return at >= 0;
  },
  "clear()": ({ items }) => {
    items.length = 0;
    return VOID;
  },
  "subList(int, int)": ({ items, isJson }, from: bigint, to: bigint) => {
    const [start, end] = [inBounds(from, items.length + 1), inBounds(to, items.length + 1)];
    return new List(items.slice(start, end), isJson);
  },
  "iterator()": ({ items }) => iterator(items),
  "toArray()": ({ items }) => new List([...items]),
});

const MAP = methods<JavaMap>({
  "size()": ({ entries }) => BigInt(entries.size),
  "isEmpty()": ({ entries }) => entries.size === 0,
  "get(any)": (self, key: Value) => self.get(key),
  "getOrDefault(any, any)": ({ entries }, key: Value, other: Value) => entries.get(key) ?? other,
  "containsKey(any)": ({ entries }, key: Value) => entries.has(key),
  "containsValue(any)": ({ entries }, value: Value) =>
    [...entries.values()].some((item) => equals(item, value)),
  "keySet()": ({ entries }) => new List([...entries.keys()]),
  "values()": ({ entries }) => new List([...entries.values()]),
  "entrySet()": ({ entries }) =>
    new List([...entries].map(([key, value]) => new Entry(key, value))),
  "put(any, any)": (self, key: Value, value: Value) => {
    const before = self.get(key);
    self.entries.set(key, value);
    return before;
  },
  "putIfAbsent(any, any)": (self, key: Value, value: Value) => {
    const before = self.get(key);
    if (before === null) self.entries.set(key, value);
    return before;
  },
  "putAll(map)": ({ entries }, others: JavaMap) => {
    for (const [key, value] of others.entries) entries.set(key, value);
    return VOID;
  },
  "replace(any, any)": (self, key: Value, value: Value) => {
    const before = self.get(key);
    if (self.entries.has(key)) self.entries.set(key, value);
    return before;
  },
  "remove(any)": (self, key: Value) => {
    const before = self.get(key);
    self.entries.delete(key);
    return before;
  },
  "clear()": ({ entries }) => {
    entries.clear();
    return VOID;
  },
});

const ENTRY = methods<Entry>({
  "getKey()": ({ key }) => key,
  "getValue()": ({ value }) => value,
});

/** Creates a new array, so that `$list.addAll($list)` ends. */
function insert(list: List, at: bigint, more: readonly Value[]): boolean {
  const before = list.items.slice(0, inBounds(at, list.items.length + 1));
  list.items = withinMemory([...before, ...more, ...list.items.slice(before.length)]);
  return more.length > 0;
}

function keep(list: List, isKept: (item: Value) => boolean): boolean {
  const { length } = list.items;
  list.items = list.items.filter(isKept);
  return list.items.length < length;
}

function contains({ items }: List, value: Value): boolean {
  return items.some((item) => equals(item, value));
}

function iterator(items: readonly Value[]): HostObject {
  let at = 0;
  return new HostObject(
    "java.util.Iterator",
    {},
    {
      hasNext: () => at < items.length,
      next: () => {
        if (at >= items.length) throw new JavaException("NoSuchElementException");
        at += 1;
        return items[at - 1] ?? null;
      },
    },
  );
}

function notNull(text: string | null): string {
  if (text === null) throw new JavaException("NullPointerException");
  return text;
}

function inBounds(at: bigint, length: number): number {
  if (at >= 0n && at < BigInt(length)) return Number(at);
  throw new JavaException(`IndexOutOfBoundsException: index ${at}, length ${length}`);
}

function substring(text: string, from: bigint, to: bigint): string {
  if (from < 0n || to > BigInt(text.length) || from > to) {
    throw new JavaException(
      `StringIndexOutOfBoundsException: begin ${from}, end ${to}, length ${text.length}`,
    );
  }
  return text.slice(Number(from), Number(to));
}

function repeated(text: string, count: bigint): string {
  if (count < 0n) throw new JavaException(`IllegalArgumentException: count is negative: ${count}`);
  if (BigInt(text.length) * count > BigInt(MOST)) throw new JavaException("OutOfMemoryError");
  return text.repeat(Number(count));
}

function compareTexts(left: string, right: string): bigint {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = left.charCodeAt(at) - right.charCodeAt(at);
    if (difference !== 0) return BigInt(difference);
  }
  return BigInt(left.length - right.length);
}

/** Resolves `$1` and `\` in Java's replacements. */
function replacement(text: string): (...found: readonly unknown[]) => string {
  const parts = notNull(text);
  return counted((...found) => {
    const groups = found.slice(
      0,
      found.findIndex((each) => typeof each === "number"),
    );
    return parts.replace(/\\(.?)|\$(\d?)/gs, (token, escaped?: string, group?: string) => {
      if (token.length === 1) {
        throw new JavaException(
          `IllegalArgumentException: ${token} at the end, or before no group`,
        );
      }
      if (escaped !== undefined) return escaped;
      if (Number(group) < groups.length) return String(groups[Number(group)] ?? "");
      throw new JavaException(`IndexOutOfBoundsException: No group ${group}`);
    });
  });
}

/** Replaces matches as long as the result is within the limit. */
function counted(
  replace: (...found: readonly unknown[]) => string,
): (...found: readonly unknown[]) => string {
  let length = 0;
  return (...found) => {
    const text = replace(...found);
    length += text.length;
    if (length > MOST) throw new JavaException("OutOfMemoryError");
    return text;
  };
}

function split(text: string, pattern: string, limit: number): List {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(javaExpression(notNull(pattern), "g"))) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === "" && (match.index === 0 || match.index === text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return new List(parts);
}

function truncated(value: bigint | number | JsonNumber): bigint {
  return typeof value === "bigint" ? value : BigInt(Math.trunc(asNumber(value)));
}

function asNumber(value: bigint | number | JsonNumber): number {
  return value instanceof JsonNumber ? Number(value.text) : Number(value);
}

function integerIn(text: string | null, end: bigint): bigint {
  const value = /^[-+]?\d{1,19}$/.test(text ?? "")
    ? BigInt((text ?? "").replace("+", ""))
    : undefined;
  if (value !== undefined && value < end && value >= -end) return value;
  throw new JavaException(`NumberFormatException: For input string: "${text}"`);
}

function doubleIn(text: string | null): number {
  const value = Number(text);
  if (text !== null && text.trim() !== "" && !Number.isNaN(value)) return value;
  throw new JavaException(`NumberFormatException: For input string: "${text}"`);
}

/** Of an Integer the number, of a Long its halves combined. */
function hashOfNumber(value: bigint): bigint {
  const low = BigInt.asIntN(32, value);
  return low === value ? value : BigInt.asIntN(32, low ^ (value >> 32n));
}

/** A HostObject's method with one string parameter; other values are converted to strings. */
export function stringMethod(
  run: (text: string) => Value,
): (args: readonly Value[]) => Value | undefined {
  return ([argument = null, ...more]) => {
    const text = printed(argument);
    if (more.length > 0) return undefined;
    return text === undefined ? null : run(text);
  };
}

/** Parses JSON. Throws a JavaException. */
export function parsedJson(text: string): Value {
  try {
    return parseJsonText(text);
  } catch {
    throw new JavaException(text === "" ? "the string is empty" : "the string is not JSON");
  }
}
