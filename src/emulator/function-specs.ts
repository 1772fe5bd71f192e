import { resolve } from "node:path";
import type { ProgramCode } from "../bundle/programs.ts";
import { lambdaName } from "../definition/lambda-name.ts";
import type { LocalProject } from "../definition/local-project.ts";
import type { LambdaFunction } from "../definition/project.ts";
import { resolved } from "../definition/references.ts";
import type { Code } from "./build-functions.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { FunctionSpec } from "./lambda/environment-contract.ts";
import { withLocalFiles } from "./lambda/lambda-paths.ts";
import { functionArn, functionEnvironment } from "./lambda/rules/environment-variables.ts";
import type { Network } from "./network/rules/hosts.ts";
import type { ProgramNetwork } from "./network/rules/program-network.ts";
import type { TrustedAuthorities } from "./trusted-authorities.ts";

/** Settings that the functions of an emulator share. */
export type FunctionSurroundings = {
  readonly root: string;
  readonly region: string;
  readonly accountId: string;
  readonly keys: KeyRing;
  readonly authorities: TrustedAuthorities;
  readonly dynamodbEndpoint: string | undefined;
  readonly network: Network;
  /** Undefined unless a function is its own program. */
  readonly programNetwork: ProgramNetwork | undefined;
};

/** Everything that execution environments need to know about a project's functions. */
export function functionSpecs(
  project: LocalProject,
  code: Code,
  surroundings: FunctionSurroundings,
): readonly FunctionSpec[] {
  return Object.values(project.functions).map((fn) => functionSpec(fn, code, surroundings));
}

function functionSpec(
  fn: LambdaFunction,
  { built, broken }: Code,
  surroundings: FunctionSurroundings,
): FunctionSpec {
  const code = built.get(fn.name);
  const why = code === undefined ? broken.get(fn.name) : undefined;
  if (code !== undefined && "command" in code) return programSpec(fn, code, surroundings);
  const { region, accountId, keys, authorities, dynamodbEndpoint, network } = surroundings;
  const layers = fn.layers.map((layer) => resolve(surroundings.root, layer));
  const root = resolve(surroundings.root, fn.root);
  const environment = withLocalFiles({ root, layers }, resolved(fn.environment));
  return {
    name: fn.name,
    handler: fn.handler,
    code: code ?? GIVEN,
    layers,
    environment: functionEnvironment({
      ...fn,
      name: lambdaName(fn),
      environment,
      layers,
      region,
      credentials: keys.forFunction(fn.name),
      root,
      path: process.env.PATH ?? "",
      caFile: authorities.addedFor({ name: fn.name, environment, layers, root }),
      dynamodbEndpoint,
      nodePath: code?.nodePath,
    }),
    memory: fn.memory,
    timeout: fn.timeout,
    arn: functionArn(region, accountId, lambdaName(fn)),
    root,
    network,
    ...(why !== undefined && { broken: why.error }),
  };
}

function programSpec(
  fn: LambdaFunction,
  { command, directory, handler, inputs, python }: ProgramCode,
  surroundings: FunctionSurroundings,
): FunctionSpec {
  const { root, region, accountId, keys, authorities, dynamodbEndpoint } = surroundings;
  const layers = fn.layers.map((layer) => resolve(root, layer));
  const environment = withLocalFiles({ root: directory, layers }, resolved(fn.environment));
  const program = surroundings.programNetwork && {
    ...surroundings.programNetwork,
    caBundle: authorities.allFor({ name: fn.name, environment, layers, root: directory }),
  };
  return {
    name: fn.name,
    handler,
    // Python loads them from disk as they are.
    code: { ...GIVEN, files: inputs.filter((file) => file.endsWith(".py")) },
    program: { command, ...(python && { installing: python.installing }) },
    layers,
    environment: functionEnvironment({
      ...fn,
      name: lambdaName(fn),
      environment,
      layers,
      handler,
      region,
      credentials: keys.forFunction(fn.name),
      root: directory,
      path: process.env.PATH ?? "",
      caFile: undefined,
      dynamodbEndpoint,
      nodePath: undefined,
      ...(program !== undefined && { program }),
    }),
    memory: fn.memory,
    timeout: fn.timeout,
    arn: functionArn(region, accountId, lambdaName(fn)),
    root: directory,
  };
}

/** The code of a function that the caller passed in: it has no file. */
const GIVEN = {
  file: "",
  source: "",
  exportPath: "handler",
  format: "module",
  sourceMaps: false,
  runtimeSdk: undefined,
  sdkPackages: [],
} as const;
