import { isBuiltin } from "node:module";
import { relative, resolve } from "node:path";
import type { BuildContext, BuildResult as EsbuildResult, Message, Metafile } from "esbuild";
import type { EsbuildSettings } from "../definition/checked-project.ts";
import type { FailureInputs } from "../errors.ts";
import { makeStateDirectory } from "../project-directory/state-directory.ts";
import { asAsyncScript, TOP_LEVEL_AWAIT } from "./async-script.ts";
import { keepBuild, keptBuild } from "./build-cache.ts";
import { type BuildGroup, buildGroups } from "./build-groups.ts";
import { type BuildAim, buildOptions, NO_SETTINGS } from "./build-options.ts";
import { writeOutput } from "./build-output.ts";
import type { BuildFailure, BuildOutput, BuildResult, Unbuilt } from "./build-result.ts";
import { failuresIn, loadEsbuild } from "./esbuild.ts";
import { inputsOfFailure, readsOf } from "./failure-inputs.ts";
import type { Kept } from "./kept-packages.ts";
import { link, linkPackages } from "./link-packages.ts";
import type { LocatedHandler } from "./locate-handlers.ts";
import { isOwnFile } from "./own-code.ts";
import type { Links } from "./packages.ts";
import { exportsOfBundle, exportsOfModule, type KnownExports } from "./script-contents.ts";
import { uninstalledIn } from "./uninstalled.ts";
import { meantByAliases } from "./unknown-imports.ts";

/** The result of building files together. */
type Attempt =
  | { readonly kind: "built"; readonly outputs: ReadonlyMap<string, BuildOutput> }
  | Failed;

type Failed = { readonly kind: "failed" } & Unbuilt;

type Options = ReturnType<typeof buildOptions>;

/** One esbuild run for all handlers of a format, kept open so that rebuilds are fast. */
export class Build {
  readonly #root: string;
  readonly #stateDir: string;
  readonly #aim: BuildAim;
  readonly #dryRun: boolean;
  /** Repeatable runs of esbuild, by their inputs. */
  readonly #open = new Map<string, BuildContext<Options>>();
  /** For a deployment: packages that are included as installed, by name. */
  readonly #kept = new Map<string, Kept>();
  /** For child processes: links to create next to the outputs. */
  readonly #links: Links = new Map();
  #settings = NO_SETTINGS;
  /** The exports that handlers name, by source file. */
  #wanted: ReadonlyMap<string, readonly string[]> = NONE;

  constructor(root: string, stateDir: string, aim: BuildAim, dryRun: boolean) {
    this.#root = root;
    this.#stateDir = stateDir;
    this.#aim = aim;
    this.#dryRun = dryRun;
  }

