import { join, parse, relative, resolve, sep } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import type { EsbuildSettings } from "../definition/checked-project.ts";
import { ownResolution } from "./alias-and-external.ts";
import type { OwnBuild } from "./build-groups.ts";
import { emitDecoratorMetadata } from "./decorators.ts";
import { type Kept, keepPackages } from "./kept-packages.ts";
import { filesOfLayers, nodeModulesIn } from "./layers-in-bundles.ts";
import { nativeOutside } from "./native-outside.ts";
import { type Links, packagesInside, packagesOutside } from "./packages.ts";
import { PLACES, type Place, placeHere, tellPlaces } from "./places.ts";
import { sdkV2Directory } from "./runtime-sdk.ts";
import { changedAfter, changeSources, type SourceChange } from "./source-changes.ts";
import { FILE_LOADERS } from "./text-imports.ts";
import { fakeTimers, ownTime } from "./virtual-time-in-own-files.ts";

/** What code is built for. */
export type BuildAim =
  | {
      readonly purpose: "child-process";
      /** Whether maps contain the sources, for debuggers that cannot read the disk. Default false. */
      readonly debug?: boolean;
    }
  | {
      readonly purpose: "in-process";
      /** Whether the project's own files, without packages, follow a separate clock. Default false. */
      readonly virtualTime?: boolean;
    }
  | {
      readonly purpose: "deploy";
      /** In esbuild's format: `node24`. */
      readonly target: string;
      /** Packages that are deployed as installed. */
      readonly nodeModules: ReadonlySet<string>;
    };

/**
 * ES modules have no `require`, which bundled CommonJS packages need. A global, because another `const
 * require` next to the author's own would be a syntax error.
 */
const MODULE_BANNER =
  'import { createRequire as __createRequire } from "node:module"; globalThis.require ??= __createRequire(import.meta.url);';

/**
 * The location of a deployed bundle is known only at run time; the paths of its modules are relative to it.
 */
const HOME = {
  commonjs:
    'const __wsgwHome = __dirname, __wsgwUrlOf = (file) => require("node:url").pathToFileURL(file).href;',
  module:
    'import { fileURLToPath as __wsgwPathOf, pathToFileURL as __wsgwToUrl } from "node:url"; const __wsgwHome = __wsgwPathOf(new URL(".", import.meta.url)).slice(0, -1), __wsgwUrlOf = (file) => __wsgwToUrl(file).href;',
} as const;

/** Values that in-process evaluation passes to a bundle: the paths of the handler's source. */
const PLACES_IN_PROCESS = {
  "import.meta": "{}",
  "import.meta.url": "__wsgw_url",
  "import.meta.dirname": "__dirname",
  "import.meta.filename": "__filename",
};

/**
 * The esbuild options for making handlers runnable. Only two things differ between this machine and AWS:
 * deployments bundle packages, and their target is the function's runtime.
 */
export function buildOptions(options: {
  readonly root: string;
  /** Directory of the outputs. */
  readonly stateDir: string;
  readonly aim: BuildAim;
  readonly format: "commonjs" | "module";
  readonly files: readonly string[];
  /** Absolute directories of the functions' layers. Default: none. */
  readonly layers?: readonly string[];
  /** Whether Lambda includes SDK v2 in the functions' runtimes. Default false. */
  readonly sdkV2?: boolean;
  /** Collects the packages that stay outside a deployment's bundle. */
  readonly kept: Map<string, Kept>;
  /** Collects the links that child processes need next to the bundles. */
  readonly links: Links;
  /** The definition's settings. Default: none. */
  readonly settings?: EsbuildSettings;
  /** The functions' own settings. Default: none. */
  readonly own?: OwnBuild | undefined;
}): BuildOptions & { readonly metafile: true; readonly write: false; readonly plugins: Plugin[] } {
  const {
    root,
    stateDir,
    aim,
    format,
    files,
    layers = [],
    sdkV2 = false,
    kept,
    links,
    settings = NO_SETTINGS,
    own,
  } = options;
  const target = aim.purpose === "deploy" ? aim.target : `node${process.versions.node}`;
  const loaders = { ...FILE_LOADERS, ...settings.loader, ...own?.loader };
  const changes = changesFor(root, aim, target);
  const directory = aim.purpose === "deploy" ? `deploy-${aim.target}` : aim.purpose;
  const outdir = join(stateDir, "build", directory);
  const includedV2 =
    sdkV2 && aim.purpose === "in-process" ? sdkV2Directory(root, stateDir) : undefined;
  return {
    absWorkingDir: root,
    entryPoints: files.map((file) => ({ in: file, out: outputName(root, file) })),
    outdir,
    outExtension: { ".js": format === "module" ? ".mjs" : ".cjs" },
    bundle: true,
    platform: "node",
    target,
    format: format === "module" ? "esm" : "cjs",
    ...ownOptions(aim, format, own),
    ...(aim.purpose === "deploy" && own?.packages && { packages: own.packages }),
    ...(own?.inject && { inject: own.inject.map((file) => resolve(own.codeRoot, file)) }),
    loader: loaders,
    define: {
      ...settings.define,
      ...own?.define,
      ...(aim.purpose === "in-process" ? PLACES_IN_PROCESS : PLACES),
    },
    sourcemap: "linked",
    sourcesContent: aim.purpose === "child-process" && aim.debug === true,
    plugins: [
      ...(own === undefined ? [] : ownResolution(own, aim.purpose === "deploy")),
      ...settings.plugins.map((plugin) => changedAfter(plugin, changes, loaders)),
      ...(layers.length > 0 ? [filesOfLayers(layers, aim.purpose === "in-process")] : []),
      ...pluginsFor(aim, { root, outdir, format, links, kept }),
      changeSources(changes, loaders, changes.length > 1 ? /.*/ : TYPESCRIPT),
    ],
    // A child process resolves these at run time.
    nodePaths:
      aim.purpose === "child-process"
        ? []
        : [
            ...[...layers].reverse().map(nodeModulesIn),
            ...(includedV2 === undefined ? [] : [includedV2]),
          ],
    metafile: true,
    write: false,
    logLevel: "silent",
  };
}

