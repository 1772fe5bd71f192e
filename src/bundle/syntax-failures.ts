import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Options } from "acorn";
import type { BuildFailure } from "./build-result.ts";
import { failuresIn, loadEsbuild } from "./esbuild.ts";
import { formatOf } from "./locate-handlers.ts";

const EXTENSIONS = ["", ".js", ".mjs", ".cjs"];

/**
 * More characters are parsed faster by esbuild, and not in the gateway's event loop, although a call to its
 * process takes 5 to 20 ms.
 */
const MANY = 200_000;

/**
 * The syntax errors of plain JavaScript files, each file by itself: nothing is resolved or written. Other
 * files are ignored. `askEsbuild` judges what acorn does not accept.
 */
export async function syntaxFailures(
  root: string,
  files: ReadonlySet<string>,
  askEsbuild = failuresByEsbuild,
): Promise<readonly BuildFailure[]> {
  const scripts = [...files].filter((file) => EXTENSIONS.includes(extname(file)));
  if (scripts.length === 0) return [];
  const texts = new Map(scripts.map((file) => [file, textOf(file)]));
  const characters = [...texts.values()].reduce((sum, text = "") => sum + text.length, 0);
  const { parse } = await import("acorn");
  const doubtful = characters > MANY ? scripts : scripts.filter((file) => !isSound(file));
  return doubtful.length === 0 ? [] : askEsbuild(root, doubtful);

  function isSound(file: string): boolean {
    const text = texts.get(file);
    return text !== undefined && sourceTypes(file).some((type) => isValid(text, type));
  }

  function isValid(text: string, sourceType: SourceType): boolean {
    try {
      parse(text, { ecmaVersion: "latest", sourceType });
      return true;
    } catch {
      return false;
    }
  }
}

type SourceType = NonNullable<Options["sourceType"]>;

/** How Node may load a file: as its extension or `package.json` says, else as its code shows. */
function sourceTypes(file: string): readonly SourceType[] {
  if (formatOf(file) === "module") return ["module"];
  return extname(file) === ".cjs" ? ["commonjs"] : ["commonjs", "module"];
}

/** Undefined for an unreadable file. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
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
