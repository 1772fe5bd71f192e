import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { isDirectory } from "../../bundle/directory-files.ts";
import { familyOf, type ProgramFields, placeOfProgram } from "../../definition/runtimes.ts";
import { executableProblem, startFile } from "./bootstrap.ts";
import { fileOnDisk, type PackageFile, walk } from "./files.ts";
import { fits } from "./patterns.ts";
import { requirementsNotIn } from "./requirements.ts";

/** The fields of a function in another language for packaging its code. */
type ProgramFunction = ProgramFields & {
  /** Code root, relative to the definition's directory. */
  readonly root: string;
  readonly exclude: readonly string[];
};

type Found = {
  readonly files: readonly PackageFile[];
  /** Ends of sentences, like the warnings. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** For Python: packages in requirements.txt that the directory lacks. */
  readonly missingRequirements: readonly string[];
};

/**
 * The directory of a program's code, as it is. `without` are local paths without code, `inLayers` the paths
 * in the function's layers.
 */
export function programFiles(
  root: string,
  fn: ProgramFunction,
  without: readonly string[],
  inLayers: readonly string[],
): Found {
  const { directory, handler } = placeOfProgram(fn);
  const at = resolve(root, fn.root, directory);
  if (!isDirectory(at)) {
    return fault(
      `has its code in ${directory}, which is not a directory. Create it or correct the definition.`,
    );
  }
  const isPython = familyOf(fn.runtime) === "python";
  const skip = (path: string) =>
    isNoCode(path, at, isPython) ||
    without.includes(join(at, path)) ||
    fn.exclude.some((pattern) => fits(pattern, path));
  const files = walk(at, skip).map((path) => fileOnDisk(path, join(at, path)));

  const problem = isPython
    ? pythonProblem(fn, at, files)
    : executableProblem(fn, handler, directory, files);
  if (problem !== undefined) return fault(problem);
  return {
    files: [...files, ...startFile(fn, files)],
    faults: [],
    warnings: [],
    missingRequirements: isPython ? requirementsNotIn(at, files, inLayers) : [],
  };
}

function fault(problem: string): Found {
  return { files: [], faults: [problem], warnings: [], missingRequirements: [] };
}

/** Hidden files may be secrets; the others were installed or created only for this machine. */
function isNoCode(path: string, directory: string, isPython: boolean): boolean {
  const name = basename(path);
  if (name.startsWith(".") || name === "__pycache__" || name.endsWith(".pyc")) return true;
  if (/^wsgw\.config\.\w+$/.test(path)) return true;
  if (isPython && name === "node_modules") return true;
  return existsSync(join(directory, path, "pyvenv.cfg"));
}

function pythonProblem(
  fn: ProgramFunction,
  directory: string,
  files: readonly PackageFile[],
): string | undefined {
  const module = fn.handler.slice(0, fn.handler.lastIndexOf(".")).replaceAll(".", "/");
  const paths = files.map(({ path }) => path);
  const isThere = paths.some((path) => path === `${module}.py` || path.startsWith(`${module}/`));
  if (isThere || paths.some((path) => path.startsWith(`${module}.`))) return undefined;
  const shown = join(basename(directory), `${module}.py`);
  return `has the handler ${fn.handler}, but ${shown} is not in its zip. Create the file, or correct handler, code or exclude.`;
}
