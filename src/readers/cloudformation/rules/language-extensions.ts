import type { Place } from "../../../definition/places.ts";
import { mapValues } from "../../../values/map-values.ts";
import type { Json, JsonObject, Origin, Origins } from "./origins.ts";
import type { Report } from "./report.ts";
import { field, isList, isObject, oneOrMore } from "./tree.ts";

const LOOP = "Fn::ForEach::";
const SECTIONS = ["Conditions", "Resources", "Outputs"];
const PLACEHOLDER = /([$&])\{(\w+)\}/g;
/** Maximum characters that loops may produce, twice the maximum of a CloudFormation template. */
const MOST_MADE = 2 * 1024 * 1024;
/** The weight of a value or an item in a loop, in characters. */
const WEIGHT = 32;

/** Whether the section Transform contains a transform. */
export function hasTransform(template: JsonObject, name: string): boolean {
  return oneOrMore(field(template, "Transform")).some(
    (item) => item === name || (isObject(item) && field(item, "Name") === name),
  );
}

/**
 * The template with each `Fn::ForEach` of AWS::LanguageExtensions expanded. `evaluate` evaluates collections;
 * undefined means that an error has been reported.
 */
export function expandLoops(
  template: JsonObject,
  evaluate: (collection: Json) => Json | undefined,
  origins: Origins,
  report: Report,
): JsonObject {
  const loops = new Loops(evaluate, origins, report);
  const sections = mapValues(template, (section, name) =>
    SECTIONS.includes(name) ? loops.expand(section, new Map()) : section,
  );
  return origins.inherit(sections, template);
}

type Variables = ReadonlyMap<string, string>;

class Loops {
  readonly #evaluate: (collection: Json) => Json | undefined;
  readonly #origins: Origins;
  readonly #report: Report;
  #made = 0;
  /** The place of the loop that is being expanded. */
  #at: Origin | undefined;

  constructor(evaluate: (collection: Json) => Json | undefined, origins: Origins, report: Report) {
    this.#evaluate = evaluate;
    this.#origins = origins;
    this.#report = report;
  }

  expand(node: Json, variables: Variables): Json {
    if (typeof node === "string") return this.#replaced(node, variables);
    if (typeof node !== "object" || node === null) return node;
    if (variables.size > 0 && this.#isFull(WEIGHT)) return node;
    if (isList(node)) {
      const items = node.map((item) => this.expand(item, variables));
      return this.#origins.inherit(items, node);
    }
    const keys = Object.keys(node);
    const name = field(node, "Ref");
    if (keys.length === 1 && typeof name === "string") return variables.get(name) ?? node;
    return this.#object(node, keys, variables);
  }

  #object(node: JsonObject, keys: readonly string[], variables: Variables): JsonObject {
    const made = new MadeObject();
    for (const key of keys) {
      const value = field(node, key) ?? null;
      if (key.startsWith(LOOP)) this.#loop(node, key, value, variables, made);
      else this.#add(made, node, key, value, variables);
    }
    const object = made.object();
    const origin = this.#origins.of(node);
    if (origin !== undefined) this.#origins.note(object, origin, made.places);
    return object;
  }

  #add(made: MadeObject, node: JsonObject, key: string, value: Json, variables: Variables): void {
    const name = this.#replaced(key, variables);
    if (made.fields.has(name)) {
      this.#fail(node, key, `"${name}" appears twice after loops are expanded. Rename one.`);
      return;
    }
    made.fields.set(name, this.expand(value, variables));
    const place = this.#origins.of(node, key);
    if (place !== undefined) made.places.set(name, { line: place.line, column: place.column });
  }

  #loop(node: JsonObject, key: string, loop: Json, variables: Variables, made: MadeObject): void {
    const [identifier, collection, fragment] = isList(loop) ? loop : [];
    if (typeof identifier !== "string" || collection === undefined || !isObject(fragment)) {
      this.#fail(node, key, `${key} needs a list of an identifier, a collection and an object.`);
      return;
    }
    const items = this.#evaluate(this.expand(collection, variables));
    if (items === undefined) return;
    if (!isList(items) || items.some((item) => typeof item === "object")) {
      this.#fail(node, key, `The collection of ${key} is not a list of strings.`);
      return;
    }
    this.#at = this.#origins.of(node, key);
    for (const item of items) {
      if (this.#isFull(WEIGHT)) return;
      const inner = new Map(variables).set(identifier, String(item));
      for (const [name, value] of Object.entries(fragment)) {
        if (name.startsWith(LOOP)) this.#loop(fragment, name, value, inner, made);
        else this.#add(made, fragment, name, value, inner);
      }
    }
  }

  /** `${X}` is the value of X, `&{X}` its alphanumeric characters. */
  #replaced(text: string, variables: Variables): string {
    if (variables.size === 0 || this.#isFull(text.length)) return text;
    return text.replaceAll(PLACEHOLDER, (whole, sign: string, name: string) => {
      const value = variables.get(name);
      if (value === undefined || this.#isFull(value.length)) return whole;
      return sign === "&" ? value.replaceAll(/[^A-Za-z\d]/g, "") : value;
    });
  }

  /** Whether loops have produced more than a template can contain. Counts what is about to be produced. */
  #isFull(size: number): boolean {
    const wasFull = this.#made > MOST_MADE;
    this.#made += size;
    if (this.#made <= MOST_MADE) return false;
    if (!wasFull) {
      const problem = "Loops make the template too large. Use smaller collections.";
      this.#report({ severity: "error", origin: this.#at, problem });
    }
    return true;
  }

  #fail(node: JsonObject, key: string, problem: string): void {
    this.#report({ severity: "error", origin: this.#origins.of(node, key), problem });
  }
}

class MadeObject {
  readonly fields = new Map<string, Json>();
  readonly places = new Map<string, Place>();

  object(): JsonObject {
    return Object.fromEntries(this.fields);
  }
}
