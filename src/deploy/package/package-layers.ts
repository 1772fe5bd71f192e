import { resolve } from "node:path";
import { isDirectory } from "../../bundle/directory-files.ts";
import { findLayers } from "../../bundle/layers.ts";
import type { LambdaFunction, Project } from "../../definition/project.ts";
import { layerName } from "../template/layers.ts";
import type { PackageFile } from "./files.ts";
import { describeZip, type PackagedZip } from "./packaged-zip.ts";
import { filesOf } from "./unchanged-directory.ts";
import { tooLarge, unzippedBytes } from "./zip-size.ts";

/** The layers of a project. */
type PackagedLayers = {
  readonly packaged: readonly PackagedZip[];
  /** Whole sentences. */
  readonly faults: readonly string[];
  /** Those of one function. */
  of(fn: Pick<LambdaFunction, "layers">): readonly PackagedZip[];
};

/** Zips the directory of each layer unchanged, in the order in which functions name them. */
export async function packageLayers({
  project,
  root,
  without,
  zip,
}: {
  readonly project: Pick<Project, "name" | "functions">;
  readonly root: string;
  readonly without: readonly string[];
  readonly zip: (files: readonly PackageFile[]) => Promise<Uint8Array>;
}): Promise<PackagedLayers> {
  const functions = Object.values(project.functions);
  const faults = [...findLayers(root, functions).faults];
  const packaged = new Map<string, PackagedZip>();
  for (const name of new Set(functions.flatMap(({ layers }) => layers.map(layerName)))) {
    const directory = resolve(root, name);
    if (!isDirectory(directory)) continue; // findLayers reports it
    const files = filesOf(directory, without);
    const fault = (problem: string) => faults.push(`Layer "${name}" ${problem}`);
    const unzipped = tooLarge(unzippedBytes(files), "unzipped", files);
    if (files.length === 0)
      fault("is an empty directory. Add files to it or remove it from layers.");
    else if (unzipped !== undefined) fault(unzipped);
    else {
      const bytes = await zip(files);
      const zipped = tooLarge(bytes.length, "zipped", files);
      if (zipped !== undefined) fault(zipped);
      const { warnings } = findLayers(root, [{ name, layers: [name] }]);
      packaged.set(name, { ...describeZip(project.name, name, files, bytes), warnings });
    }
  }
  return {
    packaged: [...packaged.values()],
    faults,
    of: ({ layers }) => layers.flatMap((layer) => packaged.get(layerName(layer)) ?? []),
  };
}
