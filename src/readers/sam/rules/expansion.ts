import { didYouMean } from "../../../definition/faults.ts";
import { isObject } from "../../../values/json.ts";
import type { Json, JsonObject, Origins } from "../../cloudformation/rules/origins.ts";
import type { Report } from "../../cloudformation/rules/report.ts";
import { ref } from "../../cloudformation/rules/write-intrinsics.ts";
import { type SamType, wordsOf } from "./vocabulary.ts";

/** A SAM resource with the properties from `Globals` merged in. */
export type SamResource = {
  readonly id: string;
  readonly type: SamType;
  /** As in the template, including attributes such as `Condition`. */
  readonly written: JsonObject;
  readonly properties: JsonObject;
};

/** A path of a REST or HTTP API that an event requests. */
export type ApiPath = {
  readonly type: "Api" | "HttpApi";
  /** The id of its API; undefined for the implicit one. */
  readonly api: string | undefined;
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
  /** Of the function. */
  readonly condition: Json | undefined;
};

/** Attributes that all resources created from a resource inherit. */
const SHARED_ATTRIBUTES = ["Condition", "DeletionPolicy", "UpdateReplacePolicy"];
/** Attributes that only the resource itself keeps. */
const OWN_ATTRIBUTES = [...SHARED_ATTRIBUTES, "DependsOn", "Metadata", "UpdatePolicy"];

/** The state of expanding the SAM resources of a template. */
export class Expansion {
  readonly resources = new Map<string, JsonObject>();
  readonly conditions = new Map<string, Json>();
  /** The created ids by reference, such as `Chat.Alias`. */
  readonly references = new Map<string, string>();
  readonly apiPaths: ApiPath[] = [];
  readonly origins: Origins;
  readonly #report: Report;

  constructor(origins: Origins, report: Report) {
    this.origins = origins;
    this.#report = report;
  }

  /** The main resource that replaces a SAM resource; keeps its id and all attributes. */
  main(sam: SamResource, type: string, properties: JsonObject, attributes: JsonObject = {}): void {
    const own = pick(sam.written, OWN_ATTRIBUTES);
    this.#put(sam.id, { ...attributes, ...own, Type: type }, properties, sam);
  }

  /** An additional resource, created from a part of it. */
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

  /** Gives `made` the places of its source, including properties that have another name there. */
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

  /** A resource lacks a property, which CloudFormation requires too. */
  lacks(missing: string, problem: string, node: unknown): void {
    this.#report({ severity: "error", origin: this.origins.of(node), problem, missing });
  }

  warn(problem: string, node: unknown, key?: string): void {
    this.#report({ severity: "warning", origin: this.origins.of(node, key), problem });
  }

  /**
   * Reports unknown names and missing required ones. `words` is an entry of the vocabulary. Names that SAM
   * ignores are warnings.
   */
  checkWords(
    what: string,
    map: JsonObject,
    words: string,
    unknown: "rejected" | "ignored" = "rejected",
  ): void {
    const { known, required } = wordsOf(words);
    for (const name of Object.keys(map).filter((key) => !known.includes(key))) {
      const meant = didYouMean(name, known) ?? ".";
      const problem = `${what} has no property ${JSON.stringify(name)}${meant}`;
      if (unknown === "rejected") this.error(problem, map, name);
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

  /** Without null properties, which SAM treats as absent. */
  present(properties: JsonObject): JsonObject {
    const entries = Object.entries(properties);
    if (!entries.some(([, value]) => value === null)) return properties;
    const present = entries.filter(([, value]) => value !== null);
    return this.origins.inherit(Object.fromEntries(present), properties);
  }

  /** The object under a key; anything else is an error, and an empty object. */
  map(what: string, node: JsonObject, key: string): JsonObject {
    const value = node[key];
    if (value === undefined || value === null) return {};
    if (isObject(value) && !isIntrinsic(value)) return value;
    this.error(`${what}: ${JSON.stringify(key)} must be an object.`, node, key);
    return {};
  }
}

/** The existing properties among those named. */
export function pick(node: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = node[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Whether a value is an intrinsic function, such as `{ Ref }`: SAM accepts it like a string. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && /^(Ref$|Condition$|Fn::)/.test(key);
}

/** A string unchanged; JSON of any other value, which is reported elsewhere. */
export function word(value: Json | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** `made` if a resource's condition is true, else nothing. */
export function onlyIf(condition: Json | undefined, made: JsonObject): JsonObject {
  return condition === undefined ? made : { "Fn::If": [condition, made, ref("AWS::NoValue")] };
}
