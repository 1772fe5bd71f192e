import { dirname, join } from "node:path";
import { adviceOnAll } from "../bundle/advice.ts";
import { describeFailure } from "../bundle/build.ts";
import type { BuildFailure, Bundler, HandlerCode, Unbuilt } from "../bundle/bundler.ts";
import { directoriesUp, isDirectory } from "../bundle/directory-files.ts";
import { filesOfLayers, findLayers, type LayersRef } from "../bundle/layers.ts";
import { findHandlers, type HandlerRef, splitHandler } from "../bundle/locate-handlers.ts";
import { missingExports } from "../bundle/missing-exports.ts";
import { packageName } from "../bundle/own-code.ts";
import type { ProgramCode, ProgramFinder, ProgramRef } from "../bundle/programs.ts";
import { versionWarnings } from "../bundle/python-versions.ts";
import type { EsbuildSettings } from "../definition/project.ts";
import { DEFAULT_RUNTIME, isProgram } from "../definition/runtimes.ts";
import { buildIn } from "../definition/schema.ts";
import { type FailureInputs, HINTS } from "../errors.ts";
import { fieldOf, stringIn } from "../values/json.ts";
import {
  type FunctionError,
  notRunnable,
  type Unrunnable,
} from "./lambda/rules/function-errors.ts";

/** The code of functions, by function name. */
export type Code = {
  readonly built: ReadonlyMap<string, HandlerCode | ProgramCode>;
  readonly broken: ReadonlyMap<string, BrokenFunction>;
  /** Functions that were built, and that cannot be loaded until their packages are installed. */
  readonly uninstalled: ReadonlyMap<string, Reasons>;
  /** Files that can fix what is broken. */
  readonly failureInputs: FailureInputs;
};

/** Why a function cannot run. */
export type Reasons = {
  /** Sentences, one per line. */
  readonly because: readonly string[];
  /** How to fix it, in sentences. */
  readonly advice: readonly string[];
};

/** A function whose code does not exist, cannot be built, or lacks its export or runtime. */
export type BrokenFunction = Reasons & {
  /** Lambda's error when the function is invoked anyway. */
  readonly error: FunctionError;
};

/** A function's code before it is built or located. */
export type FunctionRef = ProgramRef & LayersRef & Pick<HandlerRef, "build">;

type BuildParts = {
  readonly root: string;
  readonly bundler: Bundler;
  readonly programs: ProgramFinder;
  readonly warn: (message: string) => void;
  readonly esbuild: EsbuildSettings;
};

/** Builds the code of functions. A broken one does not stop the others. */
export async function buildCode(
  functions: readonly FunctionRef[],
  parts: BuildParts,
): Promise<Code> {
  const { root, bundler, warn, esbuild } = parts;
  const located = await Promise.all(functions.map((ref) => locate(ref, parts)));
  const handlers = located.flatMap(({ handlers }) => handlers);
  const bundle = await bundler.build(handlers, esbuild);
  const unbuilt = bundle.kind === "failed" ? bundle.unbuilt : new Map<string, Unbuilt>();

  const built = new Map<string, HandlerCode | ProgramCode>();
  const broken = new Map<string, BrokenFunction>();
  const uninstalled = new Map<string, Reasons>();
  for (const { ref, handlers, program, faults, advice: faultAdvice, warnings } of located) {
    const why = unbuilt.get(ref.name);
    const failures = why?.failures.map(describeFailure) ?? [];
    const because = [...faults, ...failures, ...missingExports(handlers, bundle.code)];
    const code = program ?? bundle.code.get(ref.name);
    if (because.length > 0 || code === undefined) {
      const error = notRunnable(reason(ref, faults, why), because);
      const advice = [...faultAdvice, ...adviceOnAll(why?.failures ?? [])];
      broken.set(ref.name, {
        because,
        advice: advice.length > 0 ? advice : [HINTS.HANDLER_INVALID],
        error,
      });
      continue;
    }
    for (const message of warnings) warn(message);
    if ("warnings" in code) {
      for (const end of code.warnings) warn(`Function "${ref.name}" ${end}`);
      const lacks = code.uninstalled;
      const reasons = { because: lacks.map(describeFailure), advice: adviceOnAll(lacks) };
      if (lacks.length > 0) uninstalled.set(ref.name, reasons);
    }
    built.set(ref.name, { ...code, inputs: [...code.inputs, ...filesOfLayers(root, ref)] });
  }
  for (const message of versionWarnings([...built.values()].filter(isProgramCode))) warn(message);
  const failureInputs = together(
    ...located.filter(({ ref }) => broken.has(ref.name)).map(({ failureInputs }) => failureInputs),
    ...[...unbuilt.values()].map(({ failureInputs }) => failureInputs),
    { read: handlers.filter(({ name }) => broken.has(name)).map(({ file }) => file), missing: [] },
  );
  return {
    built,
    broken,
    uninstalled,
    failureInputs: together(failureInputs, packagesAwaited(root, built)),
  };
}

