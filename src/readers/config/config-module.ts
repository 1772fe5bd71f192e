import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { namesOwnCode } from "../../bundle/own-code.ts";
import { functionOrClass, isClass } from "../../definition/no-definition.ts";
import { WsgwError } from "../../errors.ts";
import { fieldOf } from "../../values/json.ts";
import { bundleConfig } from "./config-bundle.ts";
import { thrownIn } from "./config-faults.ts";
import { nativeImport } from "./native-import.ts";

export type LoadedModule = { readonly definition: unknown; readonly inputs: readonly string[] };

/** Loads the default export of a TypeScript or JavaScript config, calls it if it is a function, and awaits it. */
export async function loadModule(file: string): Promise<LoadedModule> {
  return settled(file, needsBundling(file) ? loadBundled(file) : loadAsItIs(file));
}

/** Node ends in silence when nothing is left to do and something is still awaited. */
async function settled<T>(file: string, loading: Promise<T>): Promise<T> {
  let fail = () => {};
  const never = new Promise<never>((_, reject) => {
    const message = `${file}: something that it awaits, or the promise that it exports, never settles.`;
    fail = () => reject(new WsgwError("CONFIG_UNREADABLE", message));
  });
  process.once("beforeExit", fail);
  try {
    return await Promise.race([loading, never]);
  } finally {
    process.off("beforeExit", fail);
  }
}

async function loadAsItIs(file: string): Promise<LoadedModule> {
  try {
    const definition = await readDefault(await importAgain(file), file);
    return { definition, inputs: [file] };
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause;
    if (cause instanceof SyntaxError) return loadBundled(file); // esbuild tells line and column
    throw thrownIn(file, cause, undefined);
  }
}

/**
 * A JavaScript file on its own is imported as it is, which saves starting esbuild. Others are bundled:
 * TypeScript; files of more modules than one or of linked packages, for Node would give old modules on a second load;
 * and those that import `wsgw`, which need not be installed where they are.
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

/** A module that Node has not seen before: the query is for its ES modules, the deletion for CommonJS. */
async function importAgain(file: string): Promise<unknown> {
  imports += 1;
  delete createRequire(file).cache[file];
  return nativeImport(`${pathToFileURL(file)}?load=${imports}`);
}

async function loadBundled(file: string): Promise<LoadedModule> {
  const bundle = await bundleConfig(file);
  try {
    const definition = await readDefault(await nativeImport(bundle.url), file);
    return { definition, inputs: bundle.inputs };
  } catch (cause) {
    if (cause instanceof WsgwError) throw cause;
    throw thrownIn(file, cause, bundle);
  } finally {
    bundle.remove();
  }
}

async function readDefault(module: unknown, file: string): Promise<unknown> {
  const exported = defaultOf(module);
  if (exported === undefined) {
    const others = Object.keys(Object(module)).filter((name) => !NO_EXPORTS.has(name));
    const but = others.length === 0 ? "" : `, but exports ${others.join(", ")}`;
    throw new WsgwError("CONFIG_UNREADABLE", `${file} has no default export${but}.`);
  }
  if (typeof exported !== "function" || isClass(exported)) return exported;
  const definition: unknown = await exported();
  if (definition !== undefined) return definition;
  const message = `${file}: the default export is ${functionOrClass(exported)}, and a call of it gives nothing; it has to return the definition.`;
  throw new WsgwError("CONFIG_UNREADABLE", message);
}

/** What Node adds to the exports of CommonJS. */
const NO_EXPORTS: ReadonlySet<string> = new Set(["default", "module.exports", "__esModule"]);

function defaultOf(module: unknown): unknown {
  const exported = fieldOf(module, "default");
  // what compilers make of `export default` in CommonJS
  return fieldOf(exported, "__esModule") === true ? fieldOf(exported, "default") : exported;
}
