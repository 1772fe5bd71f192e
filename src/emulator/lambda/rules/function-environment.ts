import { partitionOf } from "../../../definition/region.ts";
import { type ProgramNetwork, programNetwork } from "../../network/rules/program-network.ts";
import { joined, type Layers, layerVariables } from "./layers.ts";

/** Keys that the emulator issued to one function. */
type FunctionCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
};

/** What the environment of one function is made from. */
export type FunctionSettings = {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  /** MB. */
  readonly memory: number;
  /** As the author wrote it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly region: string;
  readonly credentials: FunctionCredentials;
  /** Folder of the project; `/var/task` on AWS. */
  readonly root: string;
  /** `PATH` of this machine: the one variable that code cannot run without. */
  readonly path: string;
  /** PEM file of the authorities to be trusted beside those of Node: the gateway's among them. */
  readonly caFile: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** Folders with packages that are lent to code which brings none. */
  readonly nodePath: string | undefined;
  /** Folders of layers, absolute. Default: none. */
  readonly layers?: Layers;
  /** Given for a function that is a program of its own and not code for wsgw's Node. */
  readonly program?: ProgramNetwork;
};

type Variables = Readonly<Record<string, string>>;

/**
 * The complete environment of a function: nothing of the developer's shell is there but `PATH`.
 * The author's variables come before Lambda's unreserved ones and never replace reserved ones.
 * `NODE_EXTRA_CA_CERTS` is a file of the emulator's in which what the author's names is too: without it
 * no handler could speak https to the gateway. The log stream is one per environment, so it is added at its start.
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

/** The same without what is Node's, and with what leads other languages' calls to the gateway. */
function programEnvironment(settings: FunctionSettings, network: ProgramNetwork): Variables {
  const { runtime, environment, path, dynamodbEndpoint } = settings;
  const { AWS_EXECUTION_ENV, ...always } = reserved(settings);
  const layers = layerVariables(settings.layers ?? [], runtime, path, undefined);
  const packages = [environment.PYTHONPATH, layers.PYTHONPATH].filter(Boolean);
  return {
    ...common(path, dynamodbEndpoint),
    ...layers,
    ...environment,
    // Lambda's Python looks into layers whatever this variable says.
    ...(packages.length > 0 && { PYTHONPATH: joined(packages) }),
    ...programNetwork(network),
    ...always,
    // "Not defined for OS-only runtimes that use the provided.al2 or provided.al2023 identifiers"
    ...(runtime.startsWith("provided") ? {} : { AWS_EXECUTION_ENV: AWS_EXECUTION_ENV ?? "" }),
  };
}

function unreserved(settings: FunctionSettings): Variables {
  return {
    ...common(settings.path, settings.dynamodbEndpoint),
    // The SDK warns of the Node that runs it; here that is this machine's, not the function's runtime.
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
    // On Lambda there are none, and the developer's say where to call and in whose name.
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

/** `2026/03/01/[$LATEST]` and 32 hex digits; `uuid` gives the digits, `now` is epoch ms. */
export function logStreamName(now: number, uuid: string): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[$LATEST]${uuid.replaceAll("-", "")}`;
}

/** The ARN of a function without a version. */
export function functionArn(region: string, accountId: string, name: string): string {
  return `arn:${partitionOf(region).name}:lambda:${region}:${accountId}:function:${name}`;
}
