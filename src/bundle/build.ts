import { createRequire, isBuiltin } from "node:module";
import { resolve, sep } from "node:path";
import type { BuildContext, BuildOptions, Metafile } from "esbuild";
import { keepBuild, keptBuild } from "./build-cache.ts";
import { buildGroups } from "./build-groups.ts";
import { type BuildAim, buildOptions } from "./build-options.ts";
import { writeOutput } from "./build-output.ts";
import type { BuildFailure, BuildOutput, BuildResult, Unbuilt } from "./build-result.ts";
import type { LocatedHandler } from "./handlers.ts";
import { failureHangsOn, readsOf } from "./hangs-on.ts";
import type { Kept } from "./kept-packages.ts";
import { exportsOfBundle, exportsOfModule } from "./script-contents.ts";
import { meantByAliases } from "./unknown-imports.ts";

/** What became of files that were built together. */
type Attempt =
  | { readonly kind: "built"; readonly outputs: ReadonlyMap<string, BuildOutput> }
  | ({ readonly kind: "failed" } & Unbuilt);

/** One esbuild run for all handlers of a format, kept open so that the next run is quick. */
export function createBuild(root: string, aim: BuildAim, write = writeOutput) {
  const { purpose } = aim;
  const contexts = new Map<
    string,
    { readonly context: BuildContext; readonly options: BuildOptions }
  >();
  const kept = new Map<string, Kept>();

  return {
    async run(handlers: readonly LocatedHandler[]): Promise<BuildResult> {
      const outputs = new Map<string, BuildOutput>();
      const unbuilt = new Map<string, Unbuilt>();
      for (const { format, layers, files } of buildGroups(root, handlers, formatOf)) {
        const together = await runOne(format, files, layers);
        const result = together.kind === "built" ? together : await runApart(together);
        if (result.kind === "built") addTo(outputs, result.outputs);

        /** esbuild does not say which of the files a failure belongs to. */
        async function runApart(failed: Extract<Attempt, { kind: "failed" }>): Promise<Attempt> {
          const alone = files.length === 1 ? [] : await buildAlone(handlers, files);
          const culprits = alone.flatMap(({ unbuilt }) => [...unbuilt]);
          addTo(unbuilt, culprits.length > 0 ? culprits : files.map((file) => [file, failed]));
          const sound = files.filter((file) => !unbuilt.has(file));
          return sound.length === 0 ? failed : runOne(format, sound, layers);
        }
      }
      return { outputs, unbuilt };
    },
    async stop() {
      const open = [...contexts.values()];
      contexts.clear();
      await Promise.all(open.map(({ context }) => context.dispose()));
    },
  };

  /** Code that is evaluated in process is always CommonJS: it gets a `process` and `require` of its own. */
  function formatOf(handler: LocatedHandler): "commonjs" | "module" {
    return purpose === "in-process" ? "commonjs" : handler.format;
  }

  /** The same files become something else with a time of their own. */
  function keyOf(files: readonly string[]): readonly string[] {
    const isVirtual = aim.purpose === "in-process" && aim.virtualTime === true;
    return isVirtual ? ["virtual time", ...files] : files;
  }

  /** In contexts of their own, since nobody asks for these builds again. */
  async function buildAlone(
    handlers: readonly LocatedHandler[],
    files: readonly string[],
  ): Promise<readonly BuildResult[]> {
    const build = createBuild(root, aim, write);
    try {
      const of = (file: string) => handlers.filter((handler) => handler.file === file).slice(0, 1);
      return await Promise.all(files.map((file) => build.run(of(file))));
    } finally {
      await build.stop();
    }
  }

  async function runOne(
    format: "commonjs" | "module",
    files: readonly string[],
    layers: readonly string[],
  ): Promise<Attempt> {
    if (purpose === "in-process") {
      const kept = keptBuild(root, keyOf([...files, ...layers]));
      if (kept !== undefined) return { kind: "built", outputs: kept };
    }
    const missing: string[] = [];
    for (;;) {
      const result = await attempt(format, files, missing, layers);
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
    layers: readonly string[],
  ): Promise<Attempt> {
    const { context, options } = await contextFor(format, files, missing, layers);
    const startedAt = Date.now();
    try {
      const { outputFiles = [], metafile } = await context.rebuild();
      const outputs = await readOutputs(
        format,
        outputFiles,
        metafile ?? { inputs: {}, outputs: {} },
      );
      if (purpose === "in-process" && missing.length === 0)
        keepBuild(
          root,
          keyOf([...files, ...layers]),
          outputs,
          filesAmong(root, metafile?.inputs),
          startedAt,
        );
      return { kind: "built", outputs };
    } catch (error) {
      const failures = failuresIn(error, root);
      if (failures === undefined) throw error;
      // Who watches files runs handlers in child processes.
      if (purpose !== "child-process") {
        return { kind: "failed", failures, hangsOn: { read: [], missing: [] } };
      }
      const reads = await readsOf(loadEsbuild(), options);
      return { kind: "failed", failures, hangsOn: failureHangsOn(reads, failures) };
    }
  }

  async function contextFor(
    format: "commonjs" | "module",
    files: readonly string[],
    missing: readonly string[],
    layers: readonly string[],
  ) {
    const key = [format, ...files, ...missing, ...layers].join("\n");
    const open = contexts.get(key);
    if (open !== undefined) return open;
    const options = {
      ...buildOptions({ root, aim, format, files, layers, kept }),
      external: [...missing],
    };
    const made = { context: await loadEsbuild().context(options), options };
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
    // Who watches files runs handlers in child processes.
    const meant = purpose === "child-process" ? await meantByAliases(root, metafile) : NONE;
    for (const [path, { entryPoint, inputs, imports }] of Object.entries(metafile.outputs)) {
      const full = resolve(root, path);
      const text = texts.get(full);
      if (entryPoint === undefined || text === undefined) continue;
      const file = write(full, text, texts.get(`${full}.map`) ?? "", purpose === "in-process");
      outputs.set(resolve(root, entryPoint), {
        file,
        format,
        sourceMaps: true,
        exports: format === "module" ? await exportsOfModule(text) : exportsOfBundle(text),
        inputs: filesAmong(root, inputs)
          .filter(isOwn)
          .flatMap((input) => [input, ...(meant.get(input) ?? [])]),
        ...(purpose === "deploy" ? outsideOf(imports) : { kept: [], absent: [] }),
      });
    }
    return outputs;
  }

  function outsideOf(imports: Metafile["outputs"][string]["imports"]) {
    const names = imports.filter(({ external }) => external).map(({ path }) => path);
    const found = [...new Set(names)].sort();
    return {
      kept: found.flatMap((name) => kept.get(name) ?? []),
      absent: found.filter((name) => !kept.has(name) && !isBuiltin(name)),
    };
  }
}

const NONE: ReadonlyMap<string, readonly string[]> = new Map();

/** Required, not imported: an import has Node look through all of its text for names, which takes 20 ms. */
function loadEsbuild(): typeof import("esbuild") {
  return createRequire(import.meta.url)("esbuild");
}

function addTo<T>(all: Map<string, T>, more: Iterable<readonly [string, T]>): void {
  for (const [file, value] of more) all.set(file, value);
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

/** Says what keeps a handler from being built, and where. */
export function describeFailure({ file, line, column, text }: BuildFailure): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? text : `${place}: ${text}`;
}
