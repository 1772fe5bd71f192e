import { lstatSync, mkdirSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { nodeModulesWith } from "./own-code.ts";

/**
 * Links the project's `node_modules` into a state directory outside the project, so that bundles there
 * resolve the same packages.
 */
export function linkPackages(root: string, stateDir: string): void {
  const nodeModules = nodeModulesWith("", root);
  if (nodeModules === undefined || stateDir.startsWith(dirname(nodeModules) + sep)) return;
  link(nodeModules, join(stateDir, "node_modules"));
}

/** Makes `path` a link to the directory `target`, unless it already is one. */
export function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    if (readlinkSync(path) === target) return;
    unlinkSync(path); // from a wsgw that was installed elsewhere
  }
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path, "junction");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // created by another process
  }
}
