import vm from "node:vm";

/**
 * Node's own `import()` of a URL. In the CommonJS build of this package, which Jest runs, `import()` would be
 * a `require()`, and Jest does not let code import.
 */
export function nativeImport(url: string): Promise<unknown> {
  if (typeof __filename !== "string") return import(url);
  const options = { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
  const load = new vm.Script("(url) => import(url)", options).runInThisContext();
  return (load as typeof nativeImport)(url);
}
