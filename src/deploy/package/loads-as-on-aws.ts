import { resolve } from "node:path";
import { resolveValues } from "../../definition/references.ts";
import type { PackageFile } from "./files.ts";
import { broughtByLambda } from "./lambdas-own-sdk.ts";
import { type Loaded, loadPackage } from "./load-zip.ts";
import { entryName } from "./node-files.ts";
import type { NodeCode } from "./package-node.ts";
import { contentsHash } from "./zip.ts";

/** Ends of sentences about one function. */
type LoadFindings = {
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
};

/**
 * Loads functions' files as Lambda would and checks that their handlers exist. Files that several of `all`
 * share are loaded once for each memory and environment.
 */
export function createLoadChecks(
  root: string,
  all: readonly NodeCode[],
): (code: NodeCode, files: readonly PackageFile[]) => Promise<LoadFindings> {
  const exportPaths = [...new Set(all.map(({ handler }) => handler.exportPath))];
  const loads = new Map<string, Promise<Loaded>>();
  return async ({ fn, handler, code }, files) => {
    const layers = fn.layers.map((layer) => resolve(root, layer));
    const settings = JSON.stringify([fn.memory, fn.runtime, fn.environment, layers]);
    const key = `${contentsHash(files)} ${settings}`;
    const load =
      loads.get(key) ??
      loadPackage({
        files,
        entry: entryName(code.format),
        exportPaths,
        memory: fn.memory,
        // references have values only in the stack
        environment: resolveValues(fn.environment, (name) => name),
        brought: broughtByLambda(code),
        layers,
        runtime: fn.runtime,
      });
    loads.set(key, load);
    return findings(fn, handler.exportPath, await load);
  };
}

function findings(fn: NodeCode["fn"], exportPath: string, loaded: Loaded): LoadFindings {
  switch (loaded.kind) {
    case "loaded": {
      const { functions, exports } = loaded;
      if (functions.includes(exportPath)) return { faults: [], warnings: [] };
      const instead = exports.length === 0 ? "exports nothing" : `exports ${exports.join(", ")}`;
      const names = `has the handler ${fn.handler}, but its bundle has no function there: it ${instead}.`;
      return { faults: [`${names} Export it or correct the handler.`], warnings: [] };
    }
    case "unknown":
      return { faults: [], warnings: [`was not checked: ${loaded.because}.`] };
    case "out-of-memory": {
      const memory = `its memory of ${fn.memory} MB`;
      return {
        faults: [`does not load within ${memory}. Increase memory, or load fewer packages.`],
        warnings: [],
      };
    }
    case "failed": {
      if (isTooNew(loaded.error, fn.runtime)) {
        const why = `this Node ${process.versions.node} does not support all of the language of ${fn.runtime}`;
        return { faults: [], warnings: [`was not checked: ${why}.`] };
      }
      const why = `does not load as on AWS: ${loaded.error}.`;
      return {
        faults: [`${why} wsgw loaded it from its zip, without packages next to it.`],
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