  async run(handlers: readonly LocatedHandler[], settings: EsbuildSettings): Promise<BuildResult> {
    if (!hasSameSettings(this.#settings, settings)) await this.stop(); // including contexts of earlier settings
    this.#settings = settings;
    this.#wanted = exportsWanted(handlers);
    const outputs = new Map<string, BuildOutput>();
    const unbuilt = new Map<string, Unbuilt>();
    const groups = buildGroups(this.#root, handlers, (handler) =>
      this.#isInProcess() ? formatInProcess(handler) : handler.format,
    );
    if (groups.length > 0 && !this.#dryRun) this.#prepareDirectory();
    for (const group of groups) {
      const together = await this.#build(group);
      const result =
        together.kind === "built"
          ? { outputs: together.outputs, unbuilt: NONE }
          : await this.#buildSound(group, handlers, together);
      for (const { name, file } of group.handlers) {
        const output = result.outputs.get(file);
        if (output !== undefined) outputs.set(name, output);
      }
      addTo(unbuilt, result.unbuilt);
    }
    return { outputs, unbuilt };
  }

  async stop(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((context) => context.dispose()));
  }

  #prepareDirectory(): void {
    makeStateDirectory(this.#stateDir);
    if (this.#aim.purpose === "child-process") linkPackages(this.#root, this.#stateDir);
  }

  #isInProcess(): boolean {
    return this.#aim.purpose === "in-process";
  }

  /** Builds what can be built, by source file: esbuild does not report which file a failure belongs to. */
  async #buildSound(
    group: BuildGroup,
    handlers: readonly LocatedHandler[],
    failed: Failed,
  ): Promise<BuildResult> {
    const { files } = group;
    const alone = files.length === 1 ? [] : await this.#buildAlone(handlers, files);
    const culprits = alone.flatMap(({ unbuilt }) => [...unbuilt]);
    const unbuilt = new Map<string, Unbuilt>(
      culprits.length > 0 ? culprits : files.map((file) => [file, failed]),
    );
    const sound = files.filter((file) => !unbuilt.has(file));
    const result = sound.length === 0 ? failed : await this.#build({ ...group, files: sound });
    return { outputs: result.kind === "built" ? result.outputs : NONE, unbuilt };
  }

  /** In separate contexts, because these builds are not repeated. */
  async #buildAlone(
    handlers: readonly LocatedHandler[],
    files: readonly string[],
  ): Promise<readonly BuildResult[]> {
    const build = new Build(this.#root, this.#stateDir, this.#aim, this.#dryRun);
    try {
      const of = (file: string) => handlers.filter((handler) => handler.file === file).slice(0, 1);
      return await Promise.all(files.map((file) => build.run(of(file), this.#settings)));
    } finally {
      await build.stop();
    }
  }

  async #build(group: BuildGroup): Promise<Attempt> {
    if (!this.#isInProcess()) return this.#attempt(group, []);
    const kept = this.#isKept() ? keptBuild(this.#stateDir, this.#keyOf(group)) : undefined;
    if (kept !== undefined) return { kind: "built", outputs: kept };
    const script = await this.#buildInProcess({ ...group, format: "commonjs" });
    const awaits = script.kind === "failed" && awaitsAtTop(script);
    return awaits && group.format === "module" ? this.#buildInProcess(group) : script;
  }

  async #buildInProcess(group: BuildGroup): Promise<Attempt> {
    const missing: string[] = [];
    for (;;) {
      const result = await this.#attempt(group, missing);
      const names = result.kind === "failed" ? missingPackages(result.failures) : [];
      if (names.length === 0) return result;
      missing.push(...names); // they stay external, so that the code fails with Lambda's own error
    }
  }

  /** Whether results are kept for other processes; not with plugins, whose output may depend on anything. */
  #isKept(): boolean {
    return this.#isInProcess() && this.#settings.plugins.length === 0;
  }

  /** The cache key: the same files have other results with a separate clock or other settings. */
  #keyOf({ files, layers, sdkV2, own }: BuildGroup): readonly string[] {
    const isVirtual = this.#aim.purpose === "in-process" && this.#aim.virtualTime === true;
    return [
      ...(isVirtual ? ["virtual time"] : []),
      ...(hasSettings(this.#settings) ? [JSON.stringify(this.#settings)] : []),
      ...(own === undefined ? [] : [JSON.stringify(own)]),
      ...(sdkV2 ? ["SDK v2"] : []),
      ...files,
      ...layers,
    ];
  }

  async #attempt(group: BuildGroup, missing: readonly string[]): Promise<Attempt> {
    const options = this.#optionsFor(group, missing);
    const startedAt = Date.now();
    try {
      const context = await this.#contextFor(group, options);
      const result = await context.rebuild();
      const { metafile } = result;
      const outputs = await this.#readOutputs(group, result);
      if (this.#isKept() && missing.length === 0) {
        const inputs = filesAmong(this.#root, metafile.inputs);
        keepBuild(this.#stateDir, this.#keyOf(group), outputs, inputs, startedAt);
      }
      return { kind: "built", outputs };
    } catch (error) {
      const failures = failuresIn(error, this.#root);
      if (failures === undefined) throw error;
      return {
        kind: "failed",
        failures,
        failureInputs: await this.#failureInputs(options, failures),
      };
    }
  }

  #optionsFor(group: BuildGroup, missing: readonly string[]): Options {
    const options = buildOptions({
      ...group,
      root: this.#root,
      stateDir: this.#stateDir,
      aim: this.#aim,
      settings: this.#settings,
      kept: this.#kept,
      links: this.#links,
    });
    return { ...options, external: [...(options.external ?? []), ...missing] };
  }

  async #contextFor(group: BuildGroup, options: Options): Promise<BuildContext<Options>> {
    const { format, files, layers, sdkV2, own } = group;
    const outside = options.external ?? [];
    const key = [format, sdkV2, JSON.stringify(own), ...files, ...outside, ...layers].join("\n");
    const open = this.#open.get(key);
    if (open !== undefined) return open;
    const made = await loadEsbuild().context<Options>(options);
    this.#open.set(key, made);
    return made;
  }

  /** Needed only for watching files, which is done with child processes. */
  async #failureInputs(
    options: Options,
    failures: readonly BuildFailure[],
  ): Promise<FailureInputs> {
    if (this.#aim.purpose !== "child-process") return { read: [], missing: [] };
    return inputsOfFailure(await readsOf(loadEsbuild(), options), failures);
  }

  async #readOutputs(
    { format, layers }: BuildGroup,
    { outputFiles, metafile, warnings }: EsbuildResult<Options>,
  ): Promise<Map<string, BuildOutput>> {
    const root = this.#root;
    const { purpose } = this.#aim;
    const texts = new Map(outputFiles.map((file) => [file.path, file.text]));
    const outputs = new Map<string, BuildOutput>();
    // Watching is done only with child processes.
    const meant = purpose === "child-process" ? await meantByAliases(root, metafile) : NONE;
    for (const [path, { entryPoint, inputs, imports }] of Object.entries(metafile.outputs)) {
      const full = resolve(root, path);
      const built = texts.get(full);
      if (entryPoint === undefined || built === undefined) continue;
      const map = texts.get(`${full}.map`) ?? "";
      const { text, exports } = await this.#finish(format, built);
      const files = filesAmong(root, inputs);
      const source = resolve(root, entryPoint);
      const byContent = this.#isInProcess() || this.#lacksExport(source, exports);
      outputs.set(source, {
        file: this.#dryRun ? full : writeOutput(full, text, map, byContent),
        format,
        sourceMaps: true,
        exports,
        inputs: files.filter(isOwnFile).flatMap((input) => [input, ...(meant.get(input) ?? [])]),
        warnings: warningsOf(root, files, warnings),
        uninstalled: uninstalledIn(root, metafile.inputs, Object.keys(inputs), layers),
        ...(purpose === "deploy" ? this.#outsideOf(imports) : { kept: [], absent: [] }),
      });
    }
    if (!this.#dryRun) for (const [path, directory] of this.#links) link(directory, path);
    return outputs;
  }

  /** Whether a handler does not exist, so that the function keeps running the previous output. */
  #lacksExport(source: string, exports: KnownExports): boolean {
    if (exports === undefined || this.#aim.purpose === "deploy") return false;
    return this.#wanted.get(source)?.some((name) => !exports.includes(name)) ?? false;
  }

  async #finish(format: "commonjs" | "module", text: string) {
    if (format === "commonjs") return { text, exports: exportsOfBundle(text) };
    return this.#isInProcess()
      ? asAsyncScript(text)
      : { text, exports: await exportsOfModule(text) };
  }

  #outsideOf(imports: Metafile["outputs"][string]["imports"]) {
    const names = imports.filter(({ external }) => external).map(({ path }) => path);
    const found = [...new Set(names)].sort();
    return {
      kept: found.flatMap((name) => this.#kept.get(name) ?? []),
      absent: found.filter((name) => !this.#kept.has(name) && !isBuiltin(name)),
    };
  }
}

const NONE: ReadonlyMap<string, never> = new Map<string, never>();

function exportsWanted(handlers: readonly LocatedHandler[]): ReadonlyMap<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const { file, exportPath } of handlers) {
    const names = wanted.get(file) ?? [];
    wanted.set(file, [...names, exportPath.split(".")[0] ?? ""]);
  }
  return wanted;
}

function addTo<T>(all: Map<string, T>, more: Iterable<readonly [string, T]>): void {
  for (const [file, value] of more) all.set(file, value);
}

/** Inputs that are files: esbuild names virtual ones `(disabled):fs` or `<define:NAME>`. */
function filesAmong(root: string, inputs: object): string[] {
  return Object.keys(inputs)
    .filter((input) => !/^(?:\(?[\w-]{2,}\)?:|<)/.test(input))
    .map((input) => resolve(root, input));
}

/** Warnings of plugins about some files; esbuild's own are about style. */
function warningsOf(root: string, files: readonly string[], warnings: readonly Message[]) {
  return warnings.flatMap(({ pluginName, text, location }) => {
    const file = location === null ? undefined : resolve(root, location.file);
    if (pluginName === "" || (file !== undefined && !files.includes(file))) return [];
    return [
      `is built with a warning: ${file === undefined ? pluginName : relative(root, file)} ${text}`,
    ];
  });
}

/** Whether the definition has any build settings. */
export function hasSettings({ loader, define, plugins }: EsbuildSettings): boolean {
  return plugins.length > 0 || Object.keys({ ...loader, ...define }).length > 0;
}

function hasSameSettings(one: EsbuildSettings, other: EsbuildSettings): boolean {
  const { length } = one.plugins;
  return (
    JSON.stringify([one.loader, one.define, length]) ===
      JSON.stringify([other.loader, other.define, other.plugins.length]) &&
    one.plugins.every((plugin, at) => plugin === other.plugins[at])
  );
}

/**
 * The in-process format. CommonJS, because that code can have its own `process` and `require`. Code with
 * top-level await becomes a module, except TypeScript built as CommonJS, which cannot use it elsewhere
 * either.
 */
function formatInProcess({ language, format }: LocatedHandler): "commonjs" | "module" {
  return language === "typescript" ? format : "module";
}

function awaitsAtTop({ failures }: Failed): boolean {
  return failures.some(({ text }) => TOP_LEVEL_AWAIT.test(text));
}

/** Packages that are not installed; unresolved file paths are the author's errors. */
function missingPackages(failures: readonly BuildFailure[]): readonly string[] {
  const names = failures.map(({ text }) => /^Could not resolve "([^"./][^"]*)"/.exec(text)?.[1]);
  return names.every((name) => name !== undefined) ? [...new Set(names)] : [];
}

/** Describes a build error with its place. */
export function describeFailure({ file, line, column, text }: BuildFailure): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? text : `${place}: ${text}`;
}
