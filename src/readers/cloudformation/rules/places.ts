import type { Path } from "../../../definition/faults.ts";
import type { Places } from "../../../definition/places.ts";
import type { Origin } from "./origins.ts";

/** The places of the parts of a definition in its template. */
export class TemplatePlaces {
  readonly #origins = new Map<string, Origin>();

  /** Notes the origin of a part. Unnoted parts below it have the same place. */
  note(path: Path, origin: Origin | undefined): void {
    if (origin !== undefined) this.#origins.set(keyOf(path), origin);
  }

  /** In the form that the definition's checks use; `shownFile` formats file names for messages. */
  asPlaces(shownFile: (file: string) => string): Places {
    return {
      isOfTemplate: true,
      locate: (path) => {
        for (let length = path.length; length > 0; length -= 1) {
          const origin = this.#origins.get(keyOf(path.slice(0, length)));
          if (origin !== undefined) return { ...origin, file: shownFile(origin.file) };
        }
        return undefined;
      },
      faults: [],
    };
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
