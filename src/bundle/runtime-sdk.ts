import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { OnResolveResult } from "esbuild";
import { makeStateDirectory } from "../project-directory/state-directory.ts";
import { link } from "./link-packages.ts";
import { nodeModulesWith } from "./own-code.ts";

/** The packages of the SDK included in Lambda's Node runtime that wsgw has too. */
const RUNTIME_SDK = [
  "@aws-sdk/client-apigatewaymanagementapi",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/lib-dynamodb",
  "@aws-sdk/util-dynamodb",
] as const;

/** Whether code in `directory` can resolve the whole SDK itself, so that it needs none of wsgw. */
export function bringsItsOwn(directory: string): boolean {
  return RUNTIME_SDK.every((name) => nodeModulesWith(name, directory) !== undefined);
}

/** Whether `names` contains a package of the SDK that code in `directory` lacks. */
export function lacksRuntimeSdk(names: ReadonlySet<string>, directory: string): boolean {
  return RUNTIME_SDK.some(
    (name) => names.has(name) && nodeModulesWith(name, directory) === undefined,
  );
}

/**
 * A directory with only wsgw's own copies of the SDK's packages. Their installation directory contains
 * more packages, which code would find here and miss on Lambda.
 */
export function runtimeSdkDirectory(stateDir: string): string {
  const directory = join(stateDir, "runtime-sdk", "node_modules");
  try {
    makeStateDirectory(stateDir);
    for (const name of RUNTIME_SDK) link(installed(name), join(directory, name));
    return directory;
  } catch {
    return ownDirectory(); // if nothing can be written
  }
}

/**
 * A directory with only the project's `aws-sdk`, for runtimes that include it on Lambda: code in `/opt` or
 * outside the project finds it here. Undefined if the project does not have it.
 */
export function sdkV2Directory(root: string, stateDir: string): string | undefined {
  const nodeModules = nodeModulesWith(SDK_V2, root);
  if (nodeModules === undefined) return undefined;
  const directory = join(stateDir, "runtime-sdk", "v2", "node_modules");
  try {
    makeStateDirectory(stateDir);
    link(realpathSync(join(nodeModules, SDK_V2)), join(directory, SDK_V2));
    return directory;
  } catch {
    return nodeModules; // if nothing can be written
  }
}

const SDK_V2 = "aws-sdk";

/** The directory of one of wsgw's own packages. */
function installed(name: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  const part = join(sep, "node_modules", name);
  return file.slice(0, file.lastIndexOf(`${part}${sep}`) + part.length);
}

/** The `node_modules` with wsgw's own copies. */
export function ownDirectory(): string {
  const directory = installed(RUNTIME_SDK[0]);
  return directory.slice(0, -RUNTIME_SDK[0].length - 1);
}

/** wsgw's own copy of a package, as what a bundle imports; undefined for a package of another kind. */
export function includedSdk(
  path: string,
  format: "commonjs" | "module",
): OnResolveResult | undefined {
  if (!isRuntimeSdk(path)) return undefined;
  const file = createRequire(import.meta.url).resolve(path);
  return { path: format === "module" ? pathToFileURL(file).href : file, external: true };
}

/** Whether wsgw has a copy of a package for projects that lack it, as Lambda's runtime has. */
export function isRuntimeSdk(name: string): boolean {
  return RUNTIME_SDK.some((included) => included === name);
}
