import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isDirectory } from "../../bundle/directory-files.ts";
import { byCodeUnit, fileOf, fileOnDisk, type PackageFile, walk } from "./files.ts";
import { fits, fixedDirectory, isUnasked } from "./patterns.ts";

/** A built bundle on this disk. */
type BuiltFile = { readonly file: string; readonly format: "commonjs" | "module" };

/**
 * The bundle where its handler expects it, by default at the root of the zip, with its source map. Neither
 * contains local paths: `placeOf` returns the name of a source.
 */
export function bundleFiles(
  built: BuiltFile,
  placeOf: (file: string) => string,
  module?: string,
): readonly PackageFile[] {
  const entry = entryName(built.format, module);
  const code = readFileSync(built.file, "utf8")
    .replace(/^\/\/ (?:\.\.\/)+\S*?(?=node_modules\/)/gm, "// ")
    .replace(`${basename(built.file)}.map`, `${basename(entry)}.map`);
  const map = JSON.parse(readFileSync(`${built.file}.map`, "utf8")) as { sources: string[] };
  const sources = map.sources.map((source) => placeOf(resolve(dirname(built.file), source)));
  return [fileOf(entry, code), fileOf(`${entry}.map`, JSON.stringify({ ...map, sources }))];
}

/** The file of a deployed handler such as `index.handler`. */
export function entryName(format: "commonjs" | "module", module = "index"): string {
  return format === "module" ? `${module}.mjs` : `${module}.js`;
}

/** The files that match a function's `include`, under their own paths. Errors are ends of sentences. */
export function includedFiles(
  root: string,
  patterns: readonly string[],
): { readonly files: readonly PackageFile[]; readonly faults: readonly string[] } {
  const paths = new Set<string>();
  const faults: string[] = [];
  for (const pattern of patterns) {
    const found = matching(root, pattern);
    if (found.length === 0) {
      faults.push(
        `includes ${pattern}, which matches no file. Correct the pattern, which is relative to the definition's directory.`,
      );
    }
    for (const path of found) paths.add(path);
  }
  const files = [...paths].sort(byCodeUnit).map((path) => fileOnDisk(path, join(root, path)));
  return { files, faults };
}

function matching(root: string, pattern: string): readonly string[] {
  const start = fixedDirectory(pattern);
  if (!isDirectory(join(root, start))) return [];
  const inStart = (path: string) => (start === "" ? path : `${start}/${path}`);
  return walk(join(root, start), (path) => isUnasked(basename(path), pattern))
    .map(inStart)
    .filter((path) => fits(pattern, path));
}
