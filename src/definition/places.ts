import type { Path } from "./faults.ts";

/** A position in the file of a definition; lines and columns count from 1. */
export type Place = { readonly line: number; readonly column: number };

/** A position possibly in another file than the definition's own, with another path there. */
export type WrittenPlace = Place & {
  /** Its name in messages. Default: the definition's file. */
  readonly file?: string;
  /** The keys that lead to the value in its own file. Default: those of the definition. */
  readonly path?: Path;
};

/** The positions of a definition's values. */
export type Places = {
  /** The position of a path, or of its nearest known parent; undefined if unknown. */
  readonly locate: (path: Path) => WrittenPlace | undefined;
  /** True if the definition comes from a template. */
  readonly isOfTemplate?: boolean;
  /** Errors in the source that do not prevent parsing. */
  readonly faults: readonly {
    readonly path: Path;
    readonly place: Place;
    readonly problem: string;
  }[];
};

const known = new WeakMap<object, Places>();

/** Records where a reader found the values of a definition. */
export function rememberPlaces(definition: object, places: Places): void {
  known.set(definition, places);
}

/** The positions of a definition; none if no reader has read it, such as an object in a test. */
export function placesOf(definition: object): Places {
  return known.get(definition) ?? { locate: () => undefined, faults: [] };
}
