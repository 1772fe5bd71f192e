import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { Place } from "../../definition/places.ts";
import { mapValues } from "../../values/map-values.ts";
import type { Json, JsonObject, Origins } from "./rules/origins.ts";
import type { Report } from "./rules/report.ts";
import { field, isList, isObject, oneOrMore } from "./rules/tree.ts";
import { parseTemplate } from "./template-file.ts";

export type IncludeOptions = {
  /** Absolute path of the template. Its includes are relative to it. */
  readonly file: string;
  /** The directory outside of which no file is read; absolute. */
  readonly root: string;
  /** Evaluates a Location that is an intrinsic function; undefined if an error has been reported. */
  readonly evaluate: (location: Json) => Json | undefined;
};

export type Included = {
  readonly template: JsonObject;
  /** The files that were read or are missing; absolute. */
  readonly files: readonly string[];
};

const INCLUDE = "AWS::Include";
const FUNCTION = "Fn::Transform";
const MOST_INCLUDES = 100;
const LARGEST_BYTES = 1024 * 1024;

/**
 * The template with its AWS::Include transforms, at the top level or in `Fn::Transform`, replaced by local
 * files.
 */
export function includeFiles(
  template: JsonObject,
  options: IncludeOptions,
  origins: Origins,
  report: Report,
): Included {
  const includes = new Includes(options, origins, report);
  const included = includes.topLevel(template);
  return { template: included, files: [...includes.files] };
}

class Includes {
  readonly files = new Set<string>();
  readonly #options: IncludeOptions;
  readonly #origins: Origins;
  readonly #report: Report;
  #count = 0;

  constructor(options: IncludeOptions, origins: Origins, report: Report) {
    this.#options = options;
    this.#origins = origins;
    this.#report = report;
  }

