import type { Api, ApiFunction } from "../api.ts";
import type { BuildFailure, Bundler, HandlerCode } from "../bundle/bundler.ts";
import { missingExports } from "../bundle/bundler.ts";
import { findHandlers, type HandlerRef } from "../bundle/handlers.ts";
import { WsgwError } from "../errors.ts";
import type { KeyRing } from "./compose-keys.ts";
import type { FunctionSpec } from "./lambda/environment.ts";
import { functionArn, functionEnvironment } from "./rules/function-environment.ts";

/** What the functions of an emulator have in common. */
export type FunctionSurroundings = {
  readonly root: string;
  readonly region: string;
  readonly accountId: string;
  readonly keys: KeyRing;
  readonly caFile: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
};

/** The code of an API's functions, by function name. */
export type Code = ReadonlyMap<string, HandlerCode>;

/**
 * Builds the code of functions. Throws HANDLER_INVALID with every handler that leads nowhere, cannot
 * be built or lacks its export.
 */
export async function buildCode(
  functions: readonly HandlerRef[],
  root: string,
  bundler: Bundler,
): Promise<Code> {
  const { handlers, faults } = findHandlers(root, functions);
  const bundle = await bundler.build(handlers);
  const all =
    bundle.kind === "failed"
      ? [...faults, ...bundle.failures.map(describeFailure)]
      : [...faults, ...missingExports(handlers, bundle.code)];
  if (all.length > 0 || bundle.kind === "failed") {
    throw new WsgwError("HANDLER_INVALID", all.join("\n"));
  }
  return bundle.code;
}

/** The handlers that a definition names, whatever else is wrong with it. */
export function handlersIn(definition: unknown): readonly HandlerRef[] {
  const functions = fieldOf(definition, "functions");
  if (typeof functions !== "object" || functions === null) return [];
  return Object.entries(functions).flatMap(([name, fn]) => {
    const handler = fieldOf(fn, "handler");
    return typeof handler === "string" ? [{ name, handler }] : [];
  });
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function describeFailure({ file, line, column, text }: BuildFailure): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return place === "" ? text : `${place}: ${text}`;
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
  code: HandlerCode | undefined,
  { root, region, accountId, keys, caFile, dynamodbEndpoint }: FunctionSurroundings,
): FunctionSpec {
  return {
    name: fn.name,
    handler: fn.handler,
    code: code ?? GIVEN,
    environment: functionEnvironment({
      ...fn,
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
} as const;
