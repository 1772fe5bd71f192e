import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { filesInLayers, type Layers } from "./rules/layers.ts";

/** The path of a function's code on Lambda. */
const TASK = "/var/task/";

/** The local paths of a function's code and layers. */
export type FunctionPlace = { readonly root: string; readonly layers: Layers };

/**
 * The local file for a path in a function's settings: on Lambda, code is in `/var/task` and layers in `/opt`.
 */
export function localFile({ root, layers }: FunctionPlace, path: string): string {
  const found = filesInLayers(layers, path).find((file) => existsSync(file));
  if (found !== undefined) return found;
  return resolve(root, path.startsWith(TASK) ? path.slice(TASK.length) : path);
}

/** Variables that contain files and directories of the language runtime. */
const WITH_FILES: ReadonlySet<string> = new Set(["NODE_OPTIONS", "NODE_PATH", "PYTHONPATH"]);
const FILE_ON_LAMBDA = /(^|[\s="':])(\/(?:opt|var\/task)\/[^\s"':]+)/g;

/** A function's environment in which these variables contain local paths. */
export function withLocalFiles(
  place: FunctionPlace,
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const local = Object.entries(environment).map(([name, value]) => [
    name,
    WITH_FILES.has(name)
      ? value.replaceAll(FILE_ON_LAMBDA, (_, before, path) => `${before}${localFile(place, path)}`)
      : value,
  ]);
  return Object.fromEntries(local);
}
