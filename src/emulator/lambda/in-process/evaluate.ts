import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { FunctionSpec } from "../environment-contract.ts";
import { awsLambdaFor } from "../streaming-handlers.ts";
import type { PatchedModules } from "./patched-modules.ts";
import type { SandboxGlobals } from "./sandbox-globals.ts";

/** Globals that the code sees instead of this process's own. */
const NAMES = [
  "exports",
  "require",
  "module",
  "__filename",
  "__dirname",
  "__wsgw_url",
  "process",
  "console",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "fetch",
  "awslambda",
  "__wsgw_time",
] as const;

const HEADS = {
  commonjs: `(function (${NAMES.join(", ")}) { `,
  module: `(async function (${NAMES.join(", ")}) { "use strict"; `,
} as const;

/** File names contain a hash of their content, so compiled scripts never become stale. */
const compiled = new Map<string, vm.Script>();

/** Evaluates a function's bundle and returns its exports; a promise if the module uses top-level await. */
export function evaluate(
  spec: FunctionSpec,
  own: SandboxGlobals,
  patched: PatchedModules | undefined,
): unknown {
  const { file, format, source } = spec.code;
  const isFirst = !compiled.has(file);
  const script = compiled.get(file) ?? compile(file, HEADS[format]);
  const module = { exports: {} as unknown };
  const values: Record<(typeof NAMES)[number], unknown> = {
    exports: module.exports,
    require: ownRequire(source, own, patched),
    module,
    __filename: source,
    __dirname: dirname(source),
    __wsgw_url: pathToFileURL(source).href,
    process: own.process,
    console: own.console,
    setTimeout: own.setTimeout,
    setInterval: own.setInterval,
    setImmediate: own.setImmediate,
    clearTimeout: own.clearTimeout,
    clearInterval: own.clearInterval,
    clearImmediate: own.clearImmediate,
    fetch: patched?.fetch ?? fetch,
    awslambda: awsLambdaFor(spec.environment),
    __wsgw_time: own.time?.globals,
  };
  const run = script.runInThisContext() as (...values: unknown[]) => unknown;
  const result = run.apply(
    module.exports,
    NAMES.map((name) => values[name]),
  );
  if (isFirst) keepMachineCode(file, script);
  return format === "module" ? result : module.exports;
}

function compile(file: string, head: string): vm.Script {
  const cache = machineCodeFile(file);
  const script = new vm.Script(`${head}${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
  });
  compiled.set(file, script);
  return script;
}

/** Compiling an AWS SDK takes longer than running it, and every test file would repeat it. */
function keepMachineCode(file: string, script: vm.Script): void {
  const cache = machineCodeFile(file);
  if (existsSync(cache) && script.cachedDataRejected !== true) return;
  try {
    writeFileSync(cache, script.createCachedData());
  } catch {
    // Without the cache the next process compiles again.
  }
}

function machineCodeFile(file: string): string {
  return `${file}.${process.version}-${process.arch}.v8`;
}

function ownRequire(source: string, own: SandboxGlobals, patched: PatchedModules | undefined) {
  const original = createRequire(source);
  const require = (request: string): unknown => {
    const timed = own.time?.modules[request];
    if (timed !== undefined) return timed;
    if (!isBuiltin(request)) return original(request);
    const name = request.replace(/^node:/, "");
    if (name === "process") return own.process;
    if (name === "timers") return { ...original("timers"), ...own.timers };
    return patched?.modules[name] ?? original(request);
  };
  return Object.assign(require, {
    resolve: original.resolve,
    cache: original.cache,
    main: undefined,
  });
}
