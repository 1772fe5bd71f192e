import module, { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { filesInLayers, type Layers, OPT } from "../../rules/layers.ts";

type Resolve = (this: unknown, request: string, ...others: unknown[]) => string;

/** Lets `require("/opt/nodejs/shared")` find files of layers if the system cannot mount them at `/opt`. */
export function mountForRequire(layers: Layers): void {
  const inside = module as unknown as { _resolveFilename: Resolve };
  const original = inside._resolveFilename;
  inside._resolveFilename = function (request, ...others) {
    try {
      return original.call(this, request, ...others);
    } catch (error) {
      for (const file of filesInLayers(layers, request)) {
        try {
          return createRequire(file).resolve(file);
        } catch {
          // another layer may contain it
        }
      }
      throw error;
    }
  };
}

/**
 * Lets ES modules import packages in `directories`, in the order of `NODE_PATH`, and files by their path
 * below `/opt`. Lambda's Node applies `NODE_PATH` to ES modules too.
 * @see https://aws.amazon.com/blogs/compute/node-js-18-x-runtime-now-available-in-aws-lambda/
 */
export function mountForImport(layers: Layers, directories: readonly string[]): void {
  const parents = directories.map((directory) => pathToFileURL(`${dirname(directory)}/`).href);
  const opts = [...layers].reverse().map((layer) => pathToFileURL(`${layer}/`).href);
  const loader = `
    const tries = (specifier) => {
      if (specifier.startsWith("${OPT}")) {
        return ${JSON.stringify(opts)}.map((base) => [new URL(specifier.slice(${OPT.length}), base).href]);
      }
      return /^[./]|^[a-z]+:/.test(specifier) ? [] : ${JSON.stringify(parents)}.map((parent) => [specifier, parent]);
    };
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        for (const [name, parentURL = context.parentURL] of tries(specifier)) {
          try {
            return await next(name, { ...context, parentURL });
          } catch {}
        }
        throw error;
      }
    }`;
  module.register(`data:text/javascript,${encodeURIComponent(loader)}`);
}
