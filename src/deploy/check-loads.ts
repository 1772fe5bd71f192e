import type { PackageFile } from "./package/files.ts";
import { loadPackage } from "./package/load-check.ts";
import { entryName } from "./package/node-files.ts";
import { broughtByLambda, type NodeCode } from "./package-node.ts";

/**
 * Loads a function's files as Lambda would and looks for its handler. Faults and warnings are ends of
 * sentences.
 */
export async function checkLoads(
  { fn, handler, code }: NodeCode,
  files: readonly PackageFile[],
): Promise<{ readonly faults: readonly string[]; readonly warnings: readonly string[] }> {
  const loaded = await loadPackage({
    files,
    entry: entryName(code.format),
    exportPath: handler.exportPath,
    environment: fn.environment,
    brought: broughtByLambda(code),
  });
  switch (loaded.kind) {
    case "loaded":
      return { faults: [], warnings: [] };
    case "missing": {
      const { exports } = loaded;
      const instead = exports.length === 0 ? "exports nothing" : `exports ${exports.join(", ")}`;
      const names = `names ${fn.handler}, but its bundle has no function there; it ${instead}.`;
      return { faults: [`${names} Export it or correct the handler.`], warnings: [] };
    }
    case "unknown":
      return { faults: [], warnings: [`was not checked: ${loaded.because}.`] };
    case "failed": {
      if (isTooNew(loaded.error, fn.runtime)) {
        const why = `this Node ${process.versions.node} does not know all of the language of ${fn.runtime}`;
        return { faults: [], warnings: [`was not checked: ${why}.`] };
      }
      const why = `cannot be loaded as it would be on AWS: ${loaded.error}.`;
      return {
        faults: [`${why} It was loaded from its zip, with no packages beside it.`],
        warnings: [],
      };
    }
    default:
      return loaded satisfies never;
  }
}

function isTooNew(error: string, runtime: string): boolean {
  const major = Number.parseInt(runtime.slice("nodejs".length), 10);
  return error.startsWith("SyntaxError") && major > Number.parseInt(process.versions.node, 10);
}
