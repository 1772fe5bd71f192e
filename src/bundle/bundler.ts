import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type BuildFailure, createBuild, type Purpose } from "./build.ts";
import type { LocatedHandler } from "./handlers.ts";
import { bringsItsOwn, lacksLentPackage, lentFolder } from "./packages.ts";
import {
  exportsOfModule,
  exportsOfScript,
  filesOf,
  type KnownExports,
  packagesOf,
} from "./script-contents.ts";

export type { BuildFailure, Purpose } from "./build.ts";

/** One function's code, ready to be loaded. */
export type HandlerCode = {
  readonly functionName: string;
  readonly file: string;
  /** The file that the author wrote: the same, or what `file` was made from. */
  readonly source: string;
  readonly exportPath: string;
  readonly format: "commonjs" | "module";
  readonly sourceMaps: boolean;
  /** Folder with packages lent to ES modules, which do not look at `NODE_PATH`. */
  readonly lentPackages: string | undefined;
  /** What belongs into `NODE_PATH`, for code that brings no AWS SDK. */
  readonly nodePath: string | undefined;
  /** Undefined when only running the code would tell. */
  readonly exports: KnownExports;
  /** The author's files that went into it, packages left out. */
  readonly inputs: readonly string[];
};

/** What became of the handlers: code by function name, or why there is none. */
export type Bundle =
  | { readonly kind: "built"; readonly code: ReadonlyMap<string, HandlerCode> }
  | { readonly kind: "failed"; readonly failures: readonly BuildFailure[] };

/** Turns handlers into code that can be loaded. */
export type Bundler = {
  /** Again after a change: only what has changed is read anew. */
  build(handlers: readonly LocatedHandler[]): Promise<Bundle>;
  /** Forgets what `build` keeps for the next time. */
  stop(): Promise<void>;
};

/**
 * Creates the bundler of a project. For child processes TypeScript is bundled under `.wsgw/build`,
 * with packages left outside, and plain JavaScript stays where it is. In process everything goes
 * into one CommonJS file a function, kept until one of its files changes.
 */
export function createBundler(options: {
  readonly root: string;
  readonly purpose: Purpose;
  /** In process only: the project's own files get a clock of their own, packages do not. Default false. */
  readonly virtualTime?: boolean;
}): Bundler {
  const { root } = options;
  const build = createBuild(root, options.purpose, options.virtualTime);

  return {
    async build(handlers) {
      const bundled = handlers.filter(
        ({ language }) => options.purpose === "in-process" || language === "typescript",
      );
      const result = await build.run(bundled);
      if (result.kind === "failed") return result;

      const code = new Map<string, HandlerCode>();
      for (const handler of handlers) {
        const output = result.outputs.get(handler.file);
        const made =
          output === undefined
            ? await plainCode(handler, root)
            : { ...common(handler), ...output, nodePath: pathForPackages(handler) };
        code.set(handler.name, made);
      }
      return { kind: "built", code };
    },
    stop: () => build.stop(),
  };

  /** Packages that stay outside of the bundle may count on Lambda's SDK too. */
  function pathForPackages({ file }: LocatedHandler): string | undefined {
    const isLacking = options.purpose === "child-process" && !bringsItsOwn(dirname(file));
    return isLacking ? lentFolder(root) : undefined;
  }
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
    exportPath: handler.exportPath,
    lentPackages: undefined,
    nodePath: undefined,
  };
}

async function plainCode(handler: LocatedHandler, root: string): Promise<HandlerCode> {
  const { file, format } = handler;
  const text = readFileSync(file, "utf8");
  const inputs = await filesOf(file);
  const folder = dirname(file);
  const lacks = !bringsItsOwn(folder);
  const lent = lacks && lacksLentPackage(await packagesOf(inputs), folder);
  return {
    ...common(handler),
    file,
    format,
    sourceMaps: false,
    nodePath: lacks ? lentFolder(root) : undefined,
    lentPackages: lent && format === "module" ? lentFolder(root) : undefined,
    exports: await (format === "module" ? exportsOfModule(text) : exportsOfScript(text)),
    inputs,
  };
}
