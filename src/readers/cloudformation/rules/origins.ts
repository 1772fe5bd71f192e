import type { Path } from "../../../definition/faults.ts";
import type { Place } from "../../../definition/places.ts";

/** JSON in a template, with short tags expanded: `!Ref Table` is `{ Ref: "Table" }`. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** The place of a value in a template. */
export type Origin = Place & {
  /** Absolute. */
  readonly file: string;
  /** The keys that lead to it in its file, such as `Resources`, `Chat`, `Properties`, `Timeout`. */
  readonly path: Path;
};

type Node = {
  readonly origin: Origin;
  /** The starts of its keys or items; a whole origin for one from another file or with another name. */
  readonly keys: ReadonlyMap<string | number, Place | Origin>;
};

/**
 * The places of objects and arrays in templates. Results of transforms and evaluation inherit them, so that
 * messages can name the original line.
 */
export class Origins {
  readonly #nodes = new WeakMap<object, Node>();

  /** Notes the result of a parser. */
  note(
    node: object,
    origin: Origin,
    keys: ReadonlyMap<string | number, Place | Origin> = new Map(),
  ): void {
    this.#nodes.set(node, { origin, keys });
  }

  /** Gives `made` the origin of its source, unless it has its own. Returns `made`. */
  inherit<T>(made: T, from: unknown): T {
    if (!isNode(made) || !isNode(from) || this.#nodes.has(made)) return made;
    const node = this.#nodes.get(from);
    if (node !== undefined) this.#nodes.set(made, node);
    return made;
  }

  /** Gives `made` the places of its source, including keys that have another name there. Returns `made`. */
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

  /** The place of an object or array or, with a key, of its value there; undefined if unknown. */
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
