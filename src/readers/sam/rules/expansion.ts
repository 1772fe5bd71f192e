import { didYouMean } from "../../../definition/faults.ts";
import { isObject } from "../../../values/json.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { type SamType, wordsOf } from "./vocabulary.ts";

/** A resource of SAM, with what `Globals` says merged into its properties. */
export type SamResource = {
  readonly id: string;
  readonly type: SamType;
  /** As the template has it: its attributes, such as `Condition`, stand here. */
  readonly written: JsonObject;
  readonly properties: JsonObject;
};

/** A path of a REST or HTTP API, as an event asks for it. */
export type ApiPath = {
  readonly type: "Api" | "HttpApi";
  /** The id of its API; undefined for the one that SAM makes by itself. */
  readonly api: string | undefined;
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
  /** Of the function. */
  readonly condition: Json | undefined;
};

/** Attributes that everything made from a resource takes over. */
const SHARED_ATTRIBUTES = ["Condition", "DeletionPolicy", "UpdateReplacePolicy"];
/** Those that only the resource itself keeps. */
const OWN_ATTRIBUTES = [...SHARED_ATTRIBUTES, "DependsOn", "Metadata", "UpdatePolicy"];

/** What becomes of the resources of a template while SAM's are expanded. */
export class Expansion {
  readonly resources = new Map<string, JsonObject>();
  readonly conditions = new Map<string, Json>();
  /** What `Chat.Alias` stands for: the id of what was made. */
  readonly references = new Map<string, string>();
  readonly apiPaths: ApiPath[] = [];
  readonly origins: Origins;
  readonly #report: Report;

  constructor(origins: Origins, report: Report) {
    this.origins = origins;
    this.#report = report;
  }

  /** What a resource of SAM itself becomes; it keeps the id and all attributes. */
  main(sam: SamResource, type: string, properties: JsonObject, attributes: JsonObject = {}): void {
    const own = pick(sam.written, OWN_ATTRIBUTES);
    this.#put(sam.id, { ...attributes, ...own, Type: type }, properties, sam);
  }

  /** What is made beside it, from a part of it. */
  beside(
    sam: SamResource,
    id: string,
    type: string,
    properties: JsonObject,
    attributes: JsonObject = {},
  ): void {
    const shared = pick(sam.written, SHARED_ATTRIBUTES);
    this.#put(id, { ...shared, ...attributes, Type: type }, properties, sam);
  }

  #put(id: string, attributes: JsonObject, properties: JsonObject, sam: SamResource): void {
    const resource = { ...attributes, Properties: properties };
    this.origins.inherit(properties, sam.properties);
    this.resources.set(id, this.origins.inherit(resource, sam.written));
  }

  /** Gives `made` the places of what it was made from, also for properties that have another name there. */
  from<T extends JsonObject>(
    made: T,
    source: unknown,
    renamed: Readonly<Record<string, string>> = {},
  ): T {
    return this.origins.from(made, source, renamed);
  }

  error(problem: string, node: unknown, key?: string): void {
    this.#report({ severity: "error", origin: this.origins.of(node, key), problem });
  }

  /** A resource lacks a property, which CloudFormation misses too. */
  lacks(missing: string, problem: string, node: unknown): void {
    this.#report({ severity: "error", origin: this.origins.of(node), problem, missing });
  }

  warn(problem: string, node: unknown, key?: string): void {
    this.#report({ severity: "warning", origin: this.origins.of(node, key), problem });
  }

  /**
   * Reports names that SAM does not know and names that it misses. `words` is a list of the vocabulary. Where SAM
   * passes over unknown names, they are warnings.
   */
  checkWords(
    what: string,
    map: JsonObject,
    words: string,
    unknown: "refused" | "ignored" = "refused",
  ): void {
    const { known, required } = wordsOf(words);
    for (const name of Object.keys(map).filter((key) => !known.includes(key))) {
      const meant = didYouMean(name, known) ?? ".";
      const problem = `${what} has no property ${JSON.stringify(name)}${meant}`;
      if (unknown === "refused") this.error(problem, map, name);
      else this.warn(problem, map, name);
    }
    for (const name of required.filter((each) => map[each] === undefined)) {
      this.error(`${what} needs the property ${JSON.stringify(name)}.`, map);
    }
  }

  /** The properties under a key. */
  properties(what: string, node: JsonObject, key = "Properties"): JsonObject {
    return this.present(this.origins.inherit(this.map(what, node, key), node));
  }

  /** Without the properties that are null, which SAM takes for absent. */
  present(properties: JsonObject): JsonObject {
    const entries = Object.entries(properties);
    if (!entries.some(([, value]) => value === null)) return properties;
    const present = entries.filter(([, value]) => value !== null);
    return this.origins.inherit(Object.fromEntries(present), properties);
  }

  /** The object under a key; an empty one, and an error, for something else. */
  map(what: string, node: JsonObject, key: string): JsonObject {
    const value = node[key];
    if (value === undefined || value === null) return {};
    if (isObject(value) && !isIntrinsic(value)) return value;
    this.error(`${what}: ${JSON.stringify(key)} must be an object.`, node, key);
    return {};
  }
}

/** The properties of an object that are there, of those named. */
export function pick(node: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = node[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether a value is an intrinsic function, such as `{ Ref }`: to SAM it is a value like a string. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && /^(Ref$|Condition$|Fn::)/.test(key);
}

/** A string as it is; of a value that is none, which something else reports, its JSON. */
export function word(value: Json | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** An array as it is, one value as an array of it. */
export function oneOrMore(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
}

export function ref(id: string): JsonObject {
  return { Ref: id };
}

export function attribute(id: string, name: string): JsonObject {
  return { "Fn::GetAtt": [id, name] };
}

export function sub(text: string, variables?: JsonObject): JsonObject {
  return { "Fn::Sub": variables === undefined ? text : [text, variables] };
}

/** `made` where the condition of a resource holds, and nothing elsewhere. */
export function onlyIf(condition: Json | undefined, made: JsonObject): JsonObject {
  return condition === undefined ? made : { "Fn::If": [condition, made, ref("AWS::NoValue")] };
}
