import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { filesInLayers, type Layers } from "./rules/layers.ts";

/** Where Lambda has a function's code. */
const TASK = "/var/task/";

/** Where a function's code and layers are on this machine. */
export type FunctionPlace = { readonly root: string; readonly layers: Layers };

/** The file that a path in a function's settings means: its code is in `/var/task` on Lambda, its layers in `/opt`. */
export function localFile({ root, layers }: FunctionPlace, path: string): string {
  const found = filesInLayers(layers, path).find((file) => existsSync(file));
  if (found !== undefined) return found;
  return resolve(root, path.startsWith(TASK) ? path.slice(TASK.length) : path);
}

/** Settings that name files and folders of which the function's language is made. */
const WITH_FILES: ReadonlySet<string> = new Set(["NODE_OPTIONS", "NODE_PATH", "PYTHONPATH"]);
const FILE_ON_LAMBDA = /(^|[\s="':])(\/(?:opt|var\/task)\/[^\s"':]+)/g;

/** A function's environment in which such settings name the files where they are on this machine. */
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
