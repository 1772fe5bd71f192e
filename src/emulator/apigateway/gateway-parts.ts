import type { Clock } from "../../clock.ts";
import type { IdentityDefinition } from "../../definition/parts.ts";
import type { Ids } from "../../ids.ts";
import type { Keys } from "../iam/keys.ts";
import type { CheckPermission, PermissionMode } from "../iam/permissions.ts";
import type { SecretFor } from "../iam/rules/authorization.ts";
import type { Recorder, Warning } from "../journal/journal.ts";
import type { Invoke } from "../lambda/invoke.ts";
import type { UsagePlans } from "./api-keys/usage-plans.ts";
import type { ApiGatewayFact } from "./facts.ts";
import type { ServiceDoor } from "./integrations/aws-service.ts";
import type { StepIntoIntegration } from "./integrations/calls.ts";
import type { RequestLog } from "./requests/request-log.ts";
import type { Limits } from "./rules/limits.ts";
import type { Reached, ServedApi } from "./rules/served-api.ts";
import type { Throttling } from "./throttling/throttling.ts";

/** Mock identities. */
type Mocking = {
  /** Whether clients may say who they are; not where other machines can reach the gateway. */
  readonly clientsMayMock: boolean;
  /** Who every client is. */
  readonly everybody: IdentityDefinition | undefined;
};

/** Keys and permissions of those who sign handshakes. */
export type Iam = {
  readonly secretFor: SecretFor;
  /** The keys of a mock identity; without a name, those of the person at the terminal. */
  readonly keysOf: (
    identity: Pick<IdentityDefinition, "durationSeconds"> & { readonly name?: string },
  ) => Keys;
  readonly mode: PermissionMode;
  /** What the roles of functions allow. */
  readonly check: CheckPermission;
  /** ARN of the session in which a function runs. */
  readonly roleSessionOf: (functionName: string) => string | undefined;
  /** Records a warning once, whichever of the APIs it comes from. */
  readonly warnOnce: (message: string) => void;
};

/** What a gateway works with; nothing of it is opened or closed here. */
export type GatewayParts = {
  readonly api: ServedApi;
  /** How a handshake with these headers reached the API. */
  readonly reachedBy: (rawHeaders: readonly string[]) => Reached;
  readonly limits: Limits;
  /** Whether a handler that returned nothing counts as a success. Evidence about AWS is contradictory. */
  readonly nullIsSuccess: boolean;
  /** Whether pings count as talk. No page of AWS's says so, and no report; those that keep alive send messages. */
  readonly pingsResetIdle?: boolean;
  /** Waits for functions as long as they take. */
  readonly untimed?: boolean;
  readonly invoke: Invoke;
  /** Where a test steps between integrations and what they call. Default: nowhere. */
  readonly stepIntoIntegration?: StepIntoIntegration | undefined;
  /** What answers for AWS services that routes call. */
  readonly services: ServiceDoor;
  readonly mocking: Mocking;
  readonly iam: Iam;
  /** Of all APIs of the project. */
  readonly throttling: Throttling;
  readonly usagePlans: UsagePlans;
  /** Takes requests that have been answered. */
  readonly requests: RequestLog;
  /** Region of the API's ARNs. */
  readonly region: string;
  readonly accountId: string;
  readonly journal: Recorder<ApiGatewayFact | Warning>;
  readonly clock: Clock;
  readonly ids: Ids;
};
