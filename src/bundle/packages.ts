import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync, unlinkSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { makeStateFolder } from "../project-folder/state-folder.ts";
import { nearestTypeIsModule } from "./locate-handlers.ts";
import { isInstalled, nodeModulesWith, packageName } from "./own-code.ts";

/** The clients that Lambda's Node runtime brings along and wsgw has too. */
const LENT = [
  "@aws-sdk/client-apigatewaymanagementapi",
  "@aws-sdk/client-dynamodb",
  "@aws-sdk/lib-dynamodb",
  "@aws-sdk/util-dynamodb",
] as const;

const BARE = /^[^./]/;

/** How the names begin by which bundles import the packages of a nested `node_modules`. */
export const LINKED = "@nested-";

/** Folders by the paths at which links to them are to stand, beside the bundles. */
export type Links = Map<string, string>;

/** True when code in `folder` can load every package that is lent, so that none has to be. */
export function bringsItsOwn(folder: string): boolean {
  return LENT.every((name) => nodeModulesWith(name, folder) !== undefined);
}

/** True when `names` has a package that is lent and that code in `folder` lacks. */
export function lacksLentPackage(names: ReadonlySet<string>, folder: string): boolean {
  return LENT.some((name) => names.has(name) && nodeModulesWith(name, folder) === undefined);
}

/**
 * A folder in which wsgw's own copies of the lent packages stand, and nothing else: where they are
 * installed there is more, which code would find here and miss on Lambda.
 */
export function lentFolder(stateDir: string): string {
  const folder = join(stateDir, "lent", "node_modules");
  try {
    makeStateFolder(stateDir);
    for (const name of LENT) link(installed(name), join(folder, name));
    return folder;
  } catch {
    return ownFolder(); // where nothing can be written
  }
}

/**
 * A folder with the project's `aws-sdk` and nothing else, for runtimes with which Lambda brings it: code in `/opt` or
 * outside of the project's folder finds it here. Undefined where the project has none.
 */
export function sdkV2Folder(root: string, stateDir: string): string | undefined {
  const nodeModules = nodeModulesWith(SDK_V2, root);
  if (nodeModules === undefined) return undefined;
  const folder = join(stateDir, "lent", "v2", "node_modules");
  try {
    makeStateFolder(stateDir);
    link(realpathSync(join(nodeModules, SDK_V2)), join(folder, SDK_V2));
    return folder;
  } catch {
    return nodeModules; // where nothing can be written
  }
}

const SDK_V2 = "aws-sdk";

/**
 * Has bundles in a state folder outside of the project find the packages that they would find inside of it, by a link
 * to its `node_modules`.
 */
export function linkPackages(root: string, stateDir: string): void {
  const nodeModules = nodeModulesWith("", root);
  if (nodeModules === undefined || stateDir.startsWith(dirname(nodeModules) + sep)) return;
  link(nodeModules, join(stateDir, "node_modules"));
}

/** Makes `path` a link to the folder `target`, unless it is one already. */
export function link(target: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    if (readlinkSync(path) === target) return;
    unlinkSync(path); // of a wsgw that was installed elsewhere
  }
  mkdirSync(dirname(path), { recursive: true });
  try {
    symlinkSync(target, path, "junction");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // made by another process
  }
}

/** The folder of a package of wsgw's own. */
function installed(name: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  const part = join(sep, "node_modules", name);
  return file.slice(0, file.lastIndexOf(`${part}${sep}`) + part.length);
}

function ownFolder(): string {
  const folder = installed(LENT[0]);
  return folder.slice(0, -LENT[0].length - 1);
}

/**
 * Leaves packages outside the bundle: by name those that its output finds in `node_modules`. What a `node_modules`
 * deeper in the project has is required by its path, and imported by a link to that folder, since Node alone knows which
 * of a package's files an import means; a module that a CommonJS bundle would require goes in. The project's own source
 * is bundled, such as that of a workspace. What is not installed stays outside too, so that it fails when the code runs,
 * with Lambda's own error.
 */
export function packagesOutside(options: {
  /** Folder of the output. */
  readonly outdir: string;
  readonly format: "commonjs" | "module";
  readonly links: Links;
  /** Whether packages that Lambda brings along, and the project lacks, are wsgw's own. */
  readonly lends: boolean;
}): Plugin {
  const { outdir, format, links, lends } = options;
  const linkTo = (folder: string): string => {
    const name = `${LINKED}${createHash("sha256").update(folder).digest("hex").slice(0, 8)}`;
    links.set(join(outdir, "node_modules", name), folder);
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
          (lends ? lent(args.path, format) : undefined) ?? { path: args.path, external: true }
        );
      });
    },
  };
}

/** Takes every package in, and wsgw's own copies of those that are lent and missing. */
export function packagesInside(): Plugin {
  return {
    name: "packages-inside",
    setup(build) {
      build.onResolve({ filter: /^@aws-sdk\// }, async (args) => {
        if (args.pluginData === SKIP) return;
        const name = packageName(args.path);
        if (!isLent(name) || nodeModulesWith(name, args.resolveDir) !== undefined) return;
        return again(build, args, ownFolder());
      });
    },
  };
}

/** Whether a package is the same in two `node_modules`, one of which may be a link to the other. */
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
  return result.errors?.length === 0 && !result.external ? result : undefined;
}

function again(
  build: PluginBuild,
  args: OnResolveArgs,
  resolveDir: string,
): Promise<OnResolveResult> {
  const { path, importer, kind, namespace } = args;
  return build.resolve(path, { importer, kind, namespace, resolveDir, pluginData: SKIP });
}

function lent(path: string, format: "commonjs" | "module"): OnResolveResult | undefined {
  if (!isLent(path)) return undefined;
  const file = createRequire(import.meta.url).resolve(path);
  return { path: format === "module" ? pathToFileURL(file).href : file, external: true };
}

function isLent(name: string): boolean {
  return LENT.some((lentName) => lentName === name);
}

/** The file that `require` finds, where it is one that `require` can load. */
function nestedScript({ path, resolveDir }: OnResolveArgs): OnResolveResult | undefined {
  try {
    const file = createRequire(join(resolveDir, "x")).resolve(path);
    if (!/\.(c?js|json|node)$/.test(file) || isModule(file)) return undefined;
    return { path: file, external: true };
  } catch {
    return undefined; // it has modules only, or lacks the file, which esbuild says with its place
  }
}

/** The package by a name under which Node finds it from the output, where it is of JavaScript. */
async function nestedModule(
  build: PluginBuild,
  args: OnResolveArgs,
  nodeModules: string,
  linkTo: (folder: string) => string,
): Promise<OnResolveResult | undefined> {
  const { path: file = "", errors } = await again(build, args, args.resolveDir);
  if (errors?.length !== 0 || !/\.[cm]?js$/.test(file)) return undefined; // as above
  const [, scope = "", rest = ""] = /^(?:(@[^/]+)\/)?(.*)$/.exec(args.path) ?? [];
  return { path: `${linkTo(join(nodeModules, scope))}/${rest}`, external: true };
}

function isModule(file: string): boolean {
  return file.endsWith(".js") && nearestTypeIsModule(dirname(file));
}
