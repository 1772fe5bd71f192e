import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { filesBelow, isDirectory } from "./directory-files.ts";

/** A function's layers: directories relative to the definition's. */
export type LayersRef = { readonly name: string; readonly layers: readonly string[] };

/** The directories that Lambda's runtimes search. */
const KNOWN = ["nodejs", "python", "java", "ruby", "bin", "lib", "extensions", "bootstrap"];

/**
 * Errors and warnings are sentences, one for each invalid layer of a function; `missing` are directories that
 * do not exist.
 */
export function findLayers(
  root: string,
  functions: readonly LayersRef[],
): {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly missing: readonly string[];
} {
  const faults: string[] = [];
  const missing: string[] = [];
  const warnings = new Set<string>();
  for (const { name, layers } of functions) {
    for (const layer of layers) {
      const directory = resolve(root, layer);
      if (!isDirectory(directory)) {
        missing.push(directory);
        faults.push(
          `Function "${name}" has the layer ${layer}, which is not a directory. Create it or correct layers.`,
        );
      } else if (readdirSync(directory).includes("node_modules")) {
        warnings.add(
          `The layer ${layer} has its packages in node_modules, but Lambda reads nodejs/node_modules. Move them.`,
        );
      } else if (!isLaidOut(directory)) {
        warnings.add(
          `The layer ${layer} does not contain nodejs, python, bin or lib, which Lambda searches. Code finds its files only by their path below /opt.`,
        );
      }
    }
  }
  return { faults, warnings: [...warnings], missing };
}

/** Whether a directory contains one that Lambda's runtimes search. */
export function isLaidOut(directory: string): boolean {
  return readdirSync(directory).some((entry) => KNOWN.includes(entry));
}

/** The files of layers that their author may change, without installed ones. */
export function filesOfLayers(root: string, { layers }: LayersRef): readonly string[] {
  return layers.flatMap((layer) => filesBelow(resolve(root, layer)));
}
