import type { Clock } from "../../clock.ts";
import type { IdentityDefinition } from "../../definition/parts.ts";
import type { Ids } from "../../ids.ts";
import type { Keys } from "../iam/keys.ts";
import type { CheckPermission, PermissionMode } from "../iam/permissions.ts";
import type { SecretFor } from "../iam/rules/verify-signature.ts";
import type { Recorder, Warning } from "../journal/journal.ts";
import type { Invoke } from "../lambda/function-call.ts";
import type { UsagePlans } from "./api-keys/usage-plans.ts";
import type { Mocking } from "./authorizers/rules/mocked-identity.ts";
import type { ApiGatewayFact } from "./facts.ts";
import type { ServiceDoor } from "./integrations/aws-service.ts";
import type { StepIntoIntegration } from "./integrations/calls.ts";
import type { RequestLog } from "./requests/request-log.ts";
import type { Reached } from "./rules/domain-name.ts";
import type { Limits } from "./rules/limits.ts";
import type { ServedApi } from "./rules/served-api.ts";
import type { Throttling } from "./throttling/throttling.ts";

/** Keys and permissions of clients that sign handshakes. */
export type Iam = {
  readonly secretFor: SecretFor;
  /** The keys of a mock identity; without a name, those of the developer. */
  readonly keysOf: (
    identity: Pick<IdentityDefinition, "durationSeconds"> & { readonly name?: string },
  ) => Keys;
  readonly mode: PermissionMode;
  /** Checks what the roles of functions allow. */
  readonly check: CheckPermission;
  /** ARN of the role session in which a function runs. */
  readonly roleSessionOf: (functionName: string) => string | undefined;
  /** Records a warning once for all APIs. */
  readonly warnOnce: (message: string) => void;
};

/** The parts of a gateway; the gateway neither opens nor closes them. */
export type GatewayParts = {
  readonly api: ServedApi;
  /** Resolves how a handshake with these headers reached the API. */
  readonly reachedBy: (rawHeaders: readonly string[]) => Reached;
  readonly limits: Limits;
  /** Whether a handler that returns nothing succeeds. Evidence about AWS is contradictory. */
  readonly nullIsSuccess: boolean;
  /** Whether pings reset the idle timeout. Default false. */
  readonly pingsResetIdle?: boolean;
  /** Sets no timeout for functions. */
  readonly untimed?: boolean;
  readonly invoke: Invoke;
  /** A test's hook between integrations and their backends. Default: none. */
  readonly stepIntoIntegration?: StepIntoIntegration | undefined;
  /** The local endpoints of AWS services that routes call. */
  readonly services: ServiceDoor;
  readonly mocking: Mocking;
  readonly iam: Iam;
  /** Shared by all APIs of the project. */
  readonly throttling: Throttling;
  readonly usagePlans: UsagePlans;
  /** Receives answered requests. */
  readonly requests: RequestLog;
  /** Region in the API's ARNs. */
  readonly region: string;
  readonly accountId: string;
  readonly journal: Recorder<ApiGatewayFact | Warning>;
  readonly clock: Clock;
  readonly ids: Ids;
};
