import { dirname, join, resolve } from "node:path";
import { adviceOnAll } from "../../bundle/advice.ts";
import { describeFailure } from "../../bundle/build.ts";
import { placeInZip } from "../../bundle/build-options.ts";
import { createBundler, type HandlerCode } from "../../bundle/bundler.ts";
import { neededBy } from "../../bundle/kept-packages.ts";
import { findHandlers, type LocatedHandler } from "../../bundle/locate-handlers.ts";
import { missingExports } from "../../bundle/missing-exports.ts";
import { packageDirectory } from "../../bundle/own-code.ts";
import type { EsbuildSettings, LambdaFunction } from "../../definition/project.ts";
import { HINTS } from "../../errors.ts";
import { fileOnDisk, type PackageFile } from "./files.ts";
import { fromLambda } from "./lambdas-own-sdk.ts";
import { keptFiles } from "./native-packages.ts";
import { bundleFiles, entryName, includedFiles } from "./node-files.ts";
import { besideCode } from "./own-path.ts";

/** The fields of a function for bundling its code. */
export type NodeFunction = Pick<
  LambdaFunction,
  "name" | "handler" | "root" | "layers" | "runtime" | "nodeModules" | "include" | "build"
>;

/** A Node function's bundle, and the files to include. */
export type NodeCode<Fn extends NodeFunction = LambdaFunction> = {
  readonly fn: Fn;
  readonly handler: LocatedHandler;
  readonly code: HandlerCode;
};

/**
 * Bundles Node functions, all of a runtime together. Errors are sentences; functions with an invalid handler
 * have no code.
 */
export async function bundleNode<Fn extends NodeFunction>(
  root: string,
  functions: readonly Fn[],
  esbuild: EsbuildSettings,
  stateDir?: string,
): Promise<{
  readonly code: ReadonlyMap<string, NodeCode<Fn>>;
  readonly faults: readonly string[];
  /** How to fix code that cannot be built, in sentences. */
  readonly advice: readonly string[];
}> {
  const advice = new Set<string>();
  const code = new Map<string, NodeCode<Fn>>();
  const faults: string[] = [];
  for (const runtime of new Set(functions.map((fn) => fn.runtime))) {
    const alike = functions.filter((fn) => fn.runtime === runtime);
    const found = findHandlers(root, alike);
    faults.push(...found.faults);
    if (found.faults.length > 0) advice.add(HINTS.HANDLER_INVALID);
    const bundler = createBundler({
      root,
      ...(stateDir !== undefined && { stateDir }),
      purpose: "deploy",
      target: targetOf(runtime),
      nodeModules: new Set(alike.flatMap((fn) => fn.nodeModules)),
    });
    try {
      const bundle = await bundler.build(found.handlers, esbuild);
      if (bundle.kind === "failed") {
        faults.push(...new Set(bundle.failures.map(describeFailure)));
        for (const one of adviceOnAll(bundle.failures)) advice.add(one);
      }
      faults.push(...missingExports(found.handlers, bundle.code));
      for (const fn of alike) {
        const handler = found.handlers.find(({ name }) => name === fn.name);
        const built = bundle.code.get(fn.name);
        if (handler && built) code.set(fn.name, { fn, handler, code: built });
      }
    } finally {
      await bundler.stop();
    }
  }
  return { code, faults, advice: [...advice] };
}

/** `nodejs24.x` in esbuild's format. */
function targetOf(runtime: string): string {
  return `node${Number.parseInt(runtime.slice("nodejs".length), 10)}`;
}

/**
 * All files of a Node function's zip, with its bundle as `module`, where Lambda expects the handler. Errors
 * and warnings are ends of sentences.
 */
export function nodeFiles(
  root: string,
  { fn, handler, code }: NodeCode<NodeFunction>,
  module?: string,
): {
  readonly files: readonly PackageFile[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
} {
  const bundle = bundleFiles(code, (file) => placeInZip(root, file), module);
  const included = includedFiles(resolve(root, fn.root), fn.include);
  const named = namedPackages(fn, handler);
  const packages = [...code.kept.filter((kept) => kept.kind === "package"), ...named.packages];
  const kept = keptFiles(packages, { needs: neededBy, find: packageDirectory });
  const entry = entryName(code.format, module);
  const addons = code.kept.flatMap((one) =>
    one.kind === "file" ? [fileOnDisk(join(dirname(entry), one.name), one.file)] : [],
  );

  const taken = included.files.some(({ path }) => path === entry || path === `${entry}.map`)
    ? [`includes ${entry}, which is the name of its bundle on AWS. Remove it from include.`]
    : [];
  const byPath = [...included.files, ...kept.files, ...addons, ...bundle].map(
    (file) => [file.path, file] as const,
  );
  return {
    files: [...new Map(byPath).values()],
    faults: [...included.faults, ...named.faults, ...kept.faults, ...taken],
    warnings: [...code.warnings, ...fromLambda(fn, code), ...besideCode(fn, code)],
  };
}

/** Packages in `nodeModules`, even if no import names them. */
function namedPackages(fn: NodeFunction, handler: LocatedHandler) {
  const found = fn.nodeModules.map((name) => ({
    name,
    directory: packageDirectory(name, dirname(handler.file)),
  }));
  return {
    packages: found.flatMap(({ name, directory }) =>
      directory === undefined ? [] : [{ name, directory }],
    ),
    faults: found.flatMap(({ name, directory }) =>
      directory === undefined
        ? [`has ${name} in nodeModules, which is not installed. Run npm install ${name}.`]
        : [],
    ),
  };
}
