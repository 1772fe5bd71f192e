import type { Path } from "../../definition/faults.ts";
import type { Place } from "../../definition/places.ts";
import { type Composed, composeYaml } from "./compose-yaml.ts";
import type { Json, JsonObject, Origin, Origins } from "./rules/origins.ts";
import { readPlainYaml } from "./rules/plain-yaml.ts";
import type { Report } from "./rules/report.ts";
import { longArgument, longForm, nearestTag } from "./rules/short-tags.ts";
import { isObject } from "./rules/tree.ts";
import type { YamlList, YamlMap, YamlNode, YamlScalar } from "./rules/yaml-nodes.ts";
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
    return fail(start, "The template exceeds CloudFormation's limit of 1 MB. Split it.");
  const place = placesIn(source);
  const binary = NOT_TEXT.exec(source);
  if (binary !== null) {
    const before = source.slice(0, binary.index).split("\n");
    const at = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return fail(at, "The file is not UTF-8. Save the template as UTF-8.");
  }
  const read = (content: YamlNode | undefined) =>
    new TemplateReader(file, place, origins, report).read(content);
  const plain = readPlainYaml(source);
  if (plain !== undefined) return read(plain);
  const { documents, errors, tooDeepAt } = composeYaml(source, DEEPEST);
  if (tooDeepAt !== undefined) return fail(place(tooDeepAt), TOO_DEEP);
  if (reportSyntax(errors, place, fail)) return undefined;
  const [first, second] = documents;
  if (first === undefined) return fail(start, "The template is empty. Add a Resources section.");
  if (second !== undefined) {
    const at = place(second.offset);
    return fail(at, "A second document begins here. Remove it: a template is one document.");
  }
  return read(first.content);
}

const TOO_DEEP = `Values are nested more than ${DEEPEST} levels deep. Flatten them.`;

