import { type BinaryToTextEncoding, createHash } from "node:crypto";
import { mapValues } from "../../../values/map-values.ts";
import { format } from "./format.ts";
import type { Expression } from "./hcl-syntax.ts";
import { parseTemplateText } from "./parse-hcl.ts";
import {
  byText,
  type Entries,
  entriesOf,
  isEntries,
  isList,
  isSame,
  kindOf,
  listOf,
  numberOf,
  setOf,
  sortedEntries,
  textOf,
  truthOf,
  type Value,
  ValueFault,
} from "./values.ts";

/** The inputs of functions besides their arguments. */
export type FunctionContext = {
  /** The project's directory, to which paths are relative. */
  readonly root: string;
  readonly paths: {
    /** A path relative to the project, made absolute. */
    readonly absolute: (path: string) => string;
    /** Expands `~` to the home directory. */
    readonly expanded: (path: string) => string;
    readonly basename: (path: string) => string;
    readonly dirname: (path: string) => string;
  };
  /** The contents of a file; undefined if it is not a file. */
  readonly read: (file: string) => Buffer | undefined;
  /** The files below a directory, relative to it. */
  readonly filesBelow: (directory: string) => readonly string[];
  /** Parses YAML. */
  readonly yaml: (text: string) => Value;
  /** Counts a step, and throws a ValueFault after too many. */
  readonly count: () => void;
};

type Render = (template: Expression, names: Entries) => Value;
type Args = readonly Value[];
type Implementation = (args: Args, context: FunctionContext, render: Render) => Value;

/** Calls a Terraform function. Throws a ValueFault for an unknown function or invalid arguments. */
export function callFunction(
  name: string,
  args: Args,
  context: FunctionContext,
  render: Render,
): Value {
  const plainName = name.replace(/^core::/, "");
  const implementation = Object.hasOwn(FUNCTIONS, plainName) ? FUNCTIONS[plainName] : undefined;
  if (implementation === undefined)
    throw new ValueFault(`wsgw does not know the function ${name}().`);
  try {
    return implementation(args, context, render);
  } catch (error) {
    if (error instanceof ValueFault) throw new ValueFault(`${name}(): ${error.message}`);
    throw error;
  }
}

const at = (args: Args, index: number): Value => args[index] ?? null;
const text = (args: Args, index = 0): string => textOf(at(args, index));
const number = (args: Args, index = 0): number => numberOf(at(args, index));
const list = (args: Args, index = 0): readonly Value[] => listOf(at(args, index));
const entries = (args: Args, index = 0): Entries => entriesOf(at(args, index));

/** A function with one string parameter. */
const ofText =
  (change: (value: string) => Value): Implementation =>
  (args) =>
    change(text(args));
const ofNumbers =
  (change: (...values: number[]) => number): Implementation =>
  (args) =>
    change(...args.map(numberOf));

function hash(algorithm: string, encoding: BinaryToTextEncoding, ofFile: boolean): Implementation {
  return (args, context) => {
    const data = ofFile ? bytesOf(text(args), context) : text(args);
    return createHash(algorithm).update(data).digest(encoding);
  };
}

function bytesOf(path: string, { paths, read }: FunctionContext): Buffer {
  const bytes = read(paths.absolute(paths.expanded(path)));
  if (bytes === undefined) throw new ValueFault(`the file ${path} does not exist.`);
  return bytes;
}

function firstOf(args: Args, what: string): Value {
  const found = args.find(
    (each) => each !== null && each !== "" && !(isList(each) && each.length === 0),
  );
  if (found === undefined) throw new ValueFault(`all ${what} are empty.`);
  return found;
}

function lookup(args: Args): Value {
  const [from, key] = [entries(args), text(args, 1)];
  if (Object.hasOwn(from, key)) return from[key] ?? null;
  if (args.length > 2) return at(args, 2);
  throw new ValueFault(`the key "${key}" does not exist.`);
}

function flat(value: Value): readonly Value[] {
  return isList(value) ? value.flatMap(flat) : [value];
}

function lengthOf(value: Value): number {
  if (typeof value === "string") return [...new Intl.Segmenter().segment(value)].length;
  if (isList(value)) return value.length;
  return Object.keys(entriesOf(value)).length;
}

function element(args: Args): Value {
  const items = list(args);
  if (items.length === 0) throw new ValueFault("the list is empty.");
  return items[((number(args, 1) % items.length) + items.length) % items.length] ?? null;
}

function sliced(args: Args): Value {
  const [items, from, to] = [list(args), number(args, 1), number(args, 2)];
  if (from < 0 || to > items.length || from > to)
    throw new ValueFault("the list does not have this range.");
  return items.slice(from, to);
}

