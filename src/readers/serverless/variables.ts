import { didYouMean } from "../../definition/faults.ts";
import { nearest } from "../../values/nearest.ts";
import type { Json, JsonObject, Origin, Origins } from "../cloudformation/rules/origins.ts";
import type { Report } from "../cloudformation/rules/report.ts";
import { field, isList, isObject } from "../cloudformation/rules/tree.ts";
import { defaultUsedText, noDefaultText } from "./rules/unresolved-variables.ts";
import {
  type Part,
  parseVariables,
  type SourceCall,
  type Variable,
} from "./rules/variable-syntax.ts";

/** The result of a source for a variable. */
export type Found =
  | { readonly kind: "value"; readonly value: Json }
  /** A tree whose variables are resolved lazily. */
  | { readonly kind: "tree"; readonly tree: Json; readonly keys: readonly string[] }
  /**
   * `why` ends a sentence that begins with the variable; `name` identifies a value that another machine may
   * have.
   */
  | { readonly kind: "absent"; readonly why: string; readonly name?: string | undefined }
  /** Only AWS has it; `name` is the name under which a user can set it. */
  | { readonly kind: "elsewhere"; readonly name: string }
  /** The error has been reported. */
  | { readonly kind: "failed" };

/** A source call: `address` follows the colon. */
export type Call = {
  readonly parameters: readonly Json[];
  readonly address: string;
  readonly at: At;
};

export type VariableSource = (call: Call) => Found | Promise<Found>;

/** The place of a value. */
export type At = { readonly holder: object; readonly key: string | number };

type State = "open" | { readonly value: Json | undefined };

const DEEPEST = 200;
const LONGEST_TEXT = 1024 * 1024;
/** The value of a variable may be another variable, and so on. */
const MOST_IN_A_ROW = 10;

/**
 * Resolves the variables of a service lazily, each once: unused ones need not be known. Unresolvable ones are
 * reported with their place, and undefined.
 */
export class Variables {
  readonly #sources: ReadonlyMap<string, VariableSource>;
  readonly #origins: Origins;
  readonly #report: Report;
  readonly #states = new WeakMap<object, Map<string | number, State>>();
  readonly #objects = new WeakMap<object, Json>();
  /** Nodes without variables. */
  readonly #resolved = new WeakSet<object>();
  /** Variables left open because only AWS or another machine knows them. */
  readonly open = new Set<string>();
  #leavesOpen = false;
  #depth = 0;

  constructor(
    sources: ReadonlyMap<string, VariableSource>,
    { origins, report }: { readonly origins: Origins; readonly report: Report },
  ) {
    this.#sources = sources;
    this.#origins = origins;
    this.#report = report;
  }

  /**
   * The value at `keys` in a tree, with resolved variables: null if it does not exist, undefined after a
   * reported error.
   */
  async at(tree: Json, keys: readonly string[]): Promise<Json | undefined> {
    const [first, ...more] = keys;
    if (first === undefined) return this.#object(tree);
    if (typeof tree !== "object" || tree === null) return null;
    const raw = childOf(tree, first);
    if (raw === undefined || raw === null) return null;
    const isText = typeof raw === "string";
    if (more.length > 0 && !isText) return this.at(raw, more);
    const value = await this.#entry(tree, isList(tree) ? Number(first) : first);
    return value === undefined ? undefined : this.at(value, more);
  }

  /** Runs `work`, in which unknown variables stay open: their names replace the values. */
  async leavingOpen<T>(work: () => Promise<T>): Promise<T> {
    this.#leavesOpen = true;
    try {
      return await work();
    } finally {
      this.#leavesOpen = false;
    }
  }

  /** Like `at()`, without resolving variables below: the node in the tree. */
  async node(tree: Json, keys: readonly string[]): Promise<Json | undefined> {
    let node: Json | undefined = tree;
    for (const key of keys) {
      if (typeof node !== "object" || node === null) return null;
      const below: Json | undefined = childOf(node, key);
      const at: At = { holder: node, key };
      node = typeof below === "string" ? await this.#nodeOf(below, at, 0) : below;
    }
    return node ?? null;
  }

