import { availableParallelism } from "node:os";
import type { LambdaFunction, Project } from "../../definition/project.ts";
import { isProgram } from "../../definition/runtimes.ts";
import { WsgwError } from "../../errors.ts";
import { inTurns } from "../in-turns.ts";
import { changeFiles, type OnHook, runBeforeBundle } from "../runs/run-hooks.ts";
import { createLoadChecks } from "./loads-as-on-aws.ts";
import { packageLayers } from "./package-layers.ts";
import { bundleNode, nodeFiles } from "./package-node.ts";
import { describeZip, type PackagedZip } from "./packaged-zip.ts";
import { programFiles } from "./program-files.ts";
import { createZipper } from "./zip.ts";
import { tooLarge, tooLargeTogether, unzippedBytes } from "./zip-size.ts";

/** One function's code, ready to upload. */
export type PackagedFunction = PackagedZip & {
  /** For Python: packages in requirements.txt that neither the zip nor a layer contains. */
  readonly missingRequirements: readonly string[];
};

/** All code of a project. */
export type PackagedProject = {
  /** In the order of the definition. */
  readonly functions: readonly PackagedFunction[];
  /** In the order in which functions name them. */
  readonly layers: readonly PackagedZip[];
};

export type PackageOptions = {
  readonly project: Project;
  /** Directory of the definition. */
  readonly root: string;
  /** Directories and files of the project without code; absolute. */
  readonly without?: readonly string[];
  readonly onPackaged?: (packaged: PackagedZip) => void;
  readonly onHook?: OnHook;
};

/**
 * Creates one zip for each function and each layer: the same code gives the same bytes. Throws
 * PACKAGE_INVALID, or HANDLER_INVALID if a handler does not exist or cannot be built, with all errors in all
 * functions.
 */
export async function packageCode(options: PackageOptions): Promise<PackagedProject> {
  const { project, root, without = [], onHook = () => {} } = options;
  await runBeforeBundle({ project, root }, onHook);
  const functions = Object.values(project.functions);
  const node = await bundleNode(
    root,
    functions.filter((fn) => !isProgram(fn)),
    project.esbuild,
  );
  const zip = createZipper();
  const layers = await packageLayers({ project, root, without, zip });
  for (const layer of layers.packaged) options.onPackaged?.(layer);
  const checkLoads = createLoadChecks(root, [...node.code.values()]);
  const results = await inTurns(functions, availableParallelism(), (fn) => packageOne(fn));

  const faults = [...node.faults, ...layers.faults, ...results.flatMap((result) => result.faults)];
  if (faults.length > 0) {
    const code = node.faults.length > 0 ? "HANDLER_INVALID" : "PACKAGE_INVALID";
    throw new WsgwError(code, faults.join("\n"), { hint: node.advice.join("\n") || undefined });
  }
  return { functions: results.flatMap(({ packaged }) => packaged ?? []), layers: layers.packaged };

  async function packageOne(fn: LambdaFunction): Promise<Result> {
    const sentence = (end: string) => `Function "${fn.name}" ${end}`;
    const failed = (ends: readonly string[]): Result => ({ faults: ends.map(sentence) });
    const code = node.code.get(fn.name);
    if (code === undefined && !isProgram(fn)) return failed([]); // one of the errors of Node functions

    const found =
      code === undefined
        ? programFiles(
            root,
            fn,
            without,
            layers.of(fn).flatMap(({ files }) => files),
          )
        : { ...nodeFiles(root, code), missingRequirements: [] };
    if (found.faults.length > 0) return failed(found.faults);
    const files = await changeFiles({ project, root, functionName: fn.name }, found.files, onHook);
    const unzipped =
      tooLarge(unzippedBytes(files), "unzipped", files) ?? tooLargeTogether(files, layers.of(fn));
    if (unzipped !== undefined) return failed([unzipped]);
    const check = code === undefined ? NOTHING : await checkLoads(code, files);
    if (check.faults.length > 0) return failed(check.faults);

    const bytes = await zip(files);
    const zipped = tooLarge(bytes.length, "zipped", files);
    if (zipped !== undefined) return failed([zipped]);
    const warnings = [...found.warnings, ...check.warnings].map(sentence);
    const packaged = {
      ...describeZip(project.name, fn.name, files, bytes),
      warnings,
      missingRequirements: found.missingRequirements,
    };
    options.onPackaged?.(packaged);
    return { packaged, faults: [] };
  }
}

type Result = { readonly packaged?: PackagedFunction; readonly faults: readonly string[] };

const NOTHING = { faults: [], warnings: [] } as const;
