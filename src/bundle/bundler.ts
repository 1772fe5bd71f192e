import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import type { EsbuildSettings } from "../definition/model.ts";
import { bringsSdkV2 } from "../definition/runtimes.ts";
import type { HangsOn } from "../errors.ts";
import { stateBeside } from "../project-folder/state-folder.ts";
import { Build, hasSettings } from "./build.ts";
import { type BuildAim, NO_SETTINGS } from "./build-options.ts";
import type { BuildFailure, Unbuilt } from "./build-result.ts";
import { startEsbuild, syntaxFailures } from "./esbuild.ts";
import type { Kept } from "./kept-packages.ts";
import type { LocatedHandler } from "./locate-handlers.ts";
import { bringsItsOwn, lacksLentPackage, lentFolder, sdkV2Folder } from "./packages.ts";
import {
  exportsOfModule,
  exportsOfScript,
  filesOf,
  type KnownExports,
  type LoadedFiles,
  packagesOf,
  sdkPackagesOf,
} from "./script-contents.ts";

export type { BuildAim } from "./build-options.ts";
export type { BuildFailure, Unbuilt } from "./build-result.ts";

/** One function's code, ready to be loaded. */
export type HandlerCode = {
  readonly functionName: string;
  readonly file: string;
  /** The file that the author wrote: the same, or what `file` was made from. */
  readonly source: string;
  /** The author's files that are loaded as they stand on the disk; none when all went into `file`. */
  readonly files: readonly string[];
  readonly exportPath: string;
  /** In process a module is the body of an async function. */
  readonly format: "commonjs" | "module";
  readonly sourceMaps: boolean;
  /** Folder with packages lent to ES modules, which do not look at `NODE_PATH`. */
  readonly lentPackages: string | undefined;
  /** What belongs into `NODE_PATH`, for code that does not bring the AWS SDK that Lambda has. */
  readonly nodePath: string | undefined;
  /** The clients of the AWS SDK that the code loads from `node_modules`, by name. */
  readonly sdkPackages: readonly string[];
  /** Undefined when only running the code would tell. */
  readonly exports: KnownExports;
  /**
   * The author's files that went into it, packages left out; of plain JavaScript those too that it asks
   * for and that are not there yet.
   */
  readonly inputs: readonly string[];
  /** Ends of sentences about the function: what will run, but not as its author may expect. */
  readonly warnings: readonly string[];
  /** For a deployment: what the file asks for while it runs, and has to go along with it. */
  readonly kept: readonly Kept[];
  /** For a deployment: packages that the file asks for and nobody has here. */
  readonly absent: readonly string[];
};

/** What became of the handlers: code by function name, or why there is none. */
export type Bundle =
  | { readonly kind: "built"; readonly code: ReadonlyMap<string, HandlerCode> }
  | {
      readonly kind: "failed";
      /** Of those that could be built. */
      readonly code: ReadonlyMap<string, HandlerCode>;
      /** The others, by function name. */
      readonly unbuilt: ReadonlyMap<string, Unbuilt>;
      /** Of all of them, each once. */
      readonly failures: readonly BuildFailure[];
      readonly hangsOn: HangsOn;
    };

/** Turns handlers into code that can be loaded. */
export type Bundler = {
  /** Rebuilds only what has changed since the last build. `settings` are those of the definition; default: none. */
  build(handlers: readonly LocatedHandler[], settings?: EsbuildSettings): Promise<Bundle>;
  /** Forgets what `build` keeps for the next time. */
  stop(): Promise<void>;
};

/**
 * Creates the bundler of a project. For child processes TypeScript is bundled under `build` in the state folder,
 * with packages left outside, and JavaScript that Node can run as it is stays where it is. In process everything goes
 * into one script a function, kept until one of its files changes: CommonJS, or where it awaits at its top level the body
 * of an async function. For a deployment everything
 * is bundled in its own format, with packages inside.
 */
export function createBundler(
  options: {
    readonly root: string;
    /** Where outputs are kept. Default: `.wsgw` in `root`. */
    readonly stateDir?: string;
    /** Only looks whether the handlers can be built: what is built cannot be loaded. Default false. */
    readonly dryRun?: boolean;
  } & BuildAim,
): Bundler {
  const { root, stateDir = stateBeside(root), dryRun = false } = options;
  const build = new Build(root, stateDir, options, dryRun);
  const lend = () => (dryRun ? undefined : lentFolder(stateDir));

  return {
    async build(handlers, settings = NO_SETTINGS) {
      if (handlers.length > 0) startEsbuild();
      const leavesPlain = options.purpose === "child-process" && !hasSettings(settings);
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
        const output = result.outputs.get(handler.file);
        if (why !== undefined) unbuilt.set(handler.name, why);
        else if (output === undefined) plain.push(handler);
        else {
          const around = packagesAround(handler, output.file);
          code.set(handler.name, { ...common(handler), ...output, ...around });
        }
      }
      for (const [handler, files, why] of await readPlain(root, plain, loaded)) {
        if (why === undefined)
          code.set(handler.name, await plainCode(handler, files, { nodePath, lend }));
        else unbuilt.set(handler.name, why);
      }
      return unbuilt.size === 0 ? { kind: "built", code } : failed(code, unbuilt);
    },
    stop: () => build.stop(),
  };

  /** What a bundle finds outside of it. Packages that stay there may count on Lambda's SDK too. */
  function packagesAround(handler: LocatedHandler, bundle: string) {
    if (options.purpose !== "child-process" || dryRun)
      return { nodePath: undefined, sdkPackages: [] };
    return {
      nodePath: nodePath(handler),
      sdkPackages: sdkPackagesOf([bundle]),
    };
  }

  /** Code of layers is elsewhere, so that the project's own packages are not around it. */
  function nodePath({ file, runtime = "", layers = [] }: LocatedHandler): string | undefined {
    const lacks = layers.length > 0 || !bringsItsOwn(dirname(file));
    const folders = [
      lacks ? lend() : undefined,
      bringsSdkV2(runtime) && !dryRun ? sdkV2Folder(root, stateDir) : undefined,
    ].filter((folder) => folder !== undefined);
    return folders.length === 0 ? undefined : folders.join(delimiter);
  }
}

