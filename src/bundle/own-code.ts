import { existsSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, sep } from "node:path";
import { fieldOf } from "../values/json.ts";
import { directoriesUp, jsonIn } from "./directory-files.ts";

/**
 * Defines the author's own code: every file without `node_modules` in its real path. A workspace package is
 * own code, since `node_modules` only links to it; a package that npm or pnpm installs is not.
 */
export function isOwnFile(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`);
}

/** Whether a `node_modules` contains a package itself, rather than a link to the author's own code. */
export function isInstalled(nodeModules: string, name: string): boolean {
  return !isOwnFile(realpathSync(join(nodeModules, name)));
}

/**
 * Whether an import by name, from a file in `directory`, resolves to own code: a linked package, `#name`, or the
 * package itself.
 */
export function namesOwnCode(request: string, directory: string): boolean {
  if (isBuiltin(request) || /^(?:[./]|\w+:)/.test(request)) return false;
  if (request.startsWith("#")) return true;
  const name = packageName(request);
  const nodeModules = nodeModulesWith(name, directory);
  return nodeModules === undefined
    ? nameOfPackageAround(directory) === name
    : !isInstalled(nodeModules, name);
}

/** The nearest `node_modules` with a package, as resolved from `directory`. */
export function nodeModulesWith(name: string, directory: string): string | undefined {
  return directoriesUp(directory)
    .map((at) => join(at, "node_modules"))
    .find((nodeModules) => existsSync(join(nodeModules, name)));
}

/** The directory of a package, as resolved from `from`. */
export function packageDirectory(name: string, from: string): string | undefined {
  const nodeModules = nodeModulesWith(name, from);
  return nodeModules === undefined ? undefined : realpathSync(join(nodeModules, name));
}

/** `@scope/name/file` -> `@scope/name`. */
export function packageName(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}

function nameOfPackageAround(directory: string): unknown {
  const files = directoriesUp(directory).map((at) => join(at, "package.json"));
  const nearest = files.find((file) => existsSync(file));
  return nearest === undefined ? undefined : fieldOf(jsonIn(nearest), "name");
}
