import type { Path } from "./faults.ts";

/** A place in the file of a definition; lines and columns are counted from 1. */
export type Place = { readonly line: number; readonly column: number };

/** A place that may be in another file than the definition's own, where its author calls the value otherwise. */
export type WrittenPlace = Place & {
  /** As messages name it. Default: the file of the definition. */
  readonly file?: string;
  /** The keys that lead to the value where it was written. Default: those of the definition. */
  readonly path?: Path;
};

/** Where the values of a definition were written. */
export type Places = {
  /** Where the author wrote what a path leads to, or the nearest to it; undefined where that is not known. */
  readonly locate: (path: Path) => WrittenPlace | undefined;
  /** True when the definition was made of a template. */
  readonly isOfTemplate?: boolean;
  /** What is wrong with the text although it can be read. */
  readonly faults: readonly {
    readonly path: Path;
    readonly place: Place;
    readonly problem: string;
  }[];
};

const known = new WeakMap<object, Places>();

/** A reader says where it found the values of a definition. */
export function rememberPlaces(definition: object, places: Places): void {
  known.set(definition, places);
}

/** Where a definition was written: nowhere for one that no reader has read, such as an object in a test. */
export function placesOf(definition: object): Places {
  return known.get(definition) ?? { locate: () => undefined, faults: [] };
}
