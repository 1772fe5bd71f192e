import type { Clock } from "../../clock.ts";
import type { Ids } from "../../ids.ts";
import type { EnvironmentEvent, FunctionSpec } from "./environment.ts";
import type { FunctionCall } from "./invoke.ts";
import { logStreamName, traceHeader } from "./rules/function-environment.ts";

/** An event as environments take it, with ids of its own. */
export function messageOf({ payload }: FunctionCall, ids: Ids): EnvironmentEvent {
  const awsRequestId = ids.uuid();
  const trace = traceHeader(ids.traceId(), awsRequestId);
  return { awsRequestId, trace, event: JSON.stringify(payload ?? null) };
}

/** A function as one environment runs it: each has a log stream of its own. */
export function withLogStream(spec: FunctionSpec, clock: Clock, ids: Ids): FunctionSpec {
  const stream = logStreamName(clock.now(), ids.uuid());
  return {
    ...spec,
    environment: { ...spec.environment, AWS_LAMBDA_LOG_STREAM_NAME: stream },
  };
}
