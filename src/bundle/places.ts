import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { SourceChange } from "./source-changes.ts";

/** The names of a module's own location, and the constants that replace them in a bundle. */
export const PLACES = {
  "import.meta.url": "__wsgwUrl",
  "import.meta.dirname": "__wsgwDirname",
  "import.meta.filename": "__wsgwFilename",
  __dirname: "__wsgwDirname",
  __filename: "__wsgwFilename",
} as const;

/** JavaScript expressions for the values of the constants. */
export type Place = { readonly url: string; readonly dirname: string; readonly filename: string };

const MENTIONED = /\b__(?:dir|file)name\b|\bimport\.meta\b/;
const BEFORE_CODE =
  /^(?:#!.*\n)?(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*(?:"use strict"|'use strict')\s*;?/;
/** Whether a module uses its own location, for example to read a file next to it. */
export function asksForItsPlace(text: string): boolean {
  return MENTIONED.test(text);
}

/**
 * Keeps each module's own location, which bundling would change. `placeOf` returns the location for a file.
 * Used together with `define: PLACES`.
 */
export function tellPlaces(placeOf: (file: string) => Place): SourceChange {
  return (path, source) => {
    const { contents } = source;
    if (!asksForItsPlace(contents)) return source;
    const { url, dirname, filename } = placeOf(path);
    const constants = `const __wsgwUrl = ${url}, __wsgwDirname = ${dirname}, __wsgwFilename = ${filename}; `;
    return { ...source, contents: withConstants(contents, constants) };
  };
}

/** The location of a file on this disk. */
export function placeHere(file: string): Place {
  return {
    url: JSON.stringify(pathToFileURL(file).href),
    dirname: JSON.stringify(dirname(file)),
    filename: JSON.stringify(file),
  };
}

/** Inserts constants into an existing line, after "use strict", so that line numbers stay the same. */
function withConstants(text: string, constants: string): string {
  const strict = BEFORE_CODE.exec(text)?.[0].length ?? 0;
  const start = strict > 0 ? strict : text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  return `${text.slice(0, start)} ${constants}${text.slice(start)}`;
}
