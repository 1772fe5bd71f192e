import {
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type Scalar,
  type Tags,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path } from "../../definition/faults.ts";
import type { Place } from "../../definition/places.ts";
import type { Json, JsonObject, Origin, Origins } from "./rules/origins.ts";
import type { Report } from "./rules/report.ts";
import { longArgument, longForm, nearestTag, SHORT_TAGS } from "./rules/short-tags.ts";
import { isObject } from "./rules/tree.ts";
import { plainScalar } from "./rules/yaml-scalars.ts";

/** CloudFormation's maximum. */
const LARGEST_BYTES = 1024 * 1024;
const DEEPEST = 100;
/** Values including those repeated by aliases. A template of 1 MB without aliases has fewer. */
const MOST_VALUES = 500_000;
const MOST_SYNTAX_ERRORS = 10;
const MOST_FAULTS = 50;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these tell a binary file from text
const NOT_TEXT = /[\0-\x08\x0b\x0e-\x1f\x7f]/;
const YAML_TAG = "tag:yaml.org,2002:";
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/**
 * Parses a template as YAML or JSON, expands short tags, and notes the places of all values in `origins`.
 * Reports errors; undefined if it cannot be parsed.
 */
export function parseTemplate(
  text: string,
  file: string,
  origins: Origins,
  report: Report,
): JsonObject | undefined {
  const template = parseDocument(text, file, origins, report);
  if (template === undefined || isObject(template)) return template;
  const problem = "The template is not an object. Add sections such as Resources.";
  report({ severity: "error", origin: { file, path: [], line: 1, column: 1 }, problem });
  return undefined;
}

/** Like `parseTemplate()`, for a file with any value, such as a part of a template. */
export function parseDocument(
  text: string,
  file: string,
  origins: Origins,
  report: Report,
): Json | undefined {
  const source = text.replace(/^\uFEFF/, "");
  const fail = (place: Place, problem: string) => {
    report({ severity: "error", origin: { file, path: [], ...place }, problem });
    return undefined;
  };
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(source) > LARGEST_BYTES)
    return fail(start, "The template is larger than 1 MB, the most that CloudFormation takes.");
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? start : { line, column: col };
  };
  const binary = NOT_TEXT.exec(source);
  if (binary !== null) {
    const before = source.slice(0, binary.index).split("\n");
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return fail(at, "The file is not text in UTF-8. Save the template as UTF-8.");
  }
  const { documents, tooDeepAt } = compose(source, lines);
  if (tooDeepAt !== undefined) return fail(place(tooDeepAt), TOO_DEEP);
  if (reportSyntax(documents, place, fail)) return undefined;
  const [first, second] = documents.filter(hasContent);
  if (first === undefined) return fail(start, "The template is empty. Add a Resources section.");
  if (second !== undefined) {
    const at = place(second.range[0]);
    return fail(at, "A second document begins here. A template is one document: remove the rest.");
  }
  return new TemplateReader(file, source, place, origins, report).read(first);
}

const TOO_DEEP = `Values are nested more than ${DEEPEST} levels deep. Flatten them.`;

function hasContent(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents !== null && !(isScalar(contents) && contents.source === "");
}

type Composed = {
  readonly documents: readonly Document.Parsed[];
  /** Offset of nesting that is deeper than the reader supports. */
  readonly tooDeepAt?: number;
};

/**
 * Parses token by token and stops at excessive nesting: the parser takes half a minute for a megabyte of
 * brackets. Scalars stay strings, for `plainScalar`.
 */
function compose(text: string, lines: LineCounter): Composed {
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer(COMPOSED);
  const documents: Document.Parsed[] = [];
  const depth = new Depth();
  let offset = 0;
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    if (depth.isExceededBy(lexeme)) return { documents: [], tooDeepAt: offset };
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    offset = parser.offset;
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(false, text.length));
  return { documents };
}

/** Unknown tags are slow: the composer creates a warning with a stack for each. */
const COMPOSED = {
  schema: "failsafe",
  prettyErrors: false,
  uniqueKeys: false,
  customTags: SHORT_TAGS.flatMap(
    (tag): Tags => [
      { tag, resolve: (text: string) => text },
      { tag, collection: "map", resolve: (map) => map },
      { tag, collection: "seq", resolve: (seq) => seq },
    ],
  ),
} as const;

/** Nesting of tokens in brackets, and of those that can repeat on a line: `- - -`, `? ?`, tags, anchors. */
class Depth {
  #brackets = 0;
  #repeated = 0;

  isExceededBy(lexeme: string): boolean {
    switch (CST.tokenType(lexeme)) {
      case "flow-map-start":
      case "flow-seq-start":
        this.#brackets += 1;
        break;
      case "flow-map-end":
      case "flow-seq-end":
        this.#brackets -= 1;
        break;
      case "seq-item-ind":
      case "explicit-key-ind":
      case "tag":
      case "anchor":
        this.#repeated += 1;
        break;
      case "scalar":
      case "alias":
      case "newline":
        this.#repeated = 0;
        break;
    }
    return this.#brackets > DEEPEST || this.#repeated > DEEPEST;
  }
}

