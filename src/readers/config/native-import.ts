import { constants, Script } from "node:vm";

/**
 * Node's own `import()` of a URL, also within the CommonJS build of this package, whose `import()` is a
 * `require()`: Jest, which runs that, lets no code import.
 */
export function nativeImport(url: string): Promise<unknown> {
  if (typeof __filename !== "string") return import(url);
  const options = { importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
  const load = new Script("(url) => import(url)", options).runInThisContext();
  return (load as typeof nativeImport)(url);
}