/** Together they are one: that it fails hangs on the code that was built too. */
function failed(
  code: ReadonlyMap<string, HandlerCode>,
  unbuilt: ReadonlyMap<string, Unbuilt>,
): Bundle {
  const all = [...unbuilt.values()];
  const failures = new Map(
    all.flatMap(({ failures }) => failures.map((one) => [JSON.stringify(one), one])),
  );
  const read = [
    ...all.flatMap(({ hangsOn }) => hangsOn.read),
    ...[...code.values()].flatMap(({ inputs }) => inputs),
  ];
  return {
    kind: "failed",
    code,
    unbuilt,
    failures: [...failures.values()],
    hangsOn: {
      read: [...new Set(read)].sort(),
      missing: all.flatMap(({ hangsOn }) => hangsOn.missing),
    },
  };
}

/** Sentences about functions whose file is known not to export what the handler string names. */
export function missingExports(
  handlers: readonly LocatedHandler[],
  code: ReadonlyMap<string, HandlerCode>,
): readonly string[] {
  return handlers.flatMap((handler) => {
    const known = code.get(handler.name)?.exports;
    const wanted = handler.exportPath.split(".")[0] ?? "";
    if (known === undefined || known.includes(wanted)) return [];
    const instead = known.length === 0 ? "exports nothing" : `exports ${known.join(", ")}`;
    return [
      `Function "${handler.name}" names ${handler.handler}, but ${handler.file} ${instead}. Export "${wanted}" or correct the handler.`,
    ];
  });
}

function common(handler: LocatedHandler) {
  return {
    functionName: handler.name,
    source: handler.file,
    files: [],
    exportPath: handler.exportPath,
    lentPackages: undefined,
  };
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

/** What handlers of JavaScript load, by their files. */
async function filesOfPlain(
  handlers: readonly LocatedHandler[],
): Promise<ReadonlyMap<string, LoadedFiles>> {
  const scripts = handlers.filter(({ language }) => language === "javascript");
  const files = [...new Set(scripts.map(({ file }) => file))];
  return new Map(
    await Promise.all(files.map(async (file) => [file, await filesOf(file)] as const)),
  );
}

/** What is wrong with the files of plain JavaScript that handlers load: no build reads these. */
async function readPlain(
  root: string,
  handlers: readonly LocatedHandler[],
  loaded: ReadonlyMap<string, LoadedFiles>,
) {
  const read = handlers.flatMap((handler) => {
    const files = loaded.get(handler.file);
    return files === undefined ? [] : [[handler, files] as const];
  });
  const all = await syntaxFailures(root, new Set(read.flatMap(([, { files }]) => files)));
  return read.map(([handler, { files, missing }]) => {
    const failures = all.filter(({ file }) => file !== undefined && files.includes(file));
    const why: Unbuilt | undefined =
      failures.length === 0 ? undefined : { failures, hangsOn: { read: files, missing } };
    return [handler, { files, missing }, why] as const;
  });
}

async function plainCode(
  handler: LocatedHandler,
  { files, missing }: Pick<LoadedFiles, "files" | "missing">,
  around: {
    readonly nodePath: (handler: LocatedHandler) => string | undefined;
    readonly lend: () => string | undefined;
  },
): Promise<HandlerCode> {
  const { file, format } = handler;
  const text = readFileSync(file, "utf8");
  const folder = dirname(file);
  const lacks = !bringsItsOwn(folder) && lacksLentPackage(await packagesOf(files), folder);
  return {
    ...common(handler),
    files,
    file,
    format,
    sourceMaps: false,
    nodePath: around.nodePath(handler),
    lentPackages: lacks && format === "module" ? around.lend() : undefined,
    sdkPackages: sdkPackagesOf(files),
    exports: await (format === "module" ? exportsOfModule(text) : exportsOfScript(text)),
    inputs: [...files, ...missing],
    warnings: [],
    kept: [],
    absent: [],
  };
}
