import { join, parse, relative, resolve, sep } from "node:path";
import type { BuildContext, BuildOptions, Metafile, Plugin } from "esbuild";
import { keepBuild, keptBuild } from "./build-cache.ts";
import { writeOutput } from "./build-output.ts";
import type { LocatedHandler } from "./handlers.ts";
import { ownTime } from "./own-time.ts";
import { packagesInside, packagesOutside } from "./packages.ts";
import { exportsOfBundle, exportsOfModule, type KnownExports } from "./script-contents.ts";

/** Where the code will run. */
export type Purpose = "child-process" | "in-process";

/** One thing that keeps a handler from being built. */
export type BuildFailure = {
  /** Undefined when it is not about one file. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  /** From 1. */
  readonly column: number | undefined;
  readonly text: string;
};

/** What a source file was turned into. */
export type BuildOutput = {
  readonly file: string;
  readonly format: "commonjs" | "module";
  readonly sourceMaps: true;
  readonly exports: KnownExports;
  readonly inputs: readonly string[];
};

export type BuildResult =
  | { readonly kind: "built"; readonly outputs: ReadonlyMap<string, BuildOutput> }
  | { readonly kind: "failed"; readonly failures: readonly BuildFailure[] };

/**
 * ES modules have no `require`, and CommonJS packages bundled into one ask for it. A global, because
 * a second `const require` beside the author's own would be a syntax error.
 */
const MODULE_BANNER =
  'import { createRequire as __createRequire } from "node:module"; globalThis.require ??= __createRequire(import.meta.url);';

