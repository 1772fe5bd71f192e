import type { Path } from "../../../definition/faults.ts";
import type { Place } from "../../../definition/places.ts";

/** JSON as a template has it, with short tags written out: `!Ref Table` is `{ Ref: "Table" }`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Where something in a template was written. */
export type Origin = Place & {
  /** Absolute. */
  readonly file: string;
  /** The keys that lead to it in its file, such as `Resources`, `Chat`, `Properties`, `Timeout`. */
  readonly path: Path;
};

type Node = {
  readonly origin: Origin;
  /** Where each of its keys or items begins; a whole origin for one that was written elsewhere or under another name. */
  readonly keys: ReadonlyMap<string | number, Place | Origin>;
};

/**
 * Where the objects and lists of templates were written. What a transform or an evaluation makes of them inherits
 * their origin, so that a message can name the line whatever has become of it.
 */
export class Origins {
  readonly #nodes = new WeakMap<object, Node>();

  /** Notes what a parser has read. */
  note(
    node: object,
    origin: Origin,
    keys: ReadonlyMap<string | number, Place | Origin> = new Map(),
  ): void {
    this.#nodes.set(node, { origin, keys });
  }

  /** Gives `made` the origin of what it was made from, unless it has one of its own. Returns `made`. */
  inherit<T>(made: T, from: unknown): T {
    if (!isNode(made) || !isNode(from) || this.#nodes.has(made)) return made;
    const node = this.#nodes.get(from);
    if (node !== undefined) this.#nodes.set(made, node);
    return made;
  }

  /** Gives `made` the places of what it was made from, also for keys that have another name there. Returns `made`. */
  from<T extends JsonObject>(
    made: T,
    source: unknown,
    renamed: Readonly<Record<string, string>> = {},
  ): T {
    const origin = this.of(source);
    if (origin === undefined) return made;
    const places = Object.keys(made).flatMap((key) => {
      const place = this.of(source, renamed[key] ?? key);
      return place === undefined ? [] : [[key, place] as const];
    });
    this.note(made, origin, new Map(places));
    return made;
  }

  /** Where an object or list was written or, with a key, the value that it has there; undefined where that is not known. */
  of(node: unknown, key?: string | number): Origin | undefined {
    const known = isNode(node) ? this.#nodes.get(node) : undefined;
    if (known === undefined || key === undefined) return known?.origin;
    const { origin, keys } = known;
    return { ...origin, path: [...origin.path, key], ...keys.get(key) };
  }
}

function isNode(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
