import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Options } from "acorn";
import type { BuildFailure } from "./build-result.ts";
import { failuresIn, loadEsbuild } from "./esbuild.ts";

/** How Node may load a file: as the extension says, else as its `package.json` or its code says. */
const SOURCE_TYPES: ReadonlyMap<string, readonly NonNullable<Options["sourceType"]>[]> = new Map([
  ["", ["commonjs"]],
  [".cjs", ["commonjs"]],
  [".mjs", ["module"]],
  [".js", ["commonjs", "module"]],
]);

/** Longer files are parsed faster by esbuild, although a call to its process takes 5 to 20 ms. */
const LONG = 200_000;

/**
 * The syntax errors of plain JavaScript files, each file by itself: nothing is resolved or written. Other
 * files are ignored.
 */
export async function syntaxFailures(
  root: string,
  files: ReadonlySet<string>,
): Promise<readonly BuildFailure[]> {
  const scripts = [...files].filter((file) => SOURCE_TYPES.has(extname(file)));
  if (scripts.length === 0) return [];
  const { parse } = await import("acorn");
  const doubtful = scripts.filter((file) => !isSound(file, parse));
  return doubtful.length === 0 ? [] : failuresByEsbuild(root, doubtful);
}

/** False also if only esbuild can tell, or say what is wrong. */
function isSound(file: string, parse: typeof import("acorn").parse): boolean {
  const types = SOURCE_TYPES.get(extname(file)) ?? [];
  return types.some((sourceType) => {
    try {
      const text = readFileSync(file, "utf8");
      if (text.length > LONG) return false;
      parse(text, { ecmaVersion: "latest", sourceType });
      return true;
    } catch {
      return false;
    }
  });
}

async function failuresByEsbuild(
  root: string,
  files: readonly string[],
): Promise<readonly BuildFailure[]> {
  const options = {
    absWorkingDir: root,
    entryPoints: files.map((file, at) => ({ in: file, out: `${at}` })), // otherwise a.js and a.mjs would have the same output
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
