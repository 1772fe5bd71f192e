import type { Path } from "../../../definition/faults.ts";
import type { Places } from "../../../definition/places.ts";
import type { Origin } from "./origins.ts";

/** Where the parts of a definition that was made from a template stand in the template. */
export class TemplatePlaces {
  readonly #origins = new Map<string, Origin>();

  /** Notes where a part comes from. Parts below it that are not noted stand at the same place. */
  note(path: Path, origin: Origin | undefined): void {
    if (origin !== undefined) this.#origins.set(keyOf(path), origin);
  }

  /** As the checks of definitions ask for them; `shownFile` names files for a person. */
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
