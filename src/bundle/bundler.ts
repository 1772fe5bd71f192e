import { delimiter, dirname } from "node:path";
import type { EsbuildSettings } from "../definition/checked-project.ts";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { FailureInputs } from "../errors.ts";
import { stateNextTo } from "../project-directory/state-directory.ts";
import { Build } from "./build.ts";
import { type BuildAim, NO_SETTINGS } from "./build-options.ts";
import type { BuildFailure, HandlerCode, Unbuilt } from "./build-result.ts";
import { startEsbuild } from "./esbuild.ts";
import type { LocatedHandler } from "./locate-handlers.ts";
import {
  common,
  filesOfPlain,
  isPlain,
  leavesPlain,
  plainCode,
  readPlain,
} from "./plain-javascript.ts";
import { bringsItsOwn, runtimeSdkDirectory, sdkV2Directory } from "./runtime-sdk.ts";
import { sdkPackagesOf } from "./script-contents.ts";
import { SoundFiles } from "./sound-files.ts";

export type { BuildAim } from "./build-options.ts";
export type { BuildFailure, HandlerCode, Unbuilt } from "./build-result.ts";

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
      const mayBePlain = leavesPlain(options, settings);
      // esbuild starts while plain files are read; other code starts it when a build needs it.
      if (mayBePlain && handlers.some(({ language }) => language === "typescript")) startEsbuild();
      const loaded = mayBePlain ? await filesOfPlain(handlers) : NONE;
      const bundled = handlers.filter((handler) => !isPlain(handler, loaded));
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

const NONE: ReadonlyMap<string, never> = new Map<string, never>();
