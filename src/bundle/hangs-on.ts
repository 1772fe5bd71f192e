import { dirname, resolve } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import type { HangsOn } from "../errors.ts";
import type { BuildFailure } from "./build-result.ts";
import { importCandidates } from "./import-candidates.ts";

/**
 * The files that a build reads which fails: esbuild itself names them only when it succeeds. It is run
 * once more for that, since being told of every file makes builds slow that succeed.
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

/** Notes the files that a build reads, also one that fails. */
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

/** What a failed build hangs on: what it read, and files that an import asks for and nobody has. */
export function failureHangsOn(
  reads: Iterable<string>,
  failures: readonly BuildFailure[],
): HangsOn {
  const missing = failures.flatMap(({ file, text }) => {
    const request = /^Could not resolve "(\.[^"]*)"/.exec(text)?.[1];
    if (request === undefined || file === undefined) return [];
    return importCandidates(resolve(dirname(file), request));
  });
  return { read: [...reads].sort(), missing }; // esbuild reads in no order
}
