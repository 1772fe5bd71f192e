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

/** The value of a function's `NODE_OPTIONS` with the files that it names where they are on this machine. */
export function localOptions(place: FunctionPlace, options: string): string {
  return options.replaceAll(
    /(^|[\s="])(\/(?:opt|var\/task)\/[^\s"]+)/g,
    (_, before, path) => `${before}${localFile(place, path)}`,
  );
}
