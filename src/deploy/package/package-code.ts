import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { LambdaFunction, Project } from "../../definition/project.ts";
import { isProgram } from "../../definition/runtimes.ts";
import { WsgwError } from "../../errors.ts";
import { inTurns } from "../in-turns.ts";
import { changeFiles, type OnHook, runBeforeBundle } from "../runs/run-hooks.ts";
import { createLoadChecks } from "./check-loads.ts";
import type { PackageFile } from "./files.ts";
import { tooLarge, unzippedBytes } from "./limits.ts";
import { bundleNode, nodeFiles } from "./package-node.ts";
import { programFiles } from "./program-files.ts";
import { createZipper } from "./zip.ts";

/** One function's code, ready to upload. */
export type PackagedFunction = {
  readonly name: string;
  readonly zip: Uint8Array;
  /** Hash of the zip, in hex. */
  readonly sha256: string;
  /**
   * Key of the object in the bucket: the project's name and the hash, so that existing objects need not be
   * uploaded.
   */
  readonly key: string;
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  /** Paths in the zip, sorted. */
  readonly files: readonly string[];
  /** Sentences about code that may not work on AWS as it does here. */
  readonly warnings: readonly string[];
  /** For Python: packages in requirements.txt that the zip lacks. */
  readonly missingRequirements: readonly string[];
};

export type PackageOptions = {
  readonly project: Project;
  /** Directory of the definition. */
  readonly root: string;
  /** Directories and files of the project without code; absolute. */
  readonly without?: readonly string[];
  readonly onPackaged?: (packaged: PackagedFunction) => void;
  readonly onHook?: OnHook;
};

/**
 * Creates one zip for each function, in the definition's order: the same code gives the same bytes. Throws
 * PACKAGE_INVALID, or HANDLER_INVALID if a handler does not exist or cannot be built, with all errors in all
 * functions.
 */
export async function packageCode(options: PackageOptions): Promise<readonly PackagedFunction[]> {
  const { project, root, without = [], onHook = () => {} } = options;
  await runBeforeBundle({ project, root }, onHook);
  const functions = Object.values(project.functions);
  const node = await bundleNode(
    root,
    functions.filter((fn) => !isProgram(fn)),
    project.esbuild,
  );
  const zip = createZipper();
  const checkLoads = createLoadChecks([...node.code.values()]);
  const results = await inTurns(functions, availableParallelism(), (fn) => packageOne(fn));

  const faults = [...node.faults, ...results.flatMap((result) => result.faults)];
  if (faults.length > 0) {
    const code = node.faults.length > 0 ? "HANDLER_INVALID" : "PACKAGE_INVALID";
    throw new WsgwError(code, faults.join("\n"), { hint: node.advice.join("\n") || undefined });
  }
  return results.flatMap((result) => result.packaged ?? []);

  async function packageOne(fn: LambdaFunction): Promise<Result> {
    const sentence = (end: string) => `Function "${fn.name}" ${end}`;
    const failed = (ends: readonly string[]): Result => ({ faults: ends.map(sentence) });
    const code = node.code.get(fn.name);
    if (code === undefined && !isProgram(fn)) return failed([]); // one of the errors of Node functions

    const found =
      code === undefined
        ? programFiles(root, fn, without)
        : { ...nodeFiles(root, code), missingRequirements: [] };
    if (found.faults.length > 0) return failed(found.faults);
    const files = await changeFiles({ project, root, functionName: fn.name }, found.files, onHook);
    const unzipped = tooLarge(unzippedBytes(files), "unzipped", files);
    if (unzipped !== undefined) return failed([unzipped]);
    const check = code === undefined ? NOTHING : await checkLoads(code, files);
    if (check.faults.length > 0) return failed(check.faults);

    const bytes = await zip(files);
    const zipped = tooLarge(bytes.length, "zipped", files);
    if (zipped !== undefined) return failed([zipped]);
    const warnings = [...found.warnings, ...check.warnings].map(sentence);
    const packaged = {
      ...describe(project.name, fn.name, files, bytes),
      warnings,
      missingRequirements: found.missingRequirements,
    };
    options.onPackaged?.(packaged);
    return { packaged, faults: [] };
  }
}

type Result = { readonly packaged?: PackagedFunction; readonly faults: readonly string[] };

const NOTHING = { faults: [], warnings: [] } as const;

function describe(
  project: string,
  name: string,
  files: readonly PackageFile[],
  zip: Uint8Array,
): Omit<PackagedFunction, "warnings" | "missingRequirements"> {
  const sha256 = createHash("sha256").update(zip).digest("hex");
  return {
    name,
    zip,
    sha256,
    key: `${project}/${sha256}.zip`,
    zippedBytes: zip.length,
    unzippedBytes: unzippedBytes(files),
    files: files.map(({ path }) => path),
  };
}
