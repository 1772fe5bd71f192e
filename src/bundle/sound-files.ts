import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeStateDirectory } from "../project-directory/state-directory.ts";
import { fieldOf, isObject } from "../values/json.ts";
import { jsonIn } from "./directory-files.ts";

// At most starts, plain JavaScript has not changed since it was last checked, so no parser is loaded.

/** Changes with the format of this file, and with what the check finds. */
const VERSION = 1;

/** Remembers on disk which plain JavaScript files have no syntax errors. */
export class SoundFiles {
  readonly #stateDir: string;
  readonly #path: string;
  /** Times of change and size, by file. */
  #known: ReadonlyMap<string, string> | undefined;

  constructor(stateDir: string) {
    this.#stateDir = stateDir;
    this.#path = join(stateDir, "build", "sound-files.json");
  }

  /** Whether the file has not changed since it was found sound. */
  has(file: string): boolean {
    this.#known ??= this.#read();
    const state = this.#known.get(file);
    return state !== undefined && state === stateOf(file)?.text;
  }

  /**
   * Adds files, and drops those that have changed. `checkedAt` is when the check began, in epoch ms. Other files
   * of the project stay: tests start gateways with some of its functions each, and another gateway may have added some.
   */
  keep(files: Iterable<string>, checkedAt: number): void {
    this.#known = new Map([...(this.#known ?? []), ...this.#read()]);
    const before = [...this.#known].filter(([file]) => this.has(file));
    const added = [...files].flatMap((file) => {
      const state = stateOf(file);
      // If a file was saved during the check, it is unknown which version was checked.
      return state === undefined || state.changedAt >= checkedAt
        ? []
        : [[file, state.text] as const];
    });
    this.#known = new Map([...before, ...added]);
    try {
      const kept = { version: VERSION, files: Object.fromEntries(this.#known) };
      makeStateDirectory(this.#stateDir);
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(this.#path, JSON.stringify(kept)); // half a file is like none
    } catch {
      // the next start checks the files again
    }
  }

  #read(): ReadonlyMap<string, string> {
    const kept = jsonIn(this.#path); // undefined at the first start
    const files = fieldOf(kept, "version") === VERSION ? fieldOf(kept, "files") : undefined;
    if (!isObject(files)) return NONE;
    return new Map(Object.entries(files).map(([file, state]) => [file, String(state)]));
  }
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** Programs that copy files may set the time of modification, but not that of the last change. */
function stateOf(file: string): { readonly text: string; readonly changedAt: number } | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const { mtimeMs, ctimeMs, size } = stat;
  return { text: `${mtimeMs} ${ctimeMs} ${size}`, changedAt: ctimeMs };
}
