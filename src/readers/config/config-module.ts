import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { namesOwnCode } from "../../bundle/own-code.ts";
import { stateNextTo } from "../../project-directory/state-directory.ts";
import { bundleConfig } from "./config-bundle.ts";
import { failedIn } from "./config-faults.ts";
import type { Evaluate } from "./default-export.ts";

export type LoadedModule = { readonly definition: unknown; readonly inputs: readonly string[] };

/** Loads the exports of a TypeScript or JavaScript config. Writes a bundle of it to `directory`. */
export function loadModule(
  file: string,
  evaluate: Evaluate,
  directory = stateNextTo(dirname(file)),
): Promise<LoadedModule> {
  return needsBundling(file)
    ? loadBundled(file, evaluate, directory)
    : loadAsItIs(file, evaluate, directory);
}

async function loadAsItIs(
  file: string,
  evaluate: Evaluate,
  directory: string,
): Promise<LoadedModule> {
  const outcome = await evaluate({ url: urlForAgain(file), file });
  if (outcome.kind === "definition") return { definition: outcome.definition, inputs: [file] };
  // esbuild reports line and column
  const isSyntax = outcome.kind === "threw" && outcome.thrown.isSyntaxError;
  if (isSyntax) return loadBundled(file, evaluate, directory);
  throw failedIn(file, outcome, undefined);
}

/**
 * A single JavaScript file is imported directly, which saves starting esbuild. Others are bundled:
 * TypeScript; several modules or linked packages, because Node would return cached modules on a second load;
 * and those that import `wsgw`, which may not be installed there.
 */
function needsBundling(file: string): boolean {
  if (/\.m?ts$/.test(file)) return true;
  const text = readFileSync(file, "utf8");
  const names = [...text.matchAll(IMPORTED)].map(([, name = ""]) => name);
  return (
    /["'`](?:\.\.?[/"'`]|wsgw["'/`])/.test(text) ||
    names.some((name) => namesOwnCode(name, dirname(file)))
  );
}

const IMPORTED = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;

let imports = 0;

/** A URL that bypasses Node's caches: the query for ES modules, the deletion for CommonJS. */
function urlForAgain(file: string): string {
  imports += 1;
  delete createRequire(file).cache[file];
  return `${pathToFileURL(file)}?load=${imports}`;
}

async function loadBundled(
  file: string,
  evaluate: Evaluate,
  directory: string,
): Promise<LoadedModule> {
  const bundle = await bundleConfig(file, directory);
  try {
    const outcome = await evaluate({ url: bundle.url, file });
    if (outcome.kind !== "definition") throw failedIn(file, outcome, bundle);
    return { definition: outcome.definition, inputs: bundle.inputs };
  } finally {
    bundle.remove();
  }
}
