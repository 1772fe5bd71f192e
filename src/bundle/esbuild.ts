import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { BuildFailure } from "./build-result.ts";

/** Uses require, because Node would scan an imported module for exports, which takes 20 ms. */
export function loadEsbuild(): typeof import("esbuild") {
  return createRequire(import.meta.url)("esbuild");
}

let isStarted = false;

/** Starts esbuild's process before the first build, in parallel with other work. */
export function startEsbuild(): void {
  if (isStarted) return;
  isStarted = true;
  loadEsbuild()
    .transform("")
    .catch(() => {}); // the build reports it
}

/** The build failures in `error`; undefined if it contains none. */
export function failuresIn(error: unknown, root: string): BuildFailure[] | undefined {
  const errors = (error as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return undefined;
  return errors.map(({ pluginName, text, location }) => ({
    file: location ? resolve(root, location.file) : undefined,
    line: location ? location.line : undefined,
    column: location ? location.column + 1 : undefined,
    text:
      pluginName === "" || text.startsWith("Could not resolve")
        ? text
        : `Plugin ${pluginName}: ${text}`,
  }));
}
