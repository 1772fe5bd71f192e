import type { StepIntoCall } from "./apigateway/management/router.ts";
import type { Gateway } from "./apigateway/ports.ts";
import type { DynamoDbCall, StepIntoDynamoDb } from "./dynamodb/stepped-dynamodb.ts";
import type { KeyRing } from "./iam/keys.ts";
import type { FactId } from "./journal/journal.ts";
import type { StartEnvironment } from "./lambda/environment.ts";
import type { Invoke } from "./lambda/invoke.ts";
import type { InvocationOf } from "./lambda/known-invocations.ts";

/** A call of DynamoDB, with the function whose key signed it. */
export type TableCall = DynamoDbCall & {
  readonly functionName: string | undefined;
  /** The invocation whose code called, where it is known. */
  readonly because: FactId | undefined;
};

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
  /** Between functions and the built-in DynamoDB. */
  readonly tables?: StepIntoDynamoDb<TableCall>;
};

/** Tells whose call it is. */
export function withCallers(
  stepIn: StepIntoDynamoDb<TableCall> | undefined,
  keys: KeyRing,
  invocationOf: InvocationOf,
): StepIntoDynamoDb | undefined {
  if (stepIn === undefined) return undefined;
  return (call, proceed, refuse) => {
    const functionName = keys.secretFor(call.accessKeyId)?.functionName;
    const because = invocationOf(call.remotePort, call.traceParent, functionName)?.started;
    stepIn({ ...call, functionName, because }, proceed, refuse);
  };
}
