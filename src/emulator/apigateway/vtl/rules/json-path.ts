import { compare } from "./arithmetic.ts";
import { areEqual } from "./equality.ts";
import { printed } from "./java-printing.ts";
import { javaExpression } from "./java-regular-expression.ts";
import { isNumber, JavaMap, List, type Value } from "./java-values.ts";
import { withinMemory } from "./template-limits.ts";

/** A JSONPath that is not valid. */
export class PathFault extends Error {}

type Selector =
  | { readonly kind: "names"; readonly names: readonly string[] }
  | { readonly kind: "indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "slice"; readonly from?: number; readonly to?: number }
  | { readonly kind: "all" }
  | { readonly kind: "filter"; readonly test: Filter }
  | { readonly kind: "function"; readonly name: string };

type Segment = { readonly selector: Selector; readonly isDeep: boolean };

type Filter = (item: Value, root: Value) => boolean;

type Operand = (item: Value, root: Value) => Value | undefined;

/** A path as Jayway's JsonPath reads it. */
export type JsonPath = { readonly isDefinite: boolean; readonly segments: readonly Segment[] };

const paths = new Map<string, JsonPath>();
const MOST_PATHS = 500;

/** Parses a path; a path without `$` gets the prefix `$.`. Throws a PathFault. */
export function parsePath(text: string): JsonPath {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const trimmed = text.trim();
  const whole = /^[$@]/.test(trimmed) ? trimmed : `$.${trimmed}`;
  const parser = new PathParser(whole);
  const segments = parser.path();
  const isDefinite = segments.every(
    ({ selector, isDeep }, at) => !isDeep && isOne(selector, at === segments.length - 1),
  );
  const path = { isDefinite, segments };
  if (paths.size < MOST_PATHS) paths.set(text, path); // templates contain few paths; those that messages make up must not fill the cache
  return path;
}

/** Whether a selector yields one value; several names at the end of a path yield one map. */
function isOne(selector: Selector, isLast: boolean): boolean {
  if (selector.kind === "names") return isLast || selector.names.length === 1;
  return (
    selector.kind === "function" || (selector.kind === "indexes" && selector.indexes.length === 1)
  );
}

/**
 * The result of a path: one value for a definite path, else a list. Undefined if a definite path finds
 * nothing.
 */
export function find(path: JsonPath, root: Value): Value | undefined {
  const found = select(path.segments, root, root);
  return path.isDefinite ? found[0] : new List([...found], true);
}

function select(segments: readonly Segment[], from: Value, root: Value): readonly Value[] {
  let values: readonly Value[] = [from];
  for (const [at, { selector, isDeep }] of segments.entries()) {
    if (selector.kind === "function") {
      values = values.flatMap((value) => applied(selector.name, value) ?? []);
      continue;
    }
    const places = isDeep ? descendants(values) : values;
    const isLast = at === segments.length - 1;
    values = withinMemory(
      places.flatMap((value) => chosen(selector, value, root, { isDeep, isLast })),
    );
  }
  return values;
}

function descendants(values: readonly Value[], found: Value[] = []): readonly Value[] {
  for (const value of values) {
    withinMemory(found).push(value);
    descendants(children(value), found);
  }
  return found;
}

function children(value: Value): readonly Value[] {
  if (value instanceof List) return value.items;
  return value instanceof JavaMap ? [...value.entries.values()] : [];
}

function chosen(
  selector: Exclude<Selector, { readonly kind: "function" }>,
  value: Value,
  root: Value,
  { isDeep, isLast }: { readonly isDeep: boolean; readonly isLast: boolean },
): readonly Value[] {
  switch (selector.kind) {
    case "names": {
      if (!(value instanceof JavaMap)) return [];
      const { entries } = value;
      const names = selector.names.filter((name) => entries.has(name));
      if (selector.names.length === 1 || !isLast) return names.map((name) => value.get(name));
      if (isDeep && names.length < selector.names.length) return [];
      return [new JavaMap(names.map((name) => [name, value.get(name)]))];
    }
    case "indexes":
      if (!(value instanceof List)) return [];
      return selector.indexes.flatMap((index) => {
        const item = value.items.at(index);
        return item === undefined ? [] : [item];
      });
    case "slice":
      return value instanceof List ? sliced(value.items, selector) : [];
    case "all":
      return children(value);
    case "filter": {
      // `..` visits every object by itself, including those in lists
      const items = value instanceof List ? (isDeep ? [] : value.items) : [value];
      return items.filter(
        (item) => (!isDeep || item instanceof JavaMap) && selector.test(item, root),
      );
    }
    default:
      return selector satisfies never;
  }
}

/** Slices as Jayway does: if both ends are given, negative ones are compared before they are resolved. */
function sliced(
  items: readonly Value[],
  { from, to }: Selector & { readonly kind: "slice" },
): readonly Value[] {
  if (from === undefined || to === undefined) return items.slice(from, to);
  const end = Math.min(items.length, to);
  const start = Math.max(from, -items.length);
  return Array.from({ length: Math.max(0, end - start) }, (_, at) => items.at(start + at) ?? null);
}

/** `length()` and the functions of numbers; undefined if the value does not have the function. */
function applied(name: string, value: Value): Value | undefined {
  if (name === "length" || name === "size") {
    if (typeof value === "string") return BigInt(value.length);
    const isMany = value instanceof List || value instanceof JavaMap;
    return isMany ? BigInt(children(value).length) : undefined;
  }
  if (name === "keys")
    return value instanceof JavaMap ? new List([...value.entries.keys()]) : undefined;
  const numbers = children(value)
    .filter(isNumber)
    .map((each) => Number(printed(each)));
  if (numbers.length === 0) return undefined;
  const sum = numbers.reduce((total, each) => total + each, 0);
  switch (name) {
    case "min":
      return Math.min(...numbers);
    case "max":
      return Math.max(...numbers);
    case "sum":
      return sum;
    default:
      return sum / numbers.length;
  }
}

const FUNCTIONS = /^(?:length|size|keys|min|max|sum|avg)$/;
const NAME = /[^ .[(]+/y;
const NAME_IN_FILTER = /[^\s.[\]()'"*?@,:=<>!~&|]+/y;
const INTEGER = /-?\d+/y;
const COMPARISON =
  /===?|!==?|<=|>=|<|>|=~|(?:in|nin|contains|all|size|empty|anyof|noneof|subsetof)(?=[\s[(])/y;
/** Maximum nesting of brackets in filters. */
const DEEPEST = 50;

class PathParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  path(): readonly Segment[] {
    this.#at += 1; // `$`
    const segments = this.#segments();
    if (this.#at < this.#text.length) throw this.#fault();
    return segments;
  }

  #segments(): readonly Segment[] {
    const segments: Segment[] = [];
    for (;;) {
      if (this.#take("..")) {
        const selector = this.#peek() === "[" ? this.#bracket() : this.#dotted();
        segments.push({ selector, isDeep: true });
      } else if (this.#take(".")) segments.push({ selector: this.#dotted(), isDeep: false });
      else if (this.#peek() === "[") segments.push({ selector: this.#bracket(), isDeep: false });
      else return segments;
    }
  }

  #dotted(): Selector {
    if (this.#take("*")) return { kind: "all" };
    const name = this.#match(this.#depth === 0 ? NAME : NAME_IN_FILTER);
    if (name === undefined) throw this.#fault();
    if (!this.#take("()")) return { kind: "names", names: [name] };
    if (!FUNCTIONS.test(name)) throw this.#fault();
    return { kind: "function", name };
  }

  #bracket(): Selector {
    this.#at += 1;
    this.#blanks();
    const selector = this.#inBracket();
    this.#blanks();
    this.#expect("]");
    return selector;
  }

  #inBracket(): Selector {
    if (this.#take("*")) return { kind: "all" };
    if (this.#take("?")) {
      this.#blanks();
      this.#expect("(");
      const test = this.#or();
      this.#blanks();
      this.#expect(")");
      return { kind: "filter", test };
    }
    const quote = this.#peek();
    if (quote === "'" || quote === '"')
      return { kind: "names", names: this.#list(() => this.#quoted()) };
    const from = this.#integer();
    this.#blanks();
    if (!this.#take(":")) {
      if (from === undefined) throw this.#fault();
      const indexes = [from];
      while (this.#comma()) indexes.push(this.#integer() ?? this.#never());
      return { kind: "indexes", indexes };
    }
    const to = this.#integer();
    if (from === undefined && to === undefined) throw this.#fault();
    if (this.#take(":")) this.#integer(); // Jayway parses the step of a slice and ignores it
    return {
      kind: "slice",
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    };
  }

  #list<T>(read: () => T): readonly T[] {
    const items = [read()];
    while (this.#comma()) items.push(read());
    return items;
  }

  #comma(): boolean {
    this.#blanks();
    const found = this.#take(",");
    this.#blanks();
    return found;
  }

  #or(): Filter {
    let left = this.#and();
    for (;;) {
      this.#blanks();
      if (!this.#take("||")) return left;
      const [a, b] = [left, this.#and()];
      left = (item, root) => a(item, root) || b(item, root);
    }
  }

  #and(): Filter {
    let left = this.#test();
    for (;;) {
      this.#blanks();
      if (!this.#take("&&")) return left;
      const [a, b] = [left, this.#test()];
      left = (item, root) => a(item, root) && b(item, root);
    }
  }

  #test(): Filter {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#fault();
    this.#blanks();
    if (this.#take("!")) {
      const of = this.#test();
      this.#depth -= 1;
      return (item, root) => !of(item, root);
    }
    if (this.#take("(")) {
      const inner = this.#or();
      this.#blanks();
      this.#expect(")");
      this.#depth -= 1;
      return inner;
    }
    const test = this.#comparison();
    this.#depth -= 1;
    return test;
  }

  #comparison(): Filter {
    const left = this.#operand();
    this.#blanks();
    const operator = this.#match(COMPARISON);
    if (operator === undefined) return (item, root) => left(item, root) !== undefined;
    this.#blanks();
    if (operator === "=~") {
      const pattern = this.#pattern();
      return (item, root) => pattern.test(printed(left(item, root) ?? null) ?? "");
    }
    const right = this.#operand();
    return (item, root) => compared(operator, left(item, root), right(item, root));
  }

  #operand(): Operand {
    this.#blanks();
    if (this.#take("@")) {
      const segments = this.#segments();
      return (item, root) => select(segments, item, root)[0];
    }
    if (this.#take("$")) {
      const segments = this.#segments();
      return (_, root) => select(segments, root, root)[0];
    }
    const quote = this.#peek();
    if (quote === "'" || quote === '"') return constant(this.#quoted());
    if (this.#take("[")) {
      this.#blanks();
      const items = this.#take("]") ? [] : this.#list(() => this.#operand());
      if (items.length > 0) {
        this.#blanks();
        this.#expect("]");
      }
      return (item, root) => new List(items.map((each) => each(item, root) ?? null));
    }
    const word = this.#match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
    if (word === undefined) throw this.#fault();
    if (word === "null") return constant(null);
    if (word === "true" || word === "false") return constant(word === "true");
    return constant(/^-?\d+$/.test(word) ? BigInt(word) : Number(word));
  }

  #pattern(): RegExp {
    const [, source = "", flags = ""] = this.#exec(/\/((?:[^/\\]|\\.)+)\/([imsu]*)/y) ?? [];
    if (source === "") throw this.#fault();
    try {
      return javaExpression(source, flags.replace("u", ""), true);
    } catch {
      throw this.#fault();
    }
  }

  #quoted(): string {
    const found = this.#match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y);
    if (found === undefined) throw this.#fault();
    return found.slice(1, -1).replace(/\\(.)/gs, "$1");
  }

  #integer(): number | undefined {
    const found = this.#match(INTEGER);
    return found === undefined ? undefined : Number(found);
  }

  #never(): never {
    throw this.#fault();
  }

  #blanks(): void {
    this.#match(/\s*/y);
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#fault();
  }

  #match(pattern: RegExp): string | undefined {
    return this.#exec(pattern)?.[0];
  }

  #exec(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #fault(): PathFault {
    return new PathFault(
      `${this.#text} is not a JSONPath: it is invalid at character ${this.#at + 1}`,
    );
  }
}

function constant(value: Value): Operand {
  return () => value;
}

function compared(operator: string, left: Value | undefined, right: Value | undefined): boolean {
  if (operator === "empty") return left !== undefined && isEmpty(left) === right;
  if (left === undefined || right === undefined) return ["!=", "!==", "nin"].includes(operator);
  switch (operator) {
    case "==":
      return isSame(left, right);
    case "!=":
      return !isSame(left, right);
    case "===":
      return typeof left === typeof right && isSame(left, right);
    case "!==":
      return !(typeof left === typeof right && isSame(left, right));
    case "all":
      return left instanceof List && children(right).every((item) => has(left, item));
    case "in":
      return has(right, left);
    case "nin":
      return !has(right, left);
    case "contains":
      return typeof left === "string" ? left.includes(printed(right) ?? "") : has(left, right);
    case "anyof":
      return children(left).some((item) => has(right, item));
    case "noneof":
      return !children(left).some((item) => has(right, item));
    case "subsetof":
      return children(left).every((item) => has(right, item));
    case "size":
      return isSame(applied("size", left) ?? null, right);
  }
  const order = orderOf(left, right);
  switch (operator) {
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    default:
      return order >= 0;
  }
}

/** Compares numbers by value; a string and another string or a number by their text. NaN for other values. */
function orderOf(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right)) return compare(left, right);
  if (!isText(left) || !isText(right)) return Number.NaN;
  const [a, b] = [printed(left) ?? "", printed(right) ?? ""];
  return Number(a > b) - Number(a < b);
}

function isText(value: Value): boolean {
  return typeof value === "string" || isNumber(value);
}

/** A number equals a string that contains it; a string equals a number with that spelling. */
function isSame(left: Value, right: Value): boolean {
  if (typeof left === "string" && isNumber(right)) return left === printed(right);
  if (isNumber(left) && typeof right === "string")
    return Number(printed(left)) === Number(right || "x");
  return kindOf(left) === kindOf(right) && areEqual(left, right);
}

function kindOf(value: Value): string {
  return isNumber(value) ? "number" : typeof value;
}

function has(list: Value, value: Value): boolean {
  return children(list).some((item) => isSame(item, value));
}

function isEmpty(value: Value): boolean {
  return typeof value === "string" ? value === "" : children(value).length === 0;
}
