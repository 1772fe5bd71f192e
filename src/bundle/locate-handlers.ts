import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { FunctionBuildDefinition } from "../definition/parts.ts";
import { fieldOf } from "../values/json.ts";
import { isDirectory, isFile, jsonIn, namesIn } from "./directory-files.ts";
import { importCandidates } from "./import-candidates.ts";

/** The location of a function's code. */
export type HandlerRef = {
  readonly name: string;
  readonly handler: string;
  /** Default: one without SDK v2. */
  readonly runtime?: string;
  /**
   * Code root, to which the handler is relative; relative to the definition's directory. Default: that
   * directory.
   */
  readonly root?: string;
  /** Directories, relative to the definition's. Default: none. */
  readonly layers?: readonly string[];
  /** Build settings in addition to the project's. Default: as Node would load it. */
  readonly build?: FunctionBuildDefinition | undefined;
};

/** The local file of a handler string. */
export type LocatedHandler = HandlerRef & {
  readonly file: string;
  readonly exportPath: string;
  readonly language: "javascript" | "typescript";
  readonly format: "commonjs" | "module";
};

const JAVASCRIPT = [".js", ".mjs", ".cjs"] as const;
const TYPESCRIPT = [".ts", ".mts", ".cts", ".tsx"] as const;

/**
 * Finds the file of each handler by the rules of Lambda's Node runtime: plain JavaScript first, then
 * TypeScript. Errors are sentences, one for each handler without a file; `missing` are files that would fix
 * them.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `UserFunction`
 */
export function findHandlers(
  root: string,
  functions: readonly HandlerRef[],
): {
  readonly handlers: readonly LocatedHandler[];
  readonly faults: readonly string[];
  readonly missing: readonly string[];
} {
  const handlers: LocatedHandler[] = [];
  const faults: string[] = [];
  const missing: string[] = [];
  for (const ref of functions) {
    const found = ref.handler.startsWith(OPT)
      ? locateInLayers(root, ref)
      : locate(codeRoot(root, ref), ref, root);
    if (typeof found !== "string") {
      handlers.push({ ...found, format: ref.build?.format ?? found.format });
    } else {
      faults.push(found);
      missing.push(...filesMeantBy(root, ref));
    }
  }
  return { handlers, faults, missing };
}

/** Splits `src/app.api.handler` into `src/`, `app` and `api.handler`; undefined if it is malformed. */
export function splitHandler(
  handler: string,
):
  | { readonly directory: string; readonly module: string; readonly exportPath: string }
  | undefined {
  if (handler.includes("..")) return undefined;
  const base = basename(handler);
  const directory = handler.slice(0, handler.indexOf(base));
  const dot = base.indexOf(".");
  if (dot < 1 || dot === base.length - 1) return undefined;
  return { directory, module: base.slice(0, dot), exportPath: base.slice(dot + 1) };
}

function codeRoot(root: string, ref: HandlerRef): string {
  return resolve(root, ref.root ?? ".");
}

function filesMeantBy(root: string, ref: HandlerRef): readonly string[] {
  const { handler, layers = [] } = ref;
  const parts = splitHandler(handler);
  if (parts === undefined) return [];
  if (ref.build?.entry !== undefined) return [resolve(codeRoot(root, ref), ref.build.entry)];
  const { directory, module } = parts;
  const directories = directory.startsWith(OPT)
    ? layers.map((layer) => resolve(root, layer, directory.slice(OPT.length)))
    : [resolve(codeRoot(root, ref), directory)];
  return directories.flatMap((each) => importCandidates(resolve(each, module)));
}

/** Where Lambda mounts layers. */
const OPT = "/opt/";

/** A handler in a layer usually wraps the function's own, which it finds by a variable. */
function locateInLayers(root: string, ref: HandlerRef): LocatedHandler | string {
  const { name, handler, layers = [] } = ref;
  for (const layer of [...layers].reverse()) {
    const at = resolve(root, layer);
    const found = locate(at, { ...ref, handler: handler.slice(OPT.length) }, at);
    if (typeof found !== "string") return { ...found, handler };
  }
  const looked =
    layers.length === 0 ? "it does not have layers" : `${layers.join(", ")} does not contain it`;
  return `Function "${name}" has the handler ${handler}, but ${looked}. Add the layer to layers or correct the handler.`;
}