/** Reports the first syntax error of each line. */
function reportSyntax(
  documents: readonly Document.Parsed[],
  place: (offset: number) => Place,
  fail: (place: Place, problem: string) => void,
): boolean {
  const lines = new Set<number>();
  for (const { code, message, pos } of documents.flatMap(({ errors }) => errors)) {
    const at = place(pos[0]);
    if (lines.has(at.line) || lines.size === MOST_SYNTAX_ERRORS) continue;
    lines.add(at.line);
    fail(at, SYNTAX[code] ?? `The text is not valid YAML: ${message.replace(/\.?$/, ".")}`);
    if (code === "RESOURCE_EXHAUSTION") break; // later errors depend on the remaining stack
  }
  return lines.size > 0;
}

const SYNTAX: { readonly [code: string]: string } = {
  TAB_AS_INDENT: "YAML does not allow tabs as indentation. Use spaces.",
  MULTIPLE_TAGS:
    "A value has two short tags. Write the outer function in its long form, such as Fn::Base64: !Sub text.",
  RESOURCE_EXHAUSTION: TOO_DEEP,
  BLOCK_AS_IMPLICIT_KEY:
    'A value holds ": " without quotes, or its indentation is wrong. Quote the value or indent it.',
};

type Read = { readonly value: Json | undefined; readonly weight: number };

const NOTHING: Read = { value: undefined, weight: 1 };

/** Reads one document. Invalid values are undefined, and reported. */
class TemplateReader {
  readonly #file: string;
  readonly #text: string;
  readonly #place: (offset: number) => Place;
  readonly #origins: Origins;
  readonly #report: Report;
  readonly #anchors = new Map<string, Read | "open">();
  #values = 0;
  #faults = 0;
  /** Stops reading: there are too many values or errors. */
  #isFull = false;

  constructor(
    file: string,
    text: string,
    place: (offset: number) => Place,
    origins: Origins,
    report: Report,
  ) {
    this.#file = file;
    this.#text = text;
    this.#place = place;
    this.#origins = origins;
    this.#report = report;
  }

  read(document: Document.Parsed): Json | undefined {
    const { value } = this.#read(document.contents, []);
    return this.#faults === 0 ? value : undefined;
  }

