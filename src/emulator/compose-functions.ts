import type { Api, ApiFunction } from "../api.ts";
import type { BuildFailure, Bundler, HandlerCode } from "../bundle/bundler.ts";
import { missingExports } from "../bundle/bundler.ts";
import { findHandlers, type LocatedHandler } from "../bundle/handlers.ts";
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
 * Builds the code of every function that is not `given` as a function of the caller's. Throws
 * HANDLER_INVALID with every handler that leads nowhere, cannot be built or lacks its export.
 */
export async function buildCode(
  api: Api,
  root: string,
  bundler: Bundler,
  given: ReadonlySet<string>,
): Promise<Code> {
  const wanted = Object.values(api.functions).filter(({ name }) => !given.has(name));
  const { handlers, faults } = findHandlers(root, wanted);
  const bundle = await bundler.build(handlers);
  const all = [
    ...faults,
    ...(bundle.kind === "failed" ? bundle.failures.map(describeFailure) : []),
  ];
  if (bundle.kind === "built") all.push(...exportFaults(handlers, bundle.code));
  if (all.length > 0 || bundle.kind === "failed") {
    throw new WsgwError("HANDLER_INVALID", all.join("\n"));
  }
  return bundle.code;
}

function exportFaults(handlers: readonly LocatedHandler[], code: Code): readonly string[] {
  return missingExports(handlers, code);
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