  topLevel(template: JsonObject): JsonObject {
    const chain = [this.#options.file];
    const transforms = oneOrMore(field(template, "Transform"));
    const rest = transforms.filter((item) => !isInclude(item));
    const expanded = this.#expandObject(template, chain);
    if (rest.length === transforms.length) return expanded;
    const others = Object.entries(expanded).filter(([name]) => name !== "Transform");
    if (rest.length > 0) others.push(["Transform", rest]);
    let merged = this.#origins.inherit<JsonObject>(Object.fromEntries(others), template);
    for (const item of transforms.filter(isInclude)) {
      const content = this.#read(item, chain);
      if (content !== undefined) merged = this.#mergeSections(merged, content);
    }
    return merged;
  }

  /** A section that exists in both gets the entries of both. */
  #mergeSections(template: JsonObject, content: JsonObject): JsonObject {
    const own = new Map(Object.entries(template));
    const added = mapValues(content, (section, name) => {
      const before = own.get(name);
      if (!isObject(before) || !isObject(section)) return section;
      own.delete(name);
      return this.#merge(before, section);
    });
    return this.#merge(
      this.#origins.inherit<JsonObject>(Object.fromEntries(own), template),
      this.#origins.inherit(added, content),
    );
  }

  #expand(node: Json, chain: readonly string[]): Json {
    if (isObject(node)) return this.#expandObject(node, chain);
    if (!isList(node)) return node;
    const items = node.map((item) => this.#expand(item, chain));
    if (items.every((item, at) => item === node[at])) return node;
    return this.#origins.inherit(items, node);
  }

  #expandObject(node: JsonObject, chain: readonly string[]): JsonObject {
    const transform = field(node, FUNCTION);
    const entries = Object.entries(node);
    if (transform === undefined || !isInclude(transform)) {
      const expanded = entries.map(([key, value]) => [key, this.#expand(value, chain)] as const);
      if (expanded.every(([key, value]) => value === node[key])) return node;
      return this.#origins.inherit(Object.fromEntries(expanded), node);
    }
    const others = entries.filter(([key]) => key !== FUNCTION);
    const own = others.map(([key, value]) => [key, this.#expand(value, chain)] as const);
    const content = this.#read(transform, chain);
    const beside: JsonObject = this.#origins.inherit(Object.fromEntries(own), node);
    return content === undefined ? beside : this.#merge(beside, content);
  }

  /** The entries of both, each with its own place. */
  #merge(own: JsonObject, content: JsonObject): JsonObject {
    const places = new Map<string, Place>();
    const fields = new Map<string, Json>();
    for (const from of [own, content]) {
      for (const [key, value] of Object.entries(from)) {
        const origin = this.#origins.of(from, key);
        if (fields.has(key)) {
          const problem = `"${key}" is in the included file and next to the include. Remove one.`;
          this.#report({ severity: "error", origin, problem });
          continue;
        }
        fields.set(key, value);
        if (origin !== undefined) places.set(key, origin);
      }
    }
    const merged = Object.fromEntries(fields);
    const origin = this.#origins.of(own) ?? this.#origins.of(content);
    if (origin !== undefined) this.#origins.note(merged, origin, places);
    return merged;
  }

  /** The contents of an included file, with its own includes resolved. */
  #read(transform: JsonObject, chain: readonly string[]): JsonObject | undefined {
    const parameters = field(transform, "Parameters") ?? null;
    const written = isObject(parameters) ? field(parameters, "Location") : undefined;
    if (written === undefined)
      return this.#fail(
        transform,
        "AWS::Include has no Location. Set it to a local file in Parameters.",
      );
    const location = this.#options.evaluate(written);
    if (location === undefined) return undefined;
    if (typeof location !== "string") return this.#fail(transform, "The Location is not a string.");
    if (/^(?:s3|https?):/i.test(location)) {
      const problem = `wsgw does not read ${location} and includes nothing. Use a local file.`;
      this.#find("warning", transform, problem);
      return undefined;
    }
    const path = resolve(dirname(chain.at(-1) ?? ""), location);
    if (chain.includes(path))
      return this.#fail(transform, `${location} includes itself. Remove the circular include.`);
    this.#count += 1;
    if (this.#count > MOST_INCLUDES) return this.#failOnce(transform);
    const text = this.#textOf(path, location, transform);
    const content =
      text === undefined ? undefined : parseTemplate(text, path, this.#origins, this.#report);
    return content === undefined ? undefined : this.#expandObject(content, [...chain, path]);
  }

  #textOf(path: string, location: string, transform: JsonObject): string | undefined {
    if (!isInside(path, this.#options.root))
      return this.#fail(transform, `${location} is outside of the project. Move it inside.`);
    this.files.add(path);
    try {
      if (!isInside(realpathSync(path), realpathSync(this.#options.root)))
        return this.#fail(
          transform,
          `${location} is a link to outside of the project. Move it inside.`,
        );
      const info = statSync(path);
      if (!info.isFile()) return this.#fail(transform, `${location} is not a file.`);
      if (info.size > LARGEST_BYTES)
        return this.#fail(transform, `${location} is larger than 1 MB.`);
      return readFileSync(path, "utf8");
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? ` (${error.code})` : "";
      return this.#fail(transform, `${location} cannot be read${reason}. Check its path.`);
    }
  }

  #failOnce(transform: JsonObject): undefined {
    if (this.#count > MOST_INCLUDES + 1) return undefined;
    return this.#fail(transform, `The template includes more than ${MOST_INCLUDES} files.`);
  }

  #fail(node: JsonObject, problem: string): undefined {
    this.#find("error", node, problem);
    return undefined;
  }

  #find(severity: "error" | "warning", node: JsonObject, problem: string): void {
    this.#report({ severity, origin: this.#origins.of(node), problem });
  }
}

function isInclude(transform: Json): transform is JsonObject {
  return isObject(transform) && field(transform, "Name") === INCLUDE;
}

function isInside(path: string, directory: string): boolean {
  const below = relative(directory, path);
  return below !== ".." && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