/** One esbuild run for all handlers of a format, kept open so that the next run is quick. */
export function createBuild(root: string, purpose: Purpose, virtualTime = false) {
  const contexts = new Map<string, BuildContext>();

  return {
    async run(handlers: readonly LocatedHandler[]): Promise<BuildResult> {
      const outputs = new Map<string, BuildOutput>();
      for (const format of ["commonjs", "module"] as const) {
        const files = handlers
          .filter((handler) => formatOf(handler) === format)
          .map(({ file }) => file);
        if (files.length === 0) continue;
        const result = await runOne(format, [...new Set(files)]);
        if (result.kind === "failed") return result;
        for (const [file, output] of result.outputs) outputs.set(file, output);
      }
      return { kind: "built", outputs };
    },
    async stop() {
      const open = [...contexts.values()];
      contexts.clear();
      await Promise.all(open.map((context) => context.dispose()));
    },
  };

  /** Code that is evaluated in process is always CommonJS: it gets a `process` and `require` of its own. */
  function formatOf(handler: LocatedHandler): "commonjs" | "module" {
    return purpose === "in-process" ? "commonjs" : handler.format;
  }

  /** The same files become something else with a time of their own. */
  function keyOf(files: readonly string[]): readonly string[] {
    return virtualTime ? ["virtual time", ...files] : files;
  }

  async function runOne(
    format: "commonjs" | "module",
    files: readonly string[],
  ): Promise<BuildResult> {
    if (purpose === "in-process") {
      const kept = keptBuild(root, keyOf(files));
      if (kept !== undefined) return { kind: "built", outputs: kept };
    }
    const missing: string[] = [];
    for (;;) {
      const result = await attempt(format, files, missing);
      if (result.kind === "built") return result;
      const names = purpose === "in-process" ? missingPackages(result.failures) : [];
      if (names.length === 0) return result;
      missing.push(...names); // they stay outside, so that the code fails with Lambda's own error
    }
  }

  async function attempt(
    format: "commonjs" | "module",
    files: readonly string[],
    missing: readonly string[],
  ): Promise<BuildResult> {
    try {
      const context = await contextFor(format, files, missing);
      const { outputFiles = [], metafile } = await context.rebuild();
      const outputs = await readOutputs(
        format,
        outputFiles,
        metafile ?? { inputs: {}, outputs: {} },
      );
      if (purpose === "in-process" && missing.length === 0)
        keepBuild(root, keyOf(files), outputs, filesAmong(root, metafile?.inputs));
      return { kind: "built", outputs };
    } catch (error) {
      const failures = failuresIn(error, root);
      if (failures === undefined) throw error;
      return { kind: "failed", failures };
    }
  }

  async function contextFor(
    format: "commonjs" | "module",
    files: readonly string[],
    missing: readonly string[],
  ) {
    const key = [format, ...files, ...missing].join("\n");
    const open = contexts.get(key);
    if (open !== undefined) return open;
    const { context } = await import("esbuild");
    const options = buildOptions(root, purpose, format, files);
    const made = await context({
      ...options,
      plugins: [...(virtualTime ? [ownTime()] : []), ...(options.plugins ?? [])],
      external: [...missing],
    });
    contexts.set(key, made);
    return made;
  }

  async function readOutputs(
    format: "commonjs" | "module",
    outputFiles: readonly { readonly path: string; readonly text: string }[],
    metafile: Metafile,
  ): Promise<Map<string, BuildOutput>> {
    const texts = new Map(outputFiles.map((file) => [file.path, file.text]));
    const outputs = new Map<string, BuildOutput>();
    for (const [path, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
      const full = resolve(root, path);
      const text = texts.get(full);
      if (entryPoint === undefined || text === undefined) continue;
      const file = writeOutput(
        full,
        text,
        texts.get(`${full}.map`) ?? "",
        purpose === "in-process",
      );
      outputs.set(resolve(root, entryPoint), {
        file,
        format,
        sourceMaps: true,
        exports: format === "module" ? await exportsOfModule(text) : exportsOfBundle(text),
        inputs: filesAmong(root, inputs).filter(isOwn),
      });
    }
    return outputs;
  }
}

function buildOptions(
  root: string,
  purpose: Purpose,
  format: "commonjs" | "module",
  files: readonly string[],
): BuildOptions & { readonly metafile: true; readonly write: false } {
  const outdir = join(root, ".wsgw", "build", purpose);
  const extension = format === "module" ? ".mjs" : ".cjs";
  const inProcess = purpose === "in-process";
  const plugins: Plugin[] = [inProcess ? packagesInside() : packagesOutside(outdir, format)];
  return {
    absWorkingDir: root,
    entryPoints: files.map((file) => ({ in: file, out: outputName(root, file) })),
    outdir,
    outExtension: { ".js": extension },
    bundle: true,
    platform: "node",
    target: `node${process.versions.node}`,
    format: format === "module" ? "esm" : "cjs",
    ...(format === "module" ? { banner: { js: MODULE_BANNER } } : {}),
    ...(inProcess ? { define: { "import.meta.url": "__wsgw_url" } } : {}),
    sourcemap: "linked",
    sourcesContent: false,
    plugins,
    metafile: true,
    write: false,
    logLevel: "silent",
  };
}

/** Keeps the folders of the project, and the extension so that `a.ts` and `a.mts` stay apart. */
function outputName(root: string, file: string): string {
  const { dir, name, ext } = parse(relative(root, file));
  const folders = dir.split(sep).map((part) => (part === ".." ? "_" : part));
  return [...folders, `${name}_${ext.slice(1)}`].join("/");
}

/** Inputs that are files: esbuild names those that it made up as `(disabled):fs`. */
function filesAmong(root: string, inputs: object = {}): string[] {
  return Object.keys(inputs)
    .filter((input) => !/^\(?[\w-]{2,}\)?:/.test(input))
    .map((input) => resolve(root, input));
}

function isOwn(file: string): boolean {
  return !file.includes(`${sep}node_modules${sep}`);
}

/** Packages that nobody has; undefined names of files are the author's mistake. */
function missingPackages(failures: readonly BuildFailure[]): readonly string[] {
  const names = failures.map(({ text }) => /^Could not resolve "([^"./][^"]*)"/.exec(text)?.[1]);
  return names.every((name) => name !== undefined) ? [...new Set(names)] : [];
}

function failuresIn(error: unknown, root: string): BuildFailure[] | undefined {
  const errors = (error as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors)) return undefined;
  return errors.map(({ text, location }) => ({
    file: location ? resolve(root, location.file) : undefined,
    line: location ? location.line : undefined,
    column: location ? location.column + 1 : undefined,
    text,
  }));
}
