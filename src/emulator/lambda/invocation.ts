import type { Clock } from "../../clock.ts";
import type { Ids } from "../../ids.ts";
import type { Recorder } from "../journal/journal.ts";
import { traceHeader } from "../journal/trace-header.ts";
import type { NetworkFact } from "../network/facts.ts";
import type { EnvironmentEvent, FunctionSpec, StartEnvironment } from "./environment-contract.ts";
import type { LambdaFact } from "./facts.ts";
import type { FunctionCall, Outcome } from "./function-call.ts";
import type { KnownInvocations } from "./known-invocations.ts";
import { logStreamName } from "./rules/environment-variables.ts";
import { endedEarly } from "./rules/function-errors.ts";
import type { RequestContext } from "./rules/payload-context.ts";

/** What an invocation needs from outside. */
export type LambdaParts = {
  readonly start: StartEnvironment;
  readonly clock: Clock;
  /** Measures how busy this machine is, independent of the emulated time. */
  readonly machineClock: Clock;
  readonly ids: Ids;
  readonly journal: Recorder<LambdaFact | NetworkFact>;
  readonly invocations: KnownInvocations;
  /** Disables the functions' timeouts. */
  readonly untimed?: boolean;
};

/** An event that needs an environment. */
export type Wanted = {
  readonly call: FunctionCall;
  readonly about: RequestContext;
  readonly settle: (outcome: Outcome) => void;
  /** Its arrival, on the machine's clock. */
  readonly since: number;
};

/** Fails an event that no environment will run, as if its environment had been killed. */
export function kill({ settle }: Wanted, ids: Ids): void {
  const error = endedEarly(ids.uuid(), { kind: "signalled", signal: "SIGKILL" });
  settle({ kind: "failed", ...error });
}

/** The event as environments receive it, with new ids. */
export function messageOf(call: FunctionCall, ids: Ids): EnvironmentEvent {
  const { payload, qualifier, awsRequestId = ids.uuid() } = call;
  const trace = traceHeader(ids.traceId(), awsRequestId);
  return { awsRequestId, qualifier, trace, event: JSON.stringify(payload ?? null) };
}

/** A function for one environment: each has its own log stream. */
export function withLogStream(spec: FunctionSpec, clock: Clock, ids: Ids): FunctionSpec {
  const stream = logStreamName(clock.now(), ids.uuid());
  return {
    ...spec,
    environment: { ...spec.environment, AWS_LAMBDA_LOG_STREAM_NAME: stream },
  };
}
