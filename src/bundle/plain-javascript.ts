import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { EsbuildSettings } from "../definition/checked-project.ts";
import { hasSettings } from "./build.ts";
import type { BuildAim } from "./build-options.ts";
import type { HandlerCode, Unbuilt } from "./build-result.ts";
import type { LocatedHandler } from "./locate-handlers.ts";
import { bringsItsOwn, lacksRuntimeSdk } from "./runtime-sdk.ts";
import {
  exportsOfModule,
  exportsOfScript,
  filesOf,
  type LoadedFiles,
  packagesOf,
  sdkPackagesOf,
} from "./script-contents.ts";
import type { SoundFiles } from "./sound-files.ts";
import { syntaxFailures } from "./syntax-failures.ts";
import { uninstalledInPlain } from "./uninstalled.ts";

/** Whether JavaScript that Node can run stays in place: locally, unless the definition has build settings. */
export function leavesPlain(
  { purpose }: Pick<BuildAim, "purpose">,
  settings: EsbuildSettings,
): boolean {
  return purpose === "child-process" && !hasSettings(settings);
}

/** Whether a handler runs in place: Node can run its files, and the function has no build settings. */
export function isPlain(
  { file, build }: LocatedHandler,
  loaded: ReadonlyMap<string, LoadedFiles>,
): boolean {
  return build === undefined && loaded.get(file)?.needsBuild === false;
}

/** The fields that plain and bundled code have in common. */
export function common(handler: LocatedHandler) {
  return {
    functionName: handler.name,
    source: handler.file,
    files: [],
    exportPath: handler.exportPath,
    runtimeSdk: undefined,
  };
}

/** The files that JavaScript handlers load, by entry file. */
export async function filesOfPlain(
  handlers: readonly LocatedHandler[],
): Promise<ReadonlyMap<string, LoadedFiles>> {
  const scripts = handlers.filter(({ language }) => language === "javascript");
  const files = [...new Set(scripts.map(({ file }) => file))];
  return new Map(
    await Promise.all(files.map(async (file) => [file, await filesOf(file)] as const)),
  );
}

/** Errors in plain JavaScript files that handlers load: no build parses these. */
export async function readPlain(
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

/** The code of a handler that runs in place. */
export async function plainCode(
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
