import { existsSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import type { Plugin } from "esbuild";
import { objectOf } from "../values/json.ts";
import { jsonIn, namesIn } from "./directory-files.ts";
import { nodeModulesWith, packageName } from "./own-code.ts";

/** A package, or a single file, that stays outside a bundle and must be included in the zip. */
export type Kept =
  | { readonly kind: "package"; readonly name: string; readonly directory: string }
  | { readonly kind: "file"; readonly name: string; readonly file: string };

/** Packages that load or build native addons. */
const NATIVE_TOOLS = [
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
  "prebuild-install",
];

const SKIP = Symbol("resolved by esbuild itself");

/**
 * Keeps packages external that cannot be bundled: native packages, those in `nodeModules`, and compiled
 * addons. An AWS SDK client that is not installed stays external too, because Lambda's Node runtime includes
 * every client. Adds the bundle's external packages to `kept`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export function keepPackages(options: {
  readonly root: string;
  readonly names: ReadonlySet<string>;
  readonly kept: Map<string, Kept>;
}): Plugin {
  const { root, names, kept } = options;
  const native = new Map<string, boolean>();

  return {
    name: "keep-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, (args) => {
        if (args.kind === "entry-point" || isBuiltin(args.path)) return;
        const name = packageName(args.path);
        const nodeModules = nodeModulesWith(name, args.resolveDir);
        if (nodeModules === undefined) return undefined;
        const directory = join(nodeModules, name);
        const isNative = native.get(directory) ?? isNativePackage(directory);
        native.set(directory, isNative);
        if (!isNative && !names.has(name)) return undefined;
        kept.set(args.path, { kind: "package", name, directory: realpathSync(directory) });
        return { path: args.path, external: true };
      });
      build.onResolve({ filter: /^@aws-sdk\// }, async (args) => {
        if (args.pluginData === SKIP) return;
        const { path, importer, kind, namespace, resolveDir } = args;
        const found = await build.resolve(path, {
          importer,
          kind,
          namespace,
          resolveDir,
          pluginData: SKIP,
        });
        const isThere = nodeModulesWith(packageName(path), resolveDir) !== undefined;
        return found.errors.length > 0 && !isThere ? { path, external: true } : undefined;
      });
      build.onResolve({ filter: /^\..*\.node$/ }, ({ path, resolveDir }) => {
        const file = join(resolveDir, path);
        const place = relative(root, file).replaceAll("\\", "/");
        if (place.startsWith("../") || !existsSync(file)) return undefined;
        kept.set(`./${place}`, { kind: "file", name: place, file });
        return { path: `./${place}`, external: true };
      });
    },
  };
}

/** Whether an installed package contains or loads native code. */
export function isNativePackage(directory: string): boolean {
  if (["binding.gyp", "prebuilds"].some((name) => existsSync(join(directory, name)))) return true;
  const manifest = objectOf(jsonIn(join(directory, "package.json")));
  const main = typeof manifest.main === "string" ? manifest.main : "";
  const tools = Object.keys({
    ...objectOf(manifest.dependencies),
    ...objectOf(manifest.optionalDependencies),
  });
  return (
    main.endsWith(".node") ||
    manifest.gypfile === true ||
    manifest.napi !== undefined ||
    manifest.binary !== undefined ||
    tools.some((tool) => NATIVE_TOOLS.includes(tool)) ||
    namesIn(directory).some((name) => name.endsWith(".node"))
  );
}

/** The dependencies of a package. */
export type Needed = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
};

export function neededBy(directory: string): Needed {
  const manifest = objectOf(jsonIn(join(directory, "package.json")));
  const optional = Object.keys({
    ...objectOf(manifest.optionalDependencies),
    ...objectOf(manifest.peerDependencies),
  });
  const required = Object.keys(objectOf(manifest.dependencies));
  return { required: required.filter((name) => !optional.includes(name)), optional };
}
