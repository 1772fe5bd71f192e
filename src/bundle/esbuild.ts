import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import type { BuildFailure } from "./build-result.ts";

/** Required, not imported: an import has Node look through all of its text for names, which takes 20 ms. */
export function loadEsbuild(): typeof import("esbuild") {
  return createRequire(import.meta.url)("esbuild");
}

/** Starts esbuild's process ahead of the first build, beside what else is to be done. */
export function startEsbuild(): void {
  loadEsbuild()
    .transform("")
    .catch(() => {}); // the build reports it
}

/** The failures of a build that `error` tells of; undefined when it tells of none. */
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
 * The mistakes in the syntax of files of plain JavaScript, of each for itself: nothing is resolved, and nothing
 * written. Files of other kinds are left out.
 */
export async function syntaxFailures(
  root: string,
  files: ReadonlySet<string>,
): Promise<readonly BuildFailure[]> {
  const scripts = [...files].filter((file) => ["", ".js", ".mjs", ".cjs"].includes(extname(file)));
  if (scripts.length === 0) return [];
  const options = {
    absWorkingDir: root,
    entryPoints: scripts.map((file, at) => ({ in: file, out: `${at}` })), // a.js and a.mjs would be one
    outdir: join(root, "out"), // nothing is written
    preserveSymlinks: true, // what is wrong is named as it was asked for
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
