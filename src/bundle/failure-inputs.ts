import { dirname, resolve } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import type { FailureInputs } from "../errors.ts";
import type { BuildFailure } from "./build-result.ts";
import { importCandidates } from "./import-candidates.ts";

/**
 * The files that a failing build reads: esbuild itself lists them only on success. This runs the build once
 * more, because listening to every file would slow successful builds down.
 */
export async function readsOf(
  esbuild: Pick<typeof import("esbuild"), "build">,
  options: BuildOptions,
): Promise<ReadonlySet<string>> {
  const reads = new Set<string>();
  const plugins = [noteReads(reads), ...(options.plugins ?? [])];
  await esbuild.build({ ...options, plugins }).catch(() => {}); // it fails as before
  return reads;
}

/** Records the files that a build reads, even one that fails. */
export function noteReads(reads: Set<string>): Plugin {
  return {
    name: "note-reads",
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: "file" }, ({ path }) => {
        reads.add(path);
        return undefined;
      });
    },
  };
}

/**
 * The files that a failed build depends on: what it read, and files that imports refer to and that do not
 * exist.
 */
export function inputsOfFailure(
  reads: Iterable<string>,
  failures: readonly BuildFailure[],
): FailureInputs {
  const missing = failures.flatMap(({ file, text }) => {
    const request = /^Could not resolve "(\.[^"]*)"/.exec(text)?.[1];
    if (request === undefined || file === undefined) return [];
    return importCandidates(resolve(dirname(file), request));
  });
  return { read: [...reads].sort(), missing }; // esbuild reads in any order
}
