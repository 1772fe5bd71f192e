import { dirname, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { importCandidates } from "../emulator/rules/import-candidates.ts";
import type { HangsOn } from "../errors.ts";
import type { BuildFailure } from "./build.ts";

/** Notes the files that a build reads: esbuild itself names them only when it succeeds. */
export function noteReads(reads: Set<string>): Plugin {
  return {
    name: "note-reads",
    setup(build) {
      build.onStart(() => reads.clear());
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
  return { read: [...reads], missing };
}
