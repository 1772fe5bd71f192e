import module, { createRequire } from "node:module";
import { delimiter } from "node:path";
import { createSecureContext } from "node:tls";
import { pathToFileURL } from "node:url";
import type { FunctionCode } from "../../environment-contract.ts";
import { type FunctionError, loadError } from "../../rules/function-errors.ts";
import type { Layers } from "../../rules/layers.ts";
import { mountForImport, mountForRequire } from "./opt-imports.ts";

/** The directory whose packages ES modules can already import. */
let provided: string | undefined;

/** Loads the user's module, or returns the error that Lambda would report. */
export async function loadModule(
  code: FunctionCode,
  layers: Layers = [],
): Promise<{ readonly exports: unknown } | { readonly error: FunctionError }> {
  try {
    if (layers.length > 0) mountForRequire(layers);
    if (code.format === "commonjs") return { exports: createRequire(code.file)(code.file) };
    const directories = (process.env.NODE_PATH ?? "").split(delimiter).filter(Boolean);
    if (layers.length > 0) mountForImport(layers, directories);
    // Registered last, so it applies only to packages that nothing else finds.
    if (code.runtimeSdk !== undefined) provideRuntimeSdkOnce(code.runtimeSdk);
    return { exports: await import(pathToFileURL(code.file).href) };
  } catch (error) {
    return { error: loadError(error) };
  }
}

/**
 * Loads the packages of Lambda's built-in SDK that the code will need: most of a cold start. The user's own
 * modules wait for the first event. What fails now fails again then, and is reported then.
 */
export async function loadSdk(code: FunctionCode, layers: Layers = []): Promise<void> {
  if (code.runtimeSdk !== undefined && layers.length === 0) provideRuntimeSdkOnce(code.runtimeSdk);
  const require = createRequire(code.file);
  for (const name of code.sdkPackages) {
    try {
      if (code.format === "commonjs") require(name);
      else await import(pathToFileURL(require.resolve(name)).href);
    } catch {}
  }
  // Node reads the root certificates at the first connection, which takes some tens of ms.
  if (code.sdkPackages.length > 0) createSecureContext();
}

/** Registering takes about as long as loading a package, so a prewarmed environment does it early. */
function provideRuntimeSdkOnce(directory: string): void {
  if (provided === directory) return;
  provided = directory;
  provideRuntimeSdk(directory);
}

/**
 * Lets ES modules import packages in `directory` that they find nowhere else; `NODE_PATH` does that for
 * `require`.
 */
function provideRuntimeSdk(directory: string): void {
  const loader = `
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith("@aws-sdk/")) throw error;
        return next(specifier, { ...context, parentURL: ${JSON.stringify(pathToFileURL(`${directory}/`).href)} });
      }
    }`;
  module.register(`data:text/javascript,${encodeURIComponent(loader)}`);
}