/** What appears when a missing package is installed: in the project, or in a workspace around it. */
function packagesAwaited(root: string, built: Code["built"]): FailureInputs {
  const missing = [...built.values()].flatMap((code) =>
    "uninstalled" in code ? code.uninstalled.flatMap((failure) => manifestsOf(root, failure)) : [],
  );
  return { read: [], missing: [...new Set(missing)] };
}

function manifestsOf(root: string, { file, text }: BuildFailure): readonly string[] {
  const name = packageIn(text);
  if (name === undefined || file === undefined) return [];
  const above = directoriesUp(dirname(file)).map((directory) => join(directory, "node_modules"));
  const places = new Set([join(root, "node_modules"), ...above.filter(isDirectory)]);
  return [...places].map((place) => join(place, name, "package.json"));
}

function packageIn(text: string): string | undefined {
  const request = /^Could not resolve "([^"#]+)"/.exec(text)?.[1];
  return request === undefined ? undefined : packageName(request);
}

function isProgramCode(code: HandlerCode | ProgramCode): code is ProgramCode {
  return "command" in code;
}

function reason(ref: FunctionRef, faults: readonly string[], why: Unbuilt | undefined): Unrunnable {
  const [failure] = why?.failures ?? [];
  if (failure !== undefined) {
    const module = /^Could not resolve "([^"]+)"/.exec(failure.text)?.[1];
    if (module !== undefined) return { kind: "no-module", module };
    return { kind: "syntax", text: failure.text };
  }
  if (isProgram(ref)) return { kind: "no-entrypoint" };
  if (faults.length === 0) return { kind: "no-export", handler: ref.handler };
  const parts = splitHandler(ref.handler);
  return parts === undefined
    ? { kind: "bad-handler" }
    : { kind: "no-module", module: parts.module };
}

/** The location of a function's code, and errors in it. */
async function locate(ref: FunctionRef, { root, programs }: BuildParts) {
  const layers = findLayers(root, [ref]);
  const found = isProgram(ref) ? await programs.find([ref]) : undefined;
  const { handlers, faults, missing } =
    found === undefined ? findHandlers(root, [ref]) : { handlers: [], faults: [], missing: [] };
  return {
    ref,
    handlers,
    program: found?.programs[0],
    faults: [...faults, ...(found?.faults ?? []), ...layers.faults],
    advice: [
      ...(faults.length > 0 ? [HINTS.HANDLER_INVALID] : []),
      ...((found?.faults ?? []).length > 0
        ? ["docs/languages.md says what such a function needs."]
        : []),
      ...(layers.faults.length > 0
        ? ["Write a layer as a directory, relative to the definition's directory."]
        : []),
    ],
    warnings: layers.warnings,
    failureInputs: together(found?.failureInputs ?? NOTHING, {
      read: [],
      missing: [...missing, ...layers.missing],
    }),
  };
}

const NOTHING: FailureInputs = { read: [], missing: [] };

function together(...parts: readonly FailureInputs[]): FailureInputs {
  return {
    read: parts.flatMap(({ read }) => read),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

/** The functions in a definition; other errors in it are ignored. */
export function handlersIn(definition: unknown): readonly FunctionRef[] {
  const functions = fieldOf(definition, "functions");
  if (typeof functions !== "object" || functions === null) return [];
  return Object.entries(functions).flatMap(([name, fn]) => {
    const handler = stringIn(fn, "handler");
    if (handler === undefined) return [];
    const runtime = stringIn(fn, "runtime") ?? DEFAULT_RUNTIME;
    const words = fieldOf(fn, "command");
    const command = Array.isArray(words) ? words.filter(isText) : undefined;
    const directories = fieldOf(fn, "layers");
    const layers = Array.isArray(directories) ? directories.filter(isText) : [];
    const root = stringIn(fn, "root") ?? ".";
    const ref = { name, root, handler, runtime, code: stringIn(fn, "code"), command, layers };
    return [{ ...ref, build: buildIn(fn) }];
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
