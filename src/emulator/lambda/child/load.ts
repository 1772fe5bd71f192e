import module, { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { type FunctionError, loadError } from "../../rules/function-faults.ts";
import type { FunctionCode } from "../environment.ts";

/** Loads the user's module, or tells the error that Lambda would report. */
export async function loadModule(
  code: FunctionCode,
): Promise<{ readonly exports: unknown } | { readonly error: FunctionError }> {
  try {
    if (code.sourceMaps) process.setSourceMapsEnabled(true);
    if (code.format === "commonjs") return { exports: createRequire(code.file)(code.file) };
    if (code.lentPackages !== undefined) lendPackages(code.lentPackages);
    return { exports: await import(pathToFileURL(code.file).href) };
  } catch (error) {
    return { error: loadError(error) };
  }
}

/**
 * Loads what the code will ask for anyway, of the SDK that Lambda brings along: most of a cold start.
 * The author's own modules wait for the first event. What fails now fails again then, and is told then.
 */
export async function loadSdk(code: FunctionCode): Promise<void> {
  const require = createRequire(code.file);
  for (const name of code.sdkPackages) {
    try {
      if (code.format === "commonjs") require(name);
      else await import(pathToFileURL(require.resolve(name)).href);
    } catch {}
  }
}

/** Lets ES modules find in `folder` what they find nowhere else; `NODE_PATH` does that for `require`. */
function lendPackages(folder: string): void {
  const loader = `
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith("@aws-sdk/")) throw error;
        return next(specifier, { ...context, parentURL: ${JSON.stringify(pathToFileURL(`${folder}/`).href)} });
      }
    }`;
  module.register(`data:text/javascript,${encodeURIComponent(loader)}`);
}