  #read(node: unknown, path: Path): Read {
    if (this.#isFull) return NOTHING;
    if (path.length > DEEPEST) return this.#failAt(node, path, TOO_DEEP);
    if (isAlias(node)) return this.#alias(node.source, node, path);
    if (!isScalar(node) && !isMap(node) && !isSeq(node))
      return this.#count({ value: null, weight: 1 });
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, "open");
    const read = this.#count(this.#tagged(node, path));
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, read);
    return read;
  }

  /** Stops at more values than the largest template without aliases has. */
  #count(read: Read, added = 1): Read {
    this.#values += added;
    if (this.#values <= MOST_VALUES || this.#isFull) return read;
    this.#isFull = true;
    return this.#fail(
      { line: 1, column: 1 },
      [],
      "Aliases make the template too large. Repeat fewer values with aliases.",
    );
  }

  #alias(name: string, node: unknown, path: Path): Read {
    const target = this.#anchors.get(name);
    if (target === "open")
      return this.#failAt(
        node,
        path,
        `The alias *${name} stands inside the value that it repeats.`,
      );
    if (target === undefined)
      return this.#failAt(node, path, `The alias *${name} has no anchor &${name} before it.`);
    return this.#count(target, target.weight);
  }

  #tagged(node: Scalar | YAMLMap | YAMLSeq, path: Path): Read {
    const { tag } = node;
    if (tag === undefined || CORE_TAG.test(tag)) return this.#untagged(node, path);
    if (tag === "!" && isScalar(node)) return text(node);
    const form = longForm(tag);
    const written = tag.replace(YAML_TAG, "!!");
    const offset = this.#text.lastIndexOf(written, node.range?.[0]);
    const place = this.#place(offset === -1 ? (node.range?.[0] ?? 0) : offset);
    if (form === undefined) return this.#unknownTag(written, place, path);
    const below = [...path, form];
    const read = isScalar(node) ? text(node) : this.#untagged(node, below);
    if (read.value === undefined) return read;
    const argument = longArgument(form, read.value);
    if (isScalar(node) && typeof argument === "object" && argument !== null)
      this.#origins.note(argument, this.#origin(place, below));
    const value = { [form]: argument };
    this.#origins.note(value, this.#origin(place, path), new Map([[form, place]]));
    return { value, weight: read.weight + 1 };
  }

  #unknownTag(tag: string, place: Place, path: Path): Read {
    const near = nearestTag(tag);
    const advice = near === undefined ? "Remove it or quote the value." : `Did you mean ${near}?`;
    return this.#fail(place, path, `The tag ${tag} is not one of CloudFormation. ${advice}`);
  }

  #untagged(node: Scalar | YAMLMap | YAMLSeq, path: Path): Read {
    if (isMap(node)) return this.#map(node, path);
    if (isSeq(node)) return this.#list(node, path);
    if (node.type !== "PLAIN" || node.tag === `${YAML_TAG}str`) return text(node);
    const value = plainScalar(node.source ?? "");
    if (value === null) this.#warnOfNull(node, path);
    return { value, weight: weigh(value) };
  }

  #warnOfNull(node: Scalar, path: Path): void {
    const origin = this.#origin(this.#placeOf(node), path);
    const problem = `${path.at(-1) ?? "The template"} has no value. CloudFormation rejects null: add a value or remove the key.`;
    this.#report({ severity: "warning", origin, problem });
  }

  #list(node: YAMLSeq, path: Path): Read {
    const value: Json[] = [];
    const places = new Map<number, Place>();
    let weight = 1;
    for (const item of node.items) {
      const at = value.length;
      const read = this.#read(item, [...path, at]);
      weight += read.weight;
      if (read.value === undefined) continue;
      places.set(at, this.#placeOf(item));
      value.push(read.value);
    }
    this.#origins.note(value, this.#origin(this.#placeOf(node), path), places);
    return { value, weight };
  }

  #map(node: YAMLMap, path: Path): Read {
    const fields = new Map<string, Json>();
    const places = new Map<string, Place>();
    const merged: JsonObject[] = [];
    let weight = 1;
    for (const { key, value: item } of node.items) {
      const name = this.#key(key, path);
      if (name === undefined) continue;
      const place = this.#placeOf(key);
      const first = places.get(name);
      const below = [...path, name];
      const read = this.#read(item, below);
      weight += read.weight;
      if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        merged.push(...this.#merged(read.value, place, below));
        continue;
      }
      if (first !== undefined) {
        this.#fail(
          place,
          below,
          `${name} appears twice; the first is on line ${first.line}. Remove one.`,
        );
        continue;
      }
      places.set(name, place);
      if (read.value !== undefined) fields.set(name, read.value);
    }
    for (const from of merged) this.#merge(from, fields, places);
    const value: JsonObject = Object.fromEntries(fields);
    this.#origins.note(value, this.#origin(this.#placeOf(node), path), places);
    return { value, weight };
  }

  #key(key: unknown, path: Path): string | undefined {
    if (isScalar(key) && key.tag === undefined && key.source !== undefined && key.source !== "") {
      if (key.anchor !== undefined) this.#anchors.set(key.anchor, text(key));
      return text(key).value;
    }
    if (isAlias(key)) {
      const { value } = this.#alias(key.source, key, path);
      if (typeof value === "string") return value;
    }
    if (isScalar(key) && key.type !== "PLAIN" && key.tag === undefined) return text(key).value;
    this.#failAt(key, path, "A key is not a string. Write the key as a plain word or in quotes.");
    return undefined;
  }

  /** The objects that `<<` merges. */
  #merged(value: Json | undefined, place: Place, path: Path): readonly JsonObject[] {
    if (value === undefined) return [];
    const list: readonly Json[] = Array.isArray(value) ? value : [value];
    const objects = list.filter(isObject);
    if (objects.length < list.length)
      this.#fail(place, path, "<< takes an object or a list of objects, mostly as an alias.");
    return objects;
  }

  /** Keys next to `<<` take precedence over merged ones. */
  #merge(from: JsonObject, fields: Map<string, Json>, places: Map<string, Place>): void {
    for (const [name, value] of Object.entries(from)) {
      if (fields.has(name)) continue;
      fields.set(name, value);
      const origin = this.#origins.of(from, name);
      if (origin !== undefined) places.set(name, { line: origin.line, column: origin.column });
    }
  }

  #origin(place: Place, path: Path): Origin {
    return { file: this.#file, path, ...place };
  }

  #placeOf(node: unknown): Place {
    return this.#place(offsetOf(node));
  }

  #failAt(node: unknown, path: Path, problem: string): Read {
    return this.#fail(this.#placeOf(node), path, problem);
  }

  #fail(place: Place, path: Path, problem: string): Read {
    this.#faults += 1;
    this.#isFull ||= this.#faults === MOST_FAULTS;
    this.#report({ severity: "error", origin: this.#origin(place, path), problem });
    return NOTHING;
  }
}

function offsetOf(node: unknown): number {
  const known = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
  return (known ? node.range?.[0] : undefined) ?? 0;
}

function text(node: Scalar): { readonly value: string; readonly weight: number } {
  const value = String(node.value ?? "");
  return { value, weight: weigh(value) };
}

/** Long strings weigh more, so that aliases cannot repeat them without limit. */
function weigh(value: Json): number {
  return typeof value === "string" ? 1 + Math.floor(value.length / 32) : 1;
}
