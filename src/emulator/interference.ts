import type { StepIntoIntegration } from "./apigateway/integrations/calls.ts";
import type { StepIntoCall } from "./apigateway/management/management-api.ts";
import type { Gateway } from "./apigateway/ports.ts";
import type { TableStep } from "./dynamodb/calls.ts";
import type { StartEnvironment } from "./lambda/environment-contract.ts";
import type { Invoke } from "./lambda/function-call.ts";

/** A test harness's hooks between the parts of an emulator. Absent ones change nothing. */
export type Interference = {
  /** Between the functions' pools and their environments. */
  readonly start?: (next: StartEnvironment) => StartEnvironment;
  /** Between the gateway and the functions. */
  readonly invoke?: (next: Invoke) => Invoke;
  /** Between the WebSocket server and the gateway. */
  readonly sockets?: (next: Gateway) => Gateway;
  /** Between a valid call of the management API and the gateway. */
  readonly management?: StepIntoCall;
  /** Between the gateway and its integrations other than Lambda proxies. */
  readonly integrations?: StepIntoIntegration;
  /** Between functions and the built-in DynamoDB. */
  readonly tables?: TableStep;
};