/** Searches from a code root; messages show files relative to `shownFrom`. */
function locate(root: string, ref: HandlerRef, shownFrom: string): LocatedHandler | string {
  const parts = splitHandler(ref.handler);
  if (parts === undefined) {
    return `Function "${ref.name}" has the handler "${ref.handler}", which Lambda rejects. Write path.export, without "..".`;
  }
  const { exportPath } = parts;
  if (ref.build?.entry !== undefined) return ofEntry(root, ref, ref.build.entry, exportPath);
  const path = resolve(root, parts.directory, parts.module);

  if (isFile(path))
    return { ...ref, file: path, exportPath, language: "javascript", format: "commonjs" };
  const directory = isDirectory(path) ? mainOf(path) : undefined;
  if (directory !== undefined) return script(ref, directory, exportPath);

  const file = JAVASCRIPT.map((extension) => path + extension).find(isFile);
  if (file !== undefined) {
    return isDirectory(path) ? shadowed(shownFrom, ref, path, file) : script(ref, file, exportPath);
  }
  const typed = [...TYPESCRIPT.map((extension) => path + extension), join(path, "index.ts")].find(
    isFile,
  );
  if (typed !== undefined) {
    return { ...ref, file: typed, exportPath, language: "typescript", format: formatOf(typed) };
  }
  const installed = fromPackages(root, parts.directory, parts.module);
  if (installed !== undefined) return script(ref, installed, exportPath);
  return missing(shownFrom, ref, path);
}

function ofEntry(
  root: string,
  ref: HandlerRef,
  entry: string,
  exportPath: string,
): LocatedHandler | string {
  const file = resolve(root, entry);
  if (!isFile(file)) {
    return `Function "${ref.name}" is built from ${entry}, which does not exist. Create the file, or correct entry.`;
  }
  const language = TYPESCRIPT.some((each) => file.endsWith(each)) ? "typescript" : "javascript";
  return { ...ref, file, exportPath, language, format: formatOf(file) };
}

function script(ref: HandlerRef, file: string, exportPath: string): LocatedHandler {
  return { ...ref, file, exportPath, language: "javascript", format: formatOf(file) };
}

function missing(root: string, ref: HandlerRef, path: string): string {
  const tried = [...JAVASCRIPT, ...TYPESCRIPT].join(", ");
  const beside = scriptsIn(dirname(path));
  const shown = relative(root, path);
  const instead =
    beside.length === 0
      ? `The directory ${relative(root, dirname(path)) || "."} does not contain scripts.`
      : `Next to it is ${beside.join(", ")}.`;
  return `Function "${ref.name}" has the handler ${ref.handler}, but ${shown} with ${tried} does not exist. ${instead} Create the file or correct the handler.`;
}

function shadowed(root: string, ref: HandlerRef, directory: string, file: string): string {
  return `Function "${ref.name}" has the handler ${ref.handler}. Lambda would load the directory ${relative(root, directory)} instead of ${relative(root, file)}, and fail. Rename one of them.`;
}

/** The module format of a file: by its extension, else by the nearest package.json. */
export function formatOf(file: string): "commonjs" | "module" {
  if (/\.[mc][jt]s$/.test(file)) return /\.m[jt]s$/.test(file) ? "module" : "commonjs";
  return nearestTypeIsModule(dirname(file)) ? "module" : "commonjs";
}

/** Whether the nearest package.json makes scripts ES modules. */
export function nearestTypeIsModule(directory: string): boolean {
  if (basename(directory) === "node_modules") return false;
  const file = join(directory, "package.json");
  if (existsSync(file)) return fieldOf(jsonIn(file), "type") === "module";
  const parent = dirname(directory);
  return parent !== directory && nearestTypeIsModule(parent);
}

/** The file to which `require` resolves a directory's path: a script next to it, or its index. */
function mainOf(directory: string): string | undefined {
  return tryResolve(join(directory, "x"), directory);
}

function fromPackages(root: string, directory: string, module: string): string | undefined {
  return tryResolve(join(root, directory, "x"), module) ?? tryResolve(join(root, "x"), module);
}

function tryResolve(from: string, request: string): string | undefined {
  try {
    const file = createRequire(from).resolve(request);
    return file.includes("/") ? file : undefined; // the name of a built-in module is not a file
  } catch {
    return undefined;
  }
}

function scriptsIn(directory: string): string[] {
  return namesIn(directory)
    .filter((name) => /\.[mc]?[jt]sx?$/.test(name))
    .slice(0, 8);
}
