import { readFileSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import type { EsbuildSettings } from "../definition/checked-project.ts";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { FailureInputs } from "../errors.ts";
import { stateNextTo } from "../project-directory/state-directory.ts";
import { Build, hasSettings } from "./build.ts";
import { type BuildAim, NO_SETTINGS } from "./build-options.ts";
import type { BuildFailure, BuildOutput, Unbuilt } from "./build-result.ts";
import { startEsbuild } from "./esbuild.ts";
import type { LocatedHandler } from "./locate-handlers.ts";
import {
  bringsItsOwn,
  lacksRuntimeSdk,
  runtimeSdkDirectory,
  sdkV2Directory,
} from "./runtime-sdk.ts";
import {
  exportsOfModule,
  exportsOfScript,
  filesOf,
  type LoadedFiles,
  packagesOf,
  sdkPackagesOf,
} from "./script-contents.ts";
import { SoundFiles } from "./sound-files.ts";
import { syntaxFailures } from "./syntax-failures.ts";
import { uninstalledInPlain } from "./uninstalled.ts";

export type { BuildAim } from "./build-options.ts";
export type { BuildFailure, Unbuilt } from "./build-result.ts";

/** One function's built code. */
export type HandlerCode = Omit<BuildOutput, "sourceMaps"> & {
  readonly functionName: string;
  /** The file that the author wrote: the same, or the source of `file`. */
  readonly source: string;
  /** The author's files that are loaded unbundled from disk; empty if all are in `file`. */
  readonly files: readonly string[];
  readonly exportPath: string;
  readonly sourceMaps: boolean;
  /** Directory with packages for ES modules, which do not use `NODE_PATH`. */
  readonly runtimeSdk: string | undefined;
  /** `NODE_PATH` for code that does not bundle the AWS SDK that Lambda includes. */
  readonly nodePath: string | undefined;
  /** The AWS SDK clients that the code loads from `node_modules`, by name. */
  readonly sdkPackages: readonly string[];
};

/** The results for handlers: code by function name, or the reasons without code. */
export type Bundle =
  | { readonly kind: "built"; readonly code: ReadonlyMap<string, HandlerCode> }
  | {
      readonly kind: "failed";
      /** Handlers that could be built. */
      readonly code: ReadonlyMap<string, HandlerCode>;
      /** The others, by function name. */
      readonly unbuilt: ReadonlyMap<string, Unbuilt>;
      /** All errors, each once. */
      readonly failures: readonly BuildFailure[];
      readonly failureInputs: FailureInputs;
    };

/** Builds handlers. */
export type Bundler = {
  /** Rebuilds only what has changed since the last build. `settings` are the definition's; default: none. */
  build(handlers: readonly LocatedHandler[], settings?: EsbuildSettings): Promise<Bundle>;
  /** Drops what `build` keeps for rebuilds. */
  stop(): Promise<void>;
};

/**
 * Creates the bundler of a project. For child processes, TypeScript is bundled without packages into `build`
 * in the state directory, and JavaScript that Node can run stays in place. In-process code becomes one script
 * per function, cached until one of its files changes: CommonJS, or with top-level await the body of an async
 * function. For a deployment, everything including packages is bundled in its own format.
 */
export function createBundler(
  options: {
    readonly root: string;
    /** Directory of the outputs. Default: `.wsgw` in `root`. */
    readonly stateDir?: string;
    /** Only checks whether handlers can be built: the result cannot be loaded. Default false. */
    readonly dryRun?: boolean;
  } & BuildAim,
): Bundler {
  const { root, stateDir = stateNextTo(root), dryRun = false } = options;
  const build = new Build(root, stateDir, options, dryRun);
  const sound = dryRun ? undefined : new SoundFiles(stateDir);
  const runtimeSdk = () => (dryRun ? undefined : runtimeSdkDirectory(stateDir));

  return {
    async build(handlers, settings = NO_SETTINGS) {
      const leavesPlain = options.purpose === "child-process" && !hasSettings(settings);
      // esbuild starts while plain files are read; other code starts it when a build needs it.
      if (leavesPlain && handlers.some(({ language }) => language === "typescript")) startEsbuild();
      const loaded = leavesPlain ? await filesOfPlain(handlers) : NONE;
      const isPlain = ({ file, build: own }: LocatedHandler) =>
        own === undefined && loaded.get(file)?.needsBuild === false;
      const bundled = handlers.filter((handler) => !isPlain(handler));
      const result = await build.run(bundled, settings);
      const code = new Map<string, HandlerCode>();
      const unbuilt = new Map<string, Unbuilt>();
      const plain: LocatedHandler[] = [];
      for (const handler of handlers) {
        const why = result.unbuilt.get(handler.file);
        const output = result.outputs.get(handler.name);
        if (why !== undefined) unbuilt.set(handler.name, why);
        else if (output === undefined) plain.push(handler);
        else {
          const around = packagesAround(handler, output.file);
          code.set(handler.name, { ...common(handler), ...output, ...around });
        }
      }
      for (const [handler, files, why] of await readPlain(root, plain, loaded, sound)) {
        if (why === undefined)
          code.set(handler.name, await plainCode(handler, files, { root, nodePath, runtimeSdk }));
        else unbuilt.set(handler.name, why);
      }
      return unbuilt.size === 0 ? { kind: "built", code } : failed(code, unbuilt);
    },
    stop: () => build.stop(),
  };

  /** The packages that a bundle resolves at run time. External packages may rely on Lambda's SDK too. */
  function packagesAround(handler: LocatedHandler, bundle: string) {
    if (options.purpose !== "child-process" || dryRun)
      return { nodePath: undefined, sdkPackages: [] };
    return {
      nodePath: nodePath(handler),
      sdkPackages: sdkPackagesOf([bundle]),
    };
  }

  /** Code in layers is outside the project, so that it does not find the project's packages. */
  function nodePath({ file, runtime = "", layers = [] }: LocatedHandler): string | undefined {
    const lacks = layers.length > 0 || !bringsItsOwn(dirname(file));
    const directories = [
      lacks ? runtimeSdk() : undefined,
      bringsSdkV2(runtime) && !dryRun ? sdkV2Directory(root, stateDir) : undefined,
    ].filter((directory) => directory !== undefined);
    return directories.length === 0 ? undefined : directories.join(delimiter);
  }
}

/** The handlers share one build: a failure also depends on files that were built. */
function failed(
  code: ReadonlyMap<string, HandlerCode>,
  unbuilt: ReadonlyMap<string, Unbuilt>,
): Bundle {
  const all = [...unbuilt.values()];
  const failures = new Map(
    all.flatMap(({ failures }) => failures.map((one) => [JSON.stringify(one), one])),
  );
  const read = [
    ...all.flatMap(({ failureInputs }) => failureInputs.read),
    ...[...code.values()].flatMap(({ inputs }) => inputs),
  ];
  return {
    kind: "failed",
    code,
    unbuilt,
    failures: [...failures.values()],
    failureInputs: {
      read: [...new Set(read)].sort(),
      missing: all.flatMap(({ failureInputs }) => failureInputs.missing),
    },
  };
}

function common(handler: LocatedHandler) {
  return {
    functionName: handler.name,
    source: handler.file,
    files: [],
    exportPath: handler.exportPath,
    runtimeSdk: undefined,
  };
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** The files that JavaScript handlers load, by entry file. */
async function filesOfPlain(
  handlers: readonly LocatedHandler[],
): Promise<ReadonlyMap<string, LoadedFiles>> {
  const scripts = handlers.filter(({ language }) => language === "javascript");
  const files = [...new Set(scripts.map(({ file }) => file))];
  return new Map(
    await Promise.all(files.map(async (file) => [file, await filesOf(file)] as const)),
  );
}

/** Errors in plain JavaScript files that handlers load: no build parses these. */
async function readPlain(
  root: string,
  handlers: readonly LocatedHandler[],
  loaded: ReadonlyMap<string, LoadedFiles>,
  sound: SoundFiles | undefined,
) {
  const read = handlers.flatMap((handler) => {
    const files = loaded.get(handler.file);
    return files === undefined ? [] : [[handler, files] as const];
  });
  const files = new Set(read.flatMap(([, { files }]) => files));
  const checkedAt = Date.now();
  const unchecked = [...files].filter((file) => sound?.has(file) !== true);
  const all = await syntaxFailures(root, new Set(unchecked));
  if (unchecked.length > 0) {
    const faulty = new Set(all.map(({ file }) => file));
    const others = [...files].filter((file) => !faulty.has(file));
    sound?.keep(faulty.has(undefined) ? [] : others, checkedAt);
  }
  return read.map(([handler, { files, missing }]) => {
    const failures = all.filter(({ file }) => file !== undefined && files.includes(file));
    const why: Unbuilt | undefined =
      failures.length === 0 ? undefined : { failures, failureInputs: { read: files, missing } };
    return [handler, { files, missing }, why] as const;
  });
}

async function plainCode(
  handler: LocatedHandler,
  { files, missing }: Pick<LoadedFiles, "files" | "missing">,
  around: {
    readonly root: string;
    readonly nodePath: (handler: LocatedHandler) => string | undefined;
    readonly runtimeSdk: () => string | undefined;
  },
): Promise<HandlerCode> {
  const { file, format } = handler;
  const text = readFileSync(file, "utf8");
  const directory = dirname(file);
  const lacks = !bringsItsOwn(directory) && lacksRuntimeSdk(await packagesOf(files), directory);
  return {
    ...common(handler),
    files,
    file,
    format,
    sourceMaps: false,
    nodePath: around.nodePath(handler),
    runtimeSdk: lacks && format === "module" ? around.runtimeSdk() : undefined,
    sdkPackages: sdkPackagesOf(files),
    exports: await (format === "module" ? exportsOfModule(text) : exportsOfScript(text)),
    inputs: [...files, ...missing],
    warnings: [],
    uninstalled: await uninstalledInPlain(
      files,
      (handler.layers ?? []).map((layer) => resolve(around.root, layer)),
    ),
    kept: [],
    absent: [],
  };
}
