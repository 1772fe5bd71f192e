import { resolve } from "node:path";
import { describeFailure } from "../bundle/build.ts";
import { type Bundle, type Bundler, type HandlerCode, missingExports } from "../bundle/bundler.ts";
import { findHandlers } from "../bundle/handlers.ts";
import { filesOfLayers, findLayers, type LayersRef } from "../bundle/layers.ts";
import type { ProgramCode, ProgramFinder, ProgramRef } from "../bundle/programs.ts";
import type { Api, ApiFunction } from "../definition/project.ts";
import { resolved } from "../definition/references.ts";
import { DEFAULT_RUNTIME, fromCodeRoot, isProgram } from "../definition/runtimes.ts";
import { type HangsOn, WsgwError } from "../errors.ts";
import { fieldOf } from "../values/json.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { FunctionSpec } from "./lambda/environment.ts";
import {
  functionArn,
  functionEnvironment,
  type ProgramNetwork,
} from "./lambda/rules/function-environment.ts";
import type { Network } from "./network/rules/aws-hosts.ts";

/** What the functions of an emulator have in common. */
export type FunctionSurroundings = {
  readonly root: string;
  readonly region: string;
  readonly accountId: string;
  readonly keys: KeyRing;
  readonly caFile: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  readonly network: Network;
  /** Undefined as long as no function is a program of its own. */
  readonly programNetwork: ProgramNetwork | undefined;
};

/** The code of an API's functions, by function name. */
export type Code = ReadonlyMap<string, HandlerCode | ProgramCode>;

/** A function's code on its way to what runs it. */
export type FunctionRef = ProgramRef & LayersRef;

/**
 * Builds the code of functions. Throws HANDLER_INVALID with every handler that leads nowhere, cannot
 * be built, lacks its export or what would run it.
 */
export async function buildCode(
  functions: readonly FunctionRef[],
  parts: {
    readonly root: string;
    readonly bundler: Bundler;
    readonly programs: ProgramFinder;
    readonly warn: (message: string) => void;
  },
): Promise<Code> {
  const { handlers, faults, missing } = findHandlers(
    parts.root,
    functions.filter((fn) => !isProgram(fn)),
  );
  const [bundle, found] = await Promise.all([
    parts.bundler.build(handlers),
    parts.programs.find(functions.filter(isProgram)),
  ]);
  const layers = findLayers(parts.root, functions);
  const located = [...faults, ...found.faults, ...layers.faults];
  const all =
    bundle.kind === "failed"
      ? [...located, ...bundle.failures.map(describeFailure)]
      : [...located, ...missingExports(handlers, bundle.code)];
  if (all.length > 0 || bundle.kind === "failed") {
    const hangsOn = together(bundleHangsOn(bundle), found.hangsOn, {
      read: [],
      missing: [...missing, ...layers.missing],
    });
    throw new WsgwError("HANDLER_INVALID", all.join("\n"), { hangsOn });
  }
  for (const message of [...found.warnings, ...layers.warnings]) parts.warn(message);
  const code = new Map<string, HandlerCode | ProgramCode>(bundle.code);
  for (const program of found.programs) code.set(program.functionName, program);
  for (const ref of functions.filter(({ layers }) => layers.length > 0)) {
    const made = code.get(ref.name);
    const files = filesOfLayers(parts.root, ref);
    if (made !== undefined) code.set(ref.name, { ...made, inputs: [...made.inputs, ...files] });
  }
  return code;
}

function bundleHangsOn(bundle: Bundle): HangsOn {
  if (bundle.kind === "failed") return bundle.hangsOn;
  return { read: [...bundle.code.values()].flatMap(({ inputs }) => inputs), missing: [] };
}

function together(...parts: readonly HangsOn[]): HangsOn {
  return {
    read: parts.flatMap(({ read }) => read),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

/** The functions that a definition names, whatever else is wrong with it. */
export function handlersIn(definition: unknown): readonly FunctionRef[] {
  const functions = fieldOf(definition, "functions");
  if (typeof functions !== "object" || functions === null) return [];
  return Object.entries(functions).flatMap(([name, fn]) => {
    const handler = textIn(fn, "handler");
    if (handler === undefined) return [];
    const runtime = textIn(fn, "runtime") ?? DEFAULT_RUNTIME;
    const words = fieldOf(fn, "command");
    const command = Array.isArray(words) ? words.map(String) : undefined;
    const folders = fieldOf(fn, "layers");
    const layers = Array.isArray(folders) ? folders.map(String) : [];
    const ref = { name, handler, runtime, code: textIn(fn, "code"), command, layers };
    return [fromCodeRoot(textIn(fn, "root") ?? ".", ref)];
  });
}

function textIn(value: unknown, name: string): string | undefined {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : undefined;
}

/** The functions in the order in which a client that connects and sends needs them, `most` at most. */
export function firstNeeded(api: Api, most: number): readonly string[] {
  const { $connect, $disconnect, ...messages } = api.routes;
  const routes = [$connect, ...Object.values(messages), $disconnect];
  const names = routes.flatMap((route) => (route === undefined ? [] : [route.function]));
  return [...new Set(names)].slice(0, most);
}

/** All that execution environments must know about the functions of an API. */
export function functionSpecs(
  api: Api,
  code: Code,
  surroundings: FunctionSurroundings,
): readonly FunctionSpec[] {
  return Object.values(api.functions).map((fn) =>
    functionSpec(fn, code.get(fn.name), surroundings),
  );
}

function functionSpec(
  fn: ApiFunction,
  code: HandlerCode | ProgramCode | undefined,
  surroundings: FunctionSurroundings,
): FunctionSpec {
  if (code !== undefined && "command" in code) return programSpec(fn, code, surroundings);
  const { root, region, accountId, keys, caFile, dynamodbEndpoint, network } = surroundings;
  const layers = fn.layers.map((layer) => resolve(root, layer));
  return {
    name: fn.name,
    handler: fn.handler,
    code: code ?? GIVEN,
    layers,
    environment: functionEnvironment({
      ...fn,
      environment: resolved(fn.environment),
      layers,
      region,
      credentials: keys.forFunction(fn.name),
      root,
      path: process.env.PATH ?? "",
      caFile,
      dynamodbEndpoint,
      nodePath: code?.nodePath,
    }),
    memory: fn.memory,
    timeout: fn.timeout,
    arn: functionArn(region, accountId, fn.name),
    root,
    network,
  };
}

function programSpec(
  fn: ApiFunction,
  { command, folder, handler }: ProgramCode,
  { root, region, accountId, keys, dynamodbEndpoint, programNetwork }: FunctionSurroundings,
): FunctionSpec {
  return {
    name: fn.name,
    handler,
    code: GIVEN,
    program: { command },
    environment: functionEnvironment({
      ...fn,
      environment: resolved(fn.environment),
      layers: fn.layers.map((layer) => resolve(root, layer)),
      handler,
      region,
      credentials: keys.forFunction(fn.name),
      root: folder,
      path: process.env.PATH ?? "",
      caFile: undefined,
      dynamodbEndpoint,
      nodePath: undefined,
      ...(programNetwork !== undefined && { program: programNetwork }),
    }),
    memory: fn.memory,
    timeout: fn.timeout,
    arn: functionArn(region, accountId, fn.name),
    root: folder,
  };
}

/** The code of a function that the caller gave: there is no file to load. */
const GIVEN = {
  file: "",
  source: "",
  exportPath: "handler",
  format: "module",
  sourceMaps: false,
  lentPackages: undefined,
  sdkPackages: [],
} as const;