function range(args: Args): Value {
  const [first, limit] = args.length === 1 ? [0, number(args)] : [number(args), number(args, 1)];
  const step = args.length > 2 ? number(args, 2) : first <= limit ? 1 : -1;
  const count = Math.ceil((limit - first) / step);
  if (!(count <= 1024)) throw new ValueFault("more than 1024 numbers are too many.");
  return Array.from({ length: Math.max(count, 0) }, (_, index) => first + index * step);
}

function product(lists: readonly (readonly Value[])[]): Value {
  const size = lists.reduce((total, each) => total * each.length, 1);
  if (size > 10_000) throw new ValueFault("the product is too large.");
  return lists.reduce<readonly (readonly Value[])[]>(
    (all, items) => all.flatMap((before) => items.map((item) => [...before, item])),
    [[]],
  );
}

function mergedMaps(args: Args): Value {
  return Object.fromEntries(
    args.flatMap((each) => (each === null ? [] : Object.entries(entriesOf(each)))),
  );
}

function transposed(from: Entries): Value {
  const pairs = Object.entries(from).flatMap(([key, values]) =>
    listOf(values).map((each) => [textOf(each), key] as const),
  );
  const names = setOf(pairs.map(([name]) => name)).map(textOf);
  return Object.fromEntries(
    names.map((name) => [
      name,
      pairs
        .filter(([each]) => each === name)
        .map(([, key]) => key)
        .sort(byText),
    ]),
  );
}

/** JSON in Go's format: sorted keys, HTML characters escaped. */
function toJson(value: Value): string {
  if (isList(value)) return `[${value.map(toJson).join(",")}]`;
  if (isEntries(value)) {
    const items = sortedEntries(value).map(([name, item]) => `${toJson(name)}:${toJson(item)}`);
    return `{${items.join(",")}}`;
  }
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

function fromJson(from: string): Value {
  try {
    return JSON.parse(from) as Value; // JSON has no other values
  } catch {
    throw new ValueFault("the string is not JSON.");
  }
}

/** Translates a regular expression from Go to JavaScript. */
function pattern(source: string, flags: string): RegExp {
  const [whole, modes = ""] = /^\(\?([ims]+)\)/.exec(source) ?? [""];
  try {
    return new RegExp(source.slice(whole.length).replaceAll("(?P<", "(?<"), `${flags}${modes}u`);
  } catch {
    throw new ValueFault(`${source} is not a regular expression that wsgw reads.`);
  }
}

/** The whole match, or its groups by name or in order. */
function groupsOf(found: RegExpMatchArray): Value {
  if (found.groups !== undefined) return mapValues(found.groups, (each) => each ?? null);
  return found.length === 1 ? found[0] : found.slice(1).map((each) => each ?? null);
}

function regex(args: Args): Value {
  const found = text(args, 1).match(pattern(text(args), ""));
  if (found === null) throw new ValueFault("the pattern matches nothing.");
  return groupsOf(found);
}

function replaced(args: Args): Value {
  const [whole, wanted, by] = [text(args), text(args, 1), text(args, 2)];
  const source = /^\/(.+)\/$/s.exec(wanted)?.[1];
  if (source === undefined) return whole.replaceAll(wanted, () => by);
  const filled = by.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) =>
    /^\d+$/.test(name) ? `$${name}` : `$<${name}>`,
  );
  return whole.replace(pattern(source, "g"), filled);
}

function trimmed(whole: string, signs: string, sides: "both" | "start" | "end"): string {
  const all = [...whole];
  while (sides !== "end" && signs.includes(all[0] ?? "\0")) all.shift();
  while (sides !== "start" && signs.includes(all.at(-1) ?? "\0")) all.pop();
  return all.join("");
}

function substr(args: Args): Value {
  const [signs, offset, length] = [[...text(args)], number(args, 1), number(args, 2)];
  const start = offset < 0 ? Math.max(signs.length + offset, 0) : offset;
  return signs.slice(start, length < 0 ? undefined : start + length).join("");
}

