import { partitionOf } from "../../../definition/region.ts";
import type { Keys } from "../../iam/keys.ts";
import { type ProgramNetwork, programNetwork } from "../../network/rules/program-network.ts";
import { joined, type Layers, layerVariables } from "./layers.ts";

/** The inputs for the environment of one function. */
export type FunctionSettings = {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  /** MB. */
  readonly memory: number;
  /** As written in the definition. */
  readonly environment: Readonly<Record<string, string>>;
  readonly region: string;
  /** Keys that the emulator issued to this function. */
  readonly credentials: Keys;
  /** Directory of the project; `/var/task` on AWS. */
  readonly root: string;
  /** This machine's `PATH`: the one variable that code cannot run without. */
  readonly path: string;
  /** PEM file of additional trusted authorities, including the gateway's. */
  readonly caFile: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** Directories with fallback packages for code that does not bundle its own. */
  readonly nodePath: string | undefined;
  /** Absolute directories of layers. Default: none. */
  readonly layers?: Layers;
  /** Set for a function that is its own program and does not run on wsgw's Node. */
  readonly program?: ProgramNetwork;
};

type Variables = Readonly<Record<string, string>>;

/**
 * The complete environment of a function: it contains nothing of the developer's shell except `PATH`. The
 * author's variables precede Lambda's unreserved ones and never replace reserved ones. `NODE_EXTRA_CA_CERTS`
 * is a file of the emulator's that also contains the author's certificates: without it no handler could use
 * https to the gateway. The log stream differs for each environment, so it is added at start.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function functionEnvironment(settings: FunctionSettings): Variables {
  if (settings.program !== undefined) return programEnvironment(settings, settings.program);
  return {
    ...unreserved(settings),
    ...settings.environment,
    ...(settings.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: settings.caFile }),
    ...reserved(settings),
  };
}

/** The same without Node's variables, and with those that route other languages' calls to the gateway. */
function programEnvironment(settings: FunctionSettings, network: ProgramNetwork): Variables {
  const { runtime, environment, path, dynamodbEndpoint } = settings;
  const { AWS_EXECUTION_ENV, ...always } = reserved(settings);
  const layers = layerVariables(settings.layers ?? [], runtime, path, undefined);
  const packages = joined([environment.PYTHONPATH, layers.PYTHONPATH]);
  return {
    ...common(path, dynamodbEndpoint),
    ...layers,
    ...environment,
    // Lambda's Python searches layers in any case, whatever this variable contains.
    ...(packages !== "" && { PYTHONPATH: packages }),
    ...programNetwork(network),
    ...always,
    // "Not defined for OS-only runtimes that use the provided.al2 or provided.al2023 identifiers"
    ...(runtime.startsWith("provided") ? {} : { AWS_EXECUTION_ENV }),
  };
}

function unreserved(settings: FunctionSettings): Variables {
  return {
    ...common(settings.path, settings.dynamodbEndpoint),
    // The SDK would warn about this machine's Node, which is not the function's runtime.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...(settings.nodePath === undefined ? {} : { NODE_PATH: settings.nodePath }),
    ...layerVariables(settings.layers ?? [], settings.runtime, settings.path, settings.nodePath),
  };
}

function common(path: string, dynamodbEndpoint: string | undefined): Variables {
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: path,
    // Lambda has none; the developer's files would change endpoints and credentials.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    ...(dynamodbEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_DYNAMODB: dynamodbEndpoint }),
  };
}

function reserved(settings: FunctionSettings): Variables {
  const { credentials } = settings;
  return {
    _HANDLER: settings.handler,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memory),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_ACCESS_KEY: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001",
    LAMBDA_TASK_ROOT: settings.root,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
}

/** `2026/03/01/[$LATEST]` and 32 hex digits; the digits come from `uuid`, `now` is epoch ms. */
export function logStreamName(now: number, uuid: string): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${uuid.replaceAll("-", "")}`;
}

/** The ARN of a function without a version. */
export function functionArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region).name}:lambda:${region}:${accountId}:function:${name}`;
}
