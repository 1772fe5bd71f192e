import type { StepIntoIntegration } from "./apigateway/integrations/calls.ts";
import type { StepIntoCall } from "./apigateway/management/router.ts";
import type { Gateway } from "./apigateway/ports.ts";
import type { TableStep } from "./dynamodb/calls.ts";
import type { StartEnvironment } from "./lambda/environment.ts";
import type { Invoke } from "./lambda/invoke.ts";

/**
 * The points at which a test harness may step between the parts of an emulator. What is left out
 * stays as it is; without any of them nothing stands in between.
 */
export type Interference = {
  /** Between the functions' pools and their environments. */
  readonly start?: (next: StartEnvironment) => StartEnvironment;
  /** Between the gateway and the functions. */
  readonly invoke?: (next: Invoke) => Invoke;
  /** Between what carries WebSockets and the gateway. */
  readonly sockets?: (next: Gateway) => Gateway;
  /** Between a sound call of the management API and the gateway. */
  readonly management?: StepIntoCall;
  /** Between the gateway and what its routes call besides Lambda proxies. */
  readonly integrations?: StepIntoIntegration;
  /** Between functions and the built-in DynamoDB. */
  readonly tables?: TableStep;
};