function titled(value: string): string {
  return value.replace(
    /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** A shell pattern: `*`, `?`, `**`, `{a,b}`, `[abc]`. */
function globbed(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|[*?{},.+^$()|\\]/g, (sign) => {
    const known: Readonly<Record<string, string>> = {
      "**/": "(?:.*/)?",
      "**": ".*",
      "*": "[^/]*",
      "?": "[^/]",
      "{": "(?:",
      "}": ")",
      ",": "|",
    };
    return known[sign] ?? `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}

function fileset(args: Args, { paths, filesBelow }: FunctionContext): Value {
  const matches = globbed(text(args, 1));
  return setOf(filesBelow(paths.absolute(text(args))).filter((path) => matches.test(path)));
}

function templated(args: Args, context: FunctionContext, render: Render): Value {
  return render(parseTemplateText(bytesOf(text(args), context).toString("utf8")), entries(args, 1));
}

function converted(args: Args, convert: (value: Value) => Value): Value {
  return at(args, 0) === null ? null : convert(at(args, 0));
}

function only(args: Args): Value {
  const items = at(args, 0) === null ? [] : list(args);
  if (items.length > 1) throw new ValueFault("the list has more than one element.");
  return items[0] ?? null;
}

function typeName(value: Value): string {
  if (isList(value)) return `tuple([${value.map(typeName).join(", ")}])`;
  if (isEntries(value))
    return `object({${Object.keys(value)
      .map((name) => `${name}: ${typeName(value[name] ?? null)}`)
      .join(", ")}})`;
  return value === null ? "dynamic" : typeof value === "boolean" ? "bool" : typeof value;
}

const TEXTS: Readonly<Record<string, Implementation>> = {
  base64decode: ofText((value) => Buffer.from(value, "base64").toString("utf8")),
  base64encode: ofText((value) => Buffer.from(value).toString("base64")),
  chomp: ofText((value) => value.replace(/(?:\r?\n)+$/, "")),
  endswith: (args) => text(args).endsWith(text(args, 1)),
  format: (args) => format(text(args), args.slice(1)),
  formatlist: (args) => {
    const length = Math.max(...args.map((each) => (isList(each) ? each.length : 0)), 0);
    const row = (index: number) =>
      args.slice(1).map((each) => (isList(each) ? (each[index] ?? null) : each));
    return Array.from({ length }, (_, index) => format(text(args), row(index)));
  },
  indent: (args) => text(args, 1).replaceAll("\n", `\n${" ".repeat(Math.min(number(args), 1000))}`),
  join: (args) =>
    args
      .slice(1)
      .flatMap((each) => listOf(each).map(textOf))
      .join(text(args)),
  lower: ofText((value) => value.toLowerCase()),
  regex,
  regexall: (args) => [...text(args, 1).matchAll(pattern(text(args), "g"))].map(groupsOf),
  replace: replaced,
  split: (args) => text(args, 1).split(text(args)),
  startswith: (args) => text(args).startsWith(text(args, 1)),
  strcontains: (args) => text(args).includes(text(args, 1)),
  strrev: ofText((value) => [...value].reverse().join("")),
  substr,
  title: ofText(titled),
  trim: (args) => trimmed(text(args), text(args, 1), "both"),
  trimprefix: (args) =>
    text(args).startsWith(text(args, 1)) ? text(args).slice(text(args, 1).length) : text(args),
  trimspace: ofText((value) => value.trim()),
  trimsuffix: (args) => {
    const [whole, end] = [text(args), text(args, 1)];
    return end !== "" && whole.endsWith(end) ? whole.slice(0, -end.length) : whole;
  },
  upper: ofText((value) => value.toUpperCase()),
  urlencode: ofText((value) =>
    encodeURIComponent(value)
      .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+"),
  ),
};

const NUMBERS: Readonly<Record<string, Implementation>> = {
  abs: ofNumbers(Math.abs),
  ceil: ofNumbers(Math.ceil),
  floor: ofNumbers(Math.floor),
  log: (args) => Math.log(number(args)) / Math.log(number(args, 1)),
  max: ofNumbers(Math.max),
  min: ofNumbers(Math.min),
  parseint: (args) => {
    const value = Number.parseInt(text(args), number(args, 1));
    if (Number.isNaN(value))
      throw new ValueFault(`${kindOf(text(args))} is not a number of base ${number(args, 1)}.`);
    return value;
  },
  pow: (args) => number(args) ** number(args, 1),
  signum: ofNumbers(Math.sign),
  sum: (args) => list(args).reduce<number>((total, each) => total + numberOf(each), 0),
};

const COLLECTIONS: Readonly<Record<string, Implementation>> = {
  alltrue: (args) => list(args).every(truthOf),
  anytrue: (args) => list(args).some(truthOf),
  chunklist: (args) => {
    const [items, size] = [list(args), Math.max(number(args, 1), 1)];
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
      items.slice(index * size, (index + 1) * size),
    );
  },
  coalesce: (args) => firstOf(args, "arguments"),
  coalescelist: (args) => firstOf(args, "lists"),
  compact: (args) => list(args).filter((each) => each !== null && each !== ""),
  concat: (args) => args.flatMap(listOf),
  contains: (args) => list(args).some((each) => isSame(each, at(args, 1))),
  distinct: (args) =>
    list(args).filter(
      (each, index, all) => all.findIndex((other) => isSame(each, other)) === index,
    ),
  element,
  flatten: (args) => flat(list(args)),
  index: (args) => {
    const found = list(args).findIndex((each) => isSame(each, at(args, 1)));
    if (found < 0) throw new ValueFault("the list does not have the value.");
    return found;
  },
  keys: (args) => sortedEntries(entries(args)).map(([name]) => name),
  length: (args) => lengthOf(at(args, 0)),
  lookup,
  matchkeys: (args) =>
    list(args).filter((_, index) =>
      list(args, 2).some((each) => isSame(each, list(args, 1)[index] ?? null)),
    ),
  merge: mergedMaps,
  one: only,
  range,
  reverse: (args) => list(args).toReversed(),
  setintersection: (args) =>
    setOf(
      list(args).filter((each) =>
        args.every((other) => listOf(other).some((one) => isSame(one, each))),
      ),
    ),
  setproduct: (args) => product(args.map(listOf)),
  setsubtract: (args) =>
    setOf(list(args).filter((each) => !list(args, 1).some((other) => isSame(each, other)))),
  setunion: (args) => setOf(args.flatMap(listOf)),
  slice: sliced,
  sort: (args) => list(args).map(textOf).sort(byText),
  transpose: (args) => transposed(entries(args)),
  values: (args) => sortedEntries(entries(args)).map(([, value]) => value),
  zipmap: (args) =>
    Object.fromEntries(
      list(args).map((name, index) => [textOf(name), list(args, 1)[index] ?? null]),
    ),
};

const CONVERSIONS: Readonly<Record<string, Implementation>> = {
  issensitive: () => false,
  jsondecode: ofText(fromJson),
  jsonencode: (args) => toJson(at(args, 0)),
  nonsensitive: (args) => at(args, 0),
  sensitive: (args) => at(args, 0),
  tobool: (args) => converted(args, truthOf),
  tolist: (args) => converted(args, listOf),
  tomap: (args) => converted(args, entriesOf),
  tonumber: (args) => converted(args, numberOf),
  toset: (args) => converted(args, (value) => setOf(listOf(value))),
  tostring: (args) => converted(args, textOf),
  type: (args) => typeName(at(args, 0)),
  yamldecode: (args, { yaml }) => {
    try {
      return yaml(text(args));
    } catch {
      throw new ValueFault("the string is not YAML.");
    }
  },
};

const FILES: Readonly<Record<string, Implementation>> = {
  abspath: (args, { paths }) => paths.absolute(text(args)),
  basename: (args, { paths }) => paths.basename(text(args)),
  dirname: (args, { paths }) => paths.dirname(text(args)),
  file: (args, context) => bytesOf(text(args), context).toString("utf8"),
  filebase64: (args, context) => bytesOf(text(args), context).toString("base64"),
  fileexists: (args, { paths, read }) =>
    read(paths.absolute(paths.expanded(text(args)))) !== undefined,
  fileset,
  pathexpand: (args, { paths }) => paths.expanded(text(args)),
  templatefile: templated,
  templatestring: (args, _, render) => render(parseTemplateText(text(args)), entries(args, 1)),
};

/** Constant, like all placeholders. */
const A_TIME = "2026-01-01T00:00:00Z";

const HASHES: Readonly<Record<string, Implementation>> = {
  base64sha256: hash("sha256", "base64", false),
  base64sha512: hash("sha512", "base64", false),
  filebase64sha256: hash("sha256", "base64", true),
  filebase64sha512: hash("sha512", "base64", true),
  filemd5: hash("md5", "hex", true),
  filesha1: hash("sha1", "hex", true),
  filesha256: hash("sha256", "hex", true),
  filesha512: hash("sha512", "hex", true),
  md5: hash("md5", "hex", false),
  plantimestamp: () => A_TIME,
  sha1: hash("sha1", "hex", false),
  sha256: hash("sha256", "hex", false),
  sha512: hash("sha512", "hex", false),
  timestamp: () => A_TIME,
  uuid: () => "00000000-0000-4000-8000-000000000000",
};

const FUNCTIONS: Readonly<Record<string, Implementation>> = {
  ...TEXTS,
  ...NUMBERS,
  ...COLLECTIONS,
  ...CONVERSIONS,
  ...FILES,
  ...HASHES,
};
