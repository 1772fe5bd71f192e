import { type Artifacts, createArtifacts } from "./artifacts.ts";
import { createStacks } from "./cloudformation.ts";
import { endpointSettings } from "./endpoint-url.ts";
import { findRegion } from "./find-region.ts";
import { createFunctionLogs, type FunctionLogs } from "./function-logs.ts";
import { createFunctions, type Functions } from "./functions.ts";
import { createIdentity, type Identity } from "./identity.ts";
import type { BeforeRetry } from "./retry-throttled.ts";
import type { ClientSettings } from "./service.ts";
import type { Stacks } from "./stacks.ts";

/** All AWS services that a run uses, in one account and region. */
export type Cloud = {
  readonly region: string;
  /** The one URL of all services, if it is not AWS's own. */
  readonly endpointUrl: string | undefined;
  readonly identity: Identity;
  readonly stacks: Stacks;
  readonly artifacts: Artifacts;
  readonly functions: Functions;
  readonly logs: FunctionLogs;
};

type CloudOptions = {
  readonly region?: string | undefined;
  /** The region if none is configured. Default: none, and AWS_REGION_UNKNOWN is thrown. */
  readonly elseRegion?: string | undefined;
  readonly profile?: string | undefined;
  /** One URL for all services. It never receives the user's AWS keys. */
  readonly endpointUrl?: string | undefined;
  /** The environment variables of the shell. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Attempts of a call before it fails; default: the SDK's 3. */
  readonly maxAttempts?: number | undefined;
  /** Waits before a throttled call is retried. */
  readonly beforeRetry: BeforeRetry;
};

/** Gives access to one account and region. Nothing is loaded or called before it is used. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  // Node's support by future SDKs concerns wsgw's developers, not the log of a run.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { beforeRetry, endpointUrl, profile, maxAttempts } = options;
  const region = await findRegion(options);
  const settings: ClientSettings = {
    region,
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...endpointSettings({ endpointUrl, profile }),
  };
  const access = { settings, beforeRetry };
  return {
    region,
    endpointUrl,
    identity: createIdentity(access),
    stacks: createStacks(access),
    artifacts: createArtifacts(access),
    functions: createFunctions(access),
    logs: createFunctionLogs(access),
  };
}
