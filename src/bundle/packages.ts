import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { nearestTypeIsModule } from "./locate-handlers.ts";
import { isInstalled, nodeModulesWith, packageName } from "./own-code.ts";
import { includedSdk, isRuntimeSdk, ownDirectory } from "./runtime-sdk.ts";

const BARE = /^[^./]/;

/** Prefix of the names by which bundles import packages of a nested `node_modules`. */
export const LINKED = "@nested-";

/** Targets of links, by the link's path next to the bundles. */
export type Links = Map<string, string>;

/**
 * Keeps packages external. Those that the output resolves in `node_modules` keep their names. Packages of a
 * nested `node_modules` are required by path, and imported through a link to that directory, because only
 * Node knows which file an import resolves to; a module that a CommonJS bundle would require is bundled. The
 * project's own source, such as a workspace package, is bundled. Packages that are not installed stay
 * external too, so that the code fails with Lambda's own error.
 */
export function packagesOutside(options: {
  /** Directory of the output. */
  readonly outdir: string;
  readonly format: "commonjs" | "module";
  readonly links: Links;
  /** Whether wsgw's own packages replace those that Lambda includes and the project lacks. */
  readonly providesSdk: boolean;
}): Plugin {
  const { outdir, format, links, providesSdk } = options;
  const linkTo = (directory: string): string => {
    const name = `${LINKED}${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;
    links.set(join(outdir, "node_modules", name), directory);
    return name;
  };
  return {
    name: "packages-outside",
    setup(build) {
      build.onResolve({ filter: BARE }, async (args) => {
        if (args.kind === "entry-point" || args.pluginData === SKIP || isBuiltin(args.path)) return;
        const name = packageName(args.path);
        const found = nodeModulesWith(name, args.resolveDir);
        if (found !== undefined) {
          if (!isInstalled(found, name)) return undefined;
          if (isSame(nodeModulesWith(name, outdir), found, name))
            return { path: args.path, external: true };
          const isImport =
            args.kind === "dynamic-import" ||
            (args.kind === "import-statement" && format === "module");
          return isImport ? nestedModule(build, args, found, linkTo) : nestedScript(args);
        }
        return (
          (await asAlias(build, args)) ??
          (providesSdk ? includedSdk(args.path, format) : undefined) ?? {
            path: args.path,
            external: true,
          }
        );
      });
    },
  };
}

/** Bundles every package, and wsgw's own copies of what is missing of the SDK. */
export function packagesInside(): Plugin {
  return {
    name: "packages-inside",
    setup(build) {
      build.onResolve({ filter: /^@aws-sdk\// }, async (args) => {
        if (args.pluginData === SKIP) return;
        const name = packageName(args.path);
        if (!isRuntimeSdk(name) || nodeModulesWith(name, args.resolveDir) !== undefined) return;
        return again(build, args, ownDirectory());
      });
    },
  };
}

/** Whether a package is the same in two `node_modules`, one of which may link to the other. */
function isSame(one: string | undefined, other: string, name: string): boolean {
  if (one === undefined || one === other) return one === other;
  return realpathSync(join(one, name)) === realpathSync(join(other, name));
}

const SKIP = Symbol("resolved by esbuild itself");

async function asAlias(
  build: PluginBuild,
  args: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  const result = await again(build, args, args.resolveDir);
  const isFound = result.errors?.length === 0 && (!result.external || isBuiltin(result.path ?? ""));
  return isFound ? result : undefined;
}

function again(
  build: PluginBuild,
  args: OnResolveArgs,
  resolveDir: string,
): Promise<OnResolveResult> {
  const { path, importer, kind, namespace } = args;
  return build.resolve(path, { importer, kind, namespace, resolveDir, pluginData: SKIP });
}

/** The file that `require` resolves to, if `require` can load it. */
function nestedScript({ path, resolveDir }: OnResolveArgs): OnResolveResult | undefined {
  try {
    const file = createRequire(join(resolveDir, "x")).resolve(path);
    if (!/\.(c?js|json|node)$/.test(file) || isModule(file)) return undefined;
    return { path: file, external: true };
  } catch {
    return undefined; // it has only ES modules, or the file is missing, which esbuild reports with its place
  }
}

/** The package under a name that Node resolves from the output, if it is JavaScript. */
async function nestedModule(
  build: PluginBuild,
  args: OnResolveArgs,
  nodeModules: string,
  linkTo: (directory: string) => string,
): Promise<OnResolveResult | undefined> {
  const { path: file = "", errors } = await again(build, args, args.resolveDir);
  if (errors?.length !== 0 || !/\.[cm]?js$/.test(file)) return undefined; // as above
  const [, scope = "", rest = ""] = /^(?:(@[^/]+)\/)?(.*)$/.exec(args.path) ?? [];
  return { path: `${linkTo(join(nodeModules, scope))}/${rest}`, external: true };
}

function isModule(file: string): boolean {
  return file.endsWith(".js") && nearestTypeIsModule(dirname(file));
}
