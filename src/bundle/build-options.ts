import { join, parse, relative, resolve, sep } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import type { EsbuildSettings } from "../definition/model.ts";
import type { OwnBuild } from "./build-groups.ts";
import { emitDecoratorMetadata } from "./decorators.ts";
import { fakeTimers, ownTime } from "./fake-timers.ts";
import { type Kept, keepPackages } from "./kept-packages.ts";
import { filesOfLayers, nodeModulesIn } from "./layer-files.ts";
import { FILE_LOADERS } from "./loaders.ts";
import { nativeOutside } from "./native.ts";
import { ownResolution } from "./own-resolution.ts";
import { type Links, packagesInside, packagesOutside, sdkV2Folder } from "./packages.ts";
import { PLACES, type Place, placeHere, tellPlaces } from "./places.ts";
import { changedAfter, changeSources, type SourceChange } from "./sources.ts";

/** What code is built for. */
export type BuildAim =
  | {
      readonly purpose: "child-process";
      /** Maps carry the sources, for debuggers that cannot read the disk. Default false. */
      readonly debug?: boolean;
    }
  | {
      readonly purpose: "in-process";
      /** The project's own files get a clock of their own, packages do not. Default false. */
      readonly virtualTime?: boolean;
    }
  | {
      readonly purpose: "deploy";
      /** As esbuild names it: `node24`. */
      readonly target: string;
      /** Packages that are deployed as they are installed. */
      readonly nodeModules: ReadonlySet<string>;
    };

/**
 * ES modules have no `require`, and CommonJS packages bundled into one ask for it. A global, because
 * a second `const require` beside the author's own would be a syntax error.
 */
const MODULE_BANNER =
  'import { createRequire as __createRequire } from "node:module"; globalThis.require ??= __createRequire(import.meta.url);';

/** Where a deployed bundle stands is known only when it runs; its modules' places are told from there. */
const HOME = {
  commonjs:
    'const __wsgwHome = __dirname, __wsgwUrlOf = (file) => require("node:url").pathToFileURL(file).href;',
  module:
    'import { fileURLToPath as __wsgwPathOf, pathToFileURL as __wsgwToUrl } from "node:url"; const __wsgwHome = __wsgwPathOf(new URL(".", import.meta.url)).slice(0, -1), __wsgwUrlOf = (file) => __wsgwToUrl(file).href;',
} as const;

/** What evaluates a bundle in process hands it these: the places of the handler's source. */
const PLACES_IN_PROCESS = {
  "import.meta": "{}",
  "import.meta.url": "__wsgw_url",
  "import.meta.dirname": "__dirname",
  "import.meta.filename": "__filename",
};

/**
 * The options of the one way in which handlers are made runnable. Between this machine and AWS two
 * things differ: packages stand in the bundle there, and the target is the function's runtime.
 */
export function buildOptions(options: {
  readonly root: string;
  /** Where outputs are kept. */
  readonly stateDir: string;
  readonly aim: BuildAim;
  readonly format: "commonjs" | "module";
  readonly files: readonly string[];
  /** Folders of the functions' layers, absolute. Default: none. */
  readonly layers?: readonly string[];
  /** Whether Lambda brings SDK v2 with the functions' runtimes. Default false. */
  readonly sdkV2?: boolean;
  /** Filled with the packages that stay outside a deployment's bundle. */
  readonly kept: Map<string, Kept>;
  /** Filled with what has to be linked beside the bundles for child processes. */
  readonly links: Links;
  /** What the definition says. Default: nothing. */
  readonly settings?: EsbuildSettings;
  /** What the functions themselves say. Default: nothing. */
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
  const folder = aim.purpose === "deploy" ? `deploy-${aim.target}` : aim.purpose;
  const outdir = join(stateDir, "build", folder);
  const lent = sdkV2 && aim.purpose === "in-process" ? sdkV2Folder(root, stateDir) : undefined;
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
      ...pluginsFor(),
      changeSources(changes, loaders, changes.length > 1 ? /.*/ : TYPESCRIPT),
    ],
    // In a child process the code looks there itself.
    nodePaths:
      aim.purpose === "child-process"
        ? []
        : [...[...layers].reverse().map(nodeModulesIn), ...(lent === undefined ? [] : [lent])],
    metafile: true,
    write: false,
    logLevel: "silent",
  };

  function pluginsFor(): Plugin[] {
    switch (aim.purpose) {
      case "child-process":
        return [nativeOutside(false), packagesOutside({ outdir, format, links, lends: true })];
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
}

/** What decorators are changed in; being asked about every file makes builds slow. */
const TYPESCRIPT = /\.[cm]?tsx?$/;

/** No settings of the project's own. */
export const NO_SETTINGS: EsbuildSettings = { loader: {}, define: {}, plugins: [] };

/** What is done to the text of modules before esbuild reads it. */
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

/** What stands around the code, and how packages are read. A script in process cannot import as banners do. */
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

/** Where a file of the project stands in a zip: as in the project, packages in `node_modules`. */
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

/** Keeps the folders of the project, and the extension so that `a.ts` and `a.mts` stay apart. */
function outputName(root: string, file: string): string {
  const { dir, name, ext } = parse(relative(root, file));
  const parts = dir.split(sep).filter((part) => part !== ""); // esbuild mangles a leading slash
  const folders = parts.map((part) => (part === ".." ? "_" : part));
  return [...folders, `${name}_${ext.slice(1)}`].join("/");
}