  /** The node of a variable that is a whole string. */
  async #nodeOf(text: string, at: At, row: number): Promise<Json | undefined> {
    const parsed = parseVariables(text);
    const [variable] = parsed.kind === "parts" ? parsed.parts : [];
    if (parsed.kind === "parts" && typeof variable === "object" && parsed.parts.length === 1) {
      const [source] = variable.sources;
      const isTree = source !== undefined && "type" in source && TREES.includes(source.type);
      const found = isTree ? await this.#call(source, variable, at, row) : undefined;
      if (found?.kind === "tree" && row < MOST_IN_A_ROW) {
        const node = await this.node(found.tree, found.keys);
        if (typeof node === "object" && node !== null) return node;
      }
    }
    return this.#text(text, at, row);
  }

  /** A string with its variables resolved. */
  text(text: string, at: At): Promise<Json | undefined> {
    return this.#text(text, at, 0);
  }

  async #object(node: Json): Promise<Json> {
    if (typeof node !== "object" || node === null || this.#resolved.has(node)) return node;
    const known = this.#objects.get(node);
    if (known !== undefined) return known;
    const made = isList(node) ? await this.#list(node) : await this.#map(node as JsonObject);
    this.#origins.inherit(made, node);
    this.#resolved.add(made as object);
    this.#objects.set(node, made);
    return made;
  }

  async #list(node: readonly Json[]): Promise<Json> {
    const items: Json[] = [];
    for (const key of node.keys()) {
      const value = await this.#entry(node, key);
      if (value !== undefined) items.push(value);
    }
    return items;
  }

  async #map(node: JsonObject): Promise<Json> {
    const entries: [string, Json][] = [];
    for (const key of Object.keys(node)) {
      const value = await this.#entry(node, key);
      if (value !== undefined) entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  }

  /** The value of an object or array under a key, resolved once. */
  async #entry(
    holder: JsonObject | readonly Json[],
    key: string | number,
  ): Promise<Json | undefined> {
    const raw = Reflect.get(holder, key) as Json;
    if (this.#resolved.has(holder)) return raw;
    const states = this.#states.get(holder) ?? new Map<string | number, State>();
    this.#states.set(holder, states);
    const known = states.get(key);
    const at = { holder, key };
    if (known === "open")
      return this.#fail(at, "A variable refers to itself. Remove the circular reference.");
    if (known !== undefined) return known.value;
    if (this.#depth === DEEPEST)
      return this.#fail(at, "Variables are nested too deeply. Flatten them.");
    states.set(key, "open");
    this.#depth += 1;
    const value = typeof raw === "string" ? await this.#text(raw, at, 0) : await this.#object(raw);
    this.#depth -= 1;
    states.set(key, { value });
    return value;
  }

  async #text(text: string, at: At, row: number): Promise<Json | undefined> {
    const parsed = parseVariables(text);
    if (parsed.kind === "broken") return this.#fail(at, `${quoted(text)} ${parsed.problem}.`);
    return this.#parts(parsed.parts, at, row);
  }

  /**
   * A single variable may have any value; together with other text it must be a string, a number or a
   * boolean.
   */
  async #parts(parts: readonly Part[], at: At, row: number): Promise<Json | undefined> {
    const [first, ...more] = parts;
    if (first === undefined) return "";
    if (more.length === 0)
      return typeof first === "string" ? first : this.#variable(first, at, row);
    let whole = "";
    for (const part of parts) {
      const value = typeof part === "string" ? part : await this.#variable(part, at, row);
      if (value === undefined) return undefined;
      if (typeof value === "object" && typeof part !== "string") {
        const what = value === null ? "null" : "an object or an array";
        return this.#fail(at, `${part.text} is ${what}, which cannot be part of a string.`);
      }
      whole += String(value);
      if (whole.length > LONGEST_TEXT)
        return this.#fail(at, "A string is too long after its variables are replaced.");
    }
    return whole;
  }

  async #variable(variable: Variable, at: At, row: number): Promise<Json | undefined> {
    if (row > MOST_IN_A_ROW) {
      return this.#fail(at, `${variable.text} is nested too deeply. Flatten the variables.`);
    }
    let why = "has no source";
    let unknown: string | undefined;
    const elsewhere: string[] = [];
    for (const source of variable.sources) {
      if ("literal" in source) {
        this.#noteElsewhere(variable, elsewhere, at);
        return source.literal;
      }
      const found = await this.#call(source, variable, at, row);
      if (found.kind === "failed") return undefined;
      if (found.kind === "elsewhere") elsewhere.push(found.name);
      else if (found.kind === "absent") {
        why = found.why;
        unknown = found.name;
      } else {
        const value = found.kind === "tree" ? await this.at(found.tree, found.keys) : found.value;
        if (value === undefined) return undefined;
        if (value === null) {
          why = found.kind === "tree" ? leadsToNothing(found.tree, found.keys) : "has no value";
          continue;
        }
        this.#noteElsewhere(variable, elsewhere, at);
        const again = typeof value === "string" && found.kind === "value";
        return again ? this.#text(value, at, row + 1) : value;
      }
    }
    const [name] = elsewhere;
    if (this.#leavesOpen && (name ?? unknown) !== undefined)
      return this.#leaveOpen(name ?? unknown);
    if (name === undefined) {
      return this.#fail(at, `${variable.text} ${why.endsWith("?") ? why : `${why}.`}`);
    }
    return this.#fail(at, noDefaultText(variable.text, name));
  }

  #leaveOpen(name = ""): string {
    this.open.add(name);
    return name;
  }

  #noteElsewhere({ text }: Variable, names: readonly string[], at: At): void {
    const [name] = names;
    if (name === undefined) return;
    const problem = defaultUsedText(text, name);
    this.#report({ severity: "warning", origin: this.originOf(at), problem });
  }

  async #call(source: SourceCall, { text }: Variable, at: At, row: number): Promise<Found> {
    const called = this.#sources.get(source.type);
    if (called === undefined) {
      const near = didYouMean(source.type, this.#sources.keys());
      if (near === undefined && this.#leavesOpen) {
        return { kind: "elsewhere", name: text.slice(2, -1) };
      }
      const advice = near ?? `. Set it with --parameter-overrides "${text.slice(2, -1)}=VALUE".`;
      this.#fail(at, `${text} has the source "${source.type}", which wsgw does not know${advice}`);
      return FAILED;
    }
    const address = await this.#parts(source.address, at, row + 1);
    const parameters: Json[] = [];
    for (const parts of source.parameters) {
      const value = await this.#parts(parts, at, row + 1);
      if (value === undefined) return FAILED;
      parameters.push(value);
    }
    if (address === undefined) return FAILED;
    return called({ parameters, address: String(address), at });
  }

  originOf({ holder, key }: At): Origin | undefined {
    return this.#origins.of(holder, key);
  }

  #fail(at: At, problem: string): undefined {
    this.#report({ severity: "error", origin: this.originOf(at), problem });
    return undefined;
  }
}

/** Sources that return objects. */
const TREES = ["file", "self"];

const FAILED: Found = { kind: "failed" };

function childOf(tree: JsonObject | readonly Json[], key: string): Json | undefined {
  if (!isList(tree)) return field(tree as JsonObject, key);
  return /^\d+$/.test(key) ? tree[Number(key)] : undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Ends a sentence that begins with the variable. */
function leadsToNothing(tree: Json, keys: readonly string[]): string {
  let above: Json | undefined = tree;
  for (const key of keys) {
    if (!isObject(above)) break;
    const below: Json | undefined = field(above, key);
    if (below === undefined) {
      const near = nearest(key, Object.keys(above));
      return near === undefined ? "has no value" : `has no value. Did you mean "${near}"?`;
    }
    above = below;
  }
  return "has no value";
}
