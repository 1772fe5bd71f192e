import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import type { BuildFailure } from "./build-result.ts";

/** Uses require, because Node would scan an imported module for exports, which takes 20 ms. */
export function loadEsbuild(): typeof import("esbuild") {
  return createRequire(import.meta.url)("esbuild");
}

/** Starts esbuild's process before the first build, in parallel with other work. */
export function startEsbuild(): void {
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

/**
 * The syntax errors of plain JavaScript files, each file by itself: nothing is resolved or written. Other
 * files are ignored.
 */
export async function syntaxFailures(
  root: string,
  files: ReadonlySet<string>,
): Promise<readonly BuildFailure[]> {
  const scripts = [...files].filter((file) => ["", ".js", ".mjs", ".cjs"].includes(extname(file)));
  if (scripts.length === 0) return [];
  const options = {
    absWorkingDir: root,
    entryPoints: scripts.map((file, at) => ({ in: file, out: `${at}` })), // otherwise a.js and a.mjs would have the same output
    outdir: join(root, "out"), // nothing is written
    preserveSymlinks: true, // errors contain the path as given
    tsconfigRaw: {},
    write: false,
    logLevel: "silent",
  } as const;
  try {
    await loadEsbuild().build(options);
    return [];
  } catch (error) {
    const failures = failuresIn(error, root);
    if (failures === undefined) throw error;
    return failures;
  }
}