/** Line and column of offsets. */
function placesIn(source: string): (offset: number) => Place {
  const starts = [0];
  for (let at = source.indexOf("\n"); at !== -1; at = source.indexOf("\n", at + 1))
    starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** Reports the first syntax error of each line. */
function reportSyntax(
  errors: Composed["errors"],
  place: (offset: number) => Place,
  fail: (place: Place, problem: string) => void,
): boolean {
  const lines = new Set<number>();
  for (const { code, message, offset } of errors) {
    const at = place(offset);
    if (lines.has(at.line) || lines.size === MOST_SYNTAX_ERRORS) continue;
    lines.add(at.line);
    fail(at, SYNTAX[code] ?? `The file is not valid YAML: ${message.replace(/\.?$/, ".")}`);
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
    'A value contains ": " without quotes, or its indentation is wrong. Quote the value or indent it.',
};

type Read = { readonly value: Json | undefined; readonly weight: number };

const NOTHING: Read = { value: undefined, weight: 1 };

/** Reads one document. Invalid values are undefined, and reported. */
class TemplateReader {
  readonly #file: string;
  readonly #place: (offset: number) => Place;
  readonly #origins: Origins;
  readonly #report: Report;
  readonly #anchors = new Map<string, Read | "open">();
  #values = 0;
  #faults = 0;
  /** Stops reading: there are too many values or errors. */
  #isFull = false;

  constructor(file: string, place: (offset: number) => Place, origins: Origins, report: Report) {
    this.#file = file;
    this.#place = place;
    this.#origins = origins;
    this.#report = report;
  }

  read(content: YamlNode | undefined): Json | undefined {
    const { value } = this.#read(content, []);
    return this.#faults === 0 ? value : undefined;
  }

  #read(node: YamlNode | undefined, path: Path): Read {
    if (this.#isFull) return NOTHING;
    if (path.length > DEEPEST) return this.#failAt(node, path, TOO_DEEP);
    if (node === undefined) return this.#count({ value: null, weight: 1 });
    if (node.kind === "alias") return this.#alias(node.name, node, path);
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

  #alias(name: string, node: YamlNode, path: Path): Read {
    const target = this.#anchors.get(name);
    if (target === "open")
      return this.#failAt(node, path, `The alias *${name} is inside the value that it repeats.`);
    if (target === undefined)
      return this.#failAt(node, path, `The alias *${name} has no anchor &${name} before it.`);
    return this.#count(target, target.weight);
  }

  #tagged(node: YamlScalar | YamlMap | YamlList, path: Path): Read {
    const { tag } = node;
    if (tag === undefined || CORE_TAG.test(tag.name)) return this.#untagged(node, path);
    if (tag.name === "!" && node.kind === "scalar") return text(node);
    const form = longForm(tag.name);
    const written = tag.name.replace(YAML_TAG, "!!");
    const place = this.#place(tag.offset);
    if (form === undefined) return this.#unknownTag(written, place, path);
    const below = [...path, form];
    const read = node.kind === "scalar" ? text(node) : this.#untagged(node, below);
    if (read.value === undefined) return read;
    const argument = longArgument(form, read.value);
    if (node.kind === "scalar" && typeof argument === "object" && argument !== null)
      this.#origins.note(argument, this.#origin(place, below));
    const value = { [form]: argument };
    this.#origins.note(value, this.#origin(place, path), new Map([[form, place]]));
    return { value, weight: read.weight + 1 };
  }

  #unknownTag(tag: string, place: Place, path: Path): Read {
    const near = nearestTag(tag);
    const advice = near === undefined ? "Remove it or quote the value." : `Did you mean ${near}?`;
    return this.#fail(place, path, `The tag ${tag} is not a CloudFormation tag. ${advice}`);
  }

  #untagged(node: YamlScalar | YamlMap | YamlList, path: Path): Read {
    if (node.kind === "map") return this.#map(node, path);
    if (node.kind === "list") return this.#list(node, path);
    if (!node.isPlain || node.tag?.name === `${YAML_TAG}str`) return text(node);
    const value = plainScalar(node.text);
    if (value === null) this.#warnOfNull(node, path);
    return { value, weight: weigh(value) };
  }

  #warnOfNull(node: YamlScalar, path: Path): void {
    const origin = this.#origin(this.#placeOf(node), path);
    const problem = `${path.at(-1) ?? "The template"} has no value. CloudFormation rejects null: add a value or remove the key.`;
    this.#report({ severity: "warning", origin, problem });
  }

  #list(node: YamlList, path: Path): Read {
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

  #map(node: YamlMap, path: Path): Read {
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
      if (name === "<<" && key?.kind === "scalar" && key.isPlain) {
        merged.push(...this.#merged(read.value, place, below));
        continue;
      }
      if (first !== undefined) {
        this.#fail(
          place,
          below,
          `${name} appears twice. The first is on line ${first.line}. Remove one.`,
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

  #key(key: YamlNode | undefined, path: Path): string | undefined {
    if (key?.kind === "scalar" && key.tag === undefined && !(key.isPlain && key.text === "")) {
      if (key.anchor !== undefined) this.#anchors.set(key.anchor, text(key));
      return key.text;
    }
    if (key?.kind === "alias") {
      const { value } = this.#alias(key.name, key, path);
      if (typeof value === "string") return value;
    }
    this.#failAt(key, path, "A key is not a string. Write the key as a plain word or in quotes.");
    return undefined;
  }

  /** The objects that `<<` merges. */
  #merged(value: Json | undefined, place: Place, path: Path): readonly JsonObject[] {
    if (value === undefined) return [];
    const list: readonly Json[] = Array.isArray(value) ? value : [value];
    const objects = list.filter(isObject);
    if (objects.length < list.length)
      this.#fail(place, path, "<< needs an object or a list of objects, usually as an alias.");
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

  #placeOf(node: YamlNode | undefined): Place {
    return this.#place(node?.offset ?? 0);
  }

  #failAt(node: YamlNode | undefined, path: Path, problem: string): Read {
    return this.#fail(this.#placeOf(node), path, problem);
  }

  #fail(place: Place, path: Path, problem: string): Read {
    this.#faults += 1;
    this.#isFull ||= this.#faults === MOST_FAULTS;
    this.#report({ severity: "error", origin: this.#origin(place, path), problem });
    return NOTHING;
  }
}

function text({ text: value }: YamlScalar): { readonly value: string; readonly weight: number } {
  return { value, weight: weigh(value) };
}

/** Long strings weigh more, so that aliases cannot repeat them without limit. */
function weigh(value: Json): number {
  return typeof value === "string" ? 1 + Math.floor(value.length / 32) : 1;
}