/** Plugins for what stays outside the bundle. */
function pluginsFor(
  aim: BuildAim,
  parts: {
    readonly root: string;
    readonly outdir: string;
    readonly format: "commonjs" | "module";
    readonly links: Links;
    readonly kept: Map<string, Kept>;
  },
): Plugin[] {
  const { root, outdir, format, links, kept } = parts;
  switch (aim.purpose) {
    case "child-process":
      return [nativeOutside(false), packagesOutside({ outdir, format, links, providesSdk: true })];
    case "in-process":
      return [
        nativeOutside(true),
        ...(aim.virtualTime === true ? [fakeTimers()] : []),
        packagesInside(),
      ];
    case "deploy":
      return [packagesInside(), keepPackages({ root, names: aim.nodeModules, kept })];
    default:
      return aim satisfies never;
  }
}

/** Files with decorators; a plugin that runs for every file slows builds down. */
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** A project without settings. */
export const NO_SETTINGS: EsbuildSettings = { loader: {}, define: {}, plugins: [] };

/** Changes to the source of modules before esbuild parses it. */
function changesFor(root: string, aim: BuildAim, target: string): readonly SourceChange[] {
  switch (aim.purpose) {
    case "child-process":
      return [emitDecoratorMetadata, tellPlaces(placeHere)];
    case "in-process":
      return [emitDecoratorMetadata, ...(aim.virtualTime === true ? [ownTime(root, target)] : [])];
    case "deploy":
      return [emitDecoratorMetadata, tellPlaces((file) => placeFromHome(placeInZip(root, file)))];
    default:
      return aim satisfies never;
  }
}

/**
 * Code around the bundle, and how packages are resolved. An in-process script cannot use imports as banners
 * do.
 */
function ownOptions(
  aim: BuildAim,
  format: "commonjs" | "module",
  own: OwnBuild | undefined,
): Pick<BuildOptions, "banner" | "conditions" | "footer" | "mainFields"> {
  const isInProcess = aim.purpose === "in-process";
  const parts = [
    ...(format === "module" && !isInProcess ? [MODULE_BANNER] : []),
    ...(aim.purpose === "deploy" ? [HOME[format]] : []),
  ];
  const banner = [
    ...(parts.length === 0 ? [] : [parts.join(" ")]),
    ...(own?.banner === undefined || isInProcess ? [] : [own.banner]),
  ];
  return {
    ...(banner.length > 0 && { banner: { js: banner.join("\n") } }),
    ...(own?.footer !== undefined && !isInProcess && { footer: { js: own.footer } }),
    ...(own?.mainFields && { mainFields: [...own.mainFields] }),
    ...(own?.conditions && { conditions: [...own.conditions] }),
  };
}

/** The path of a project's file in a zip: as in the project, packages in `node_modules`. */
export function placeInZip(root: string, file: string): string {
  const path = relative(root, file).split(sep).join("/");
  if (!path.startsWith("../")) return path;
  const packages = path.indexOf("node_modules/");
  return packages < 0 ? path.replaceAll("../", "_/") : path.slice(packages);
}

function placeFromHome(path: string): Place {
  const { dir } = parse(path);
  const filename = `__wsgwHome + ${JSON.stringify(`/${path}`)}`;
  const dirname = dir === "" ? "__wsgwHome" : `__wsgwHome + ${JSON.stringify(`/${dir}`)}`;
  return { filename, dirname, url: `__wsgwUrlOf(${filename})` };
}

/** Keeps the directories of the project, and the extension, so that `a.ts` and `a.mts` differ. */
function outputName(root: string, file: string): string {
  const { dir, name, ext } = parse(relative(root, file));
  const parts = dir.split(sep).filter((part) => part !== ""); // esbuild mangles a leading slash
  const directories = parts.map((part) => (part === ".." ? "_" : part));
  return [...directories, `${name}_${ext.slice(1)}`].join("/");
}
