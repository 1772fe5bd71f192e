import type { Recorder } from "../journal/journal.ts";
import type { NetworkFact } from "../network/facts.ts";
import type { Report } from "./environment.ts";
import type { LambdaFact } from "./facts.ts";
import type { FunctionCall, Outcome } from "./invoke.ts";
import type { RequestContext } from "./rules/request-context.ts";

/** An event that an environment has begun. */
export type Begun = {
  readonly call: FunctionCall;
  readonly about: RequestContext;
  readonly awsRequestId: string;
  readonly cold: boolean;
};

/** How an event ended, and how long that took, in ms. */
type Ended = {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly initMs: number | undefined;
  readonly handlerMs: number;
  readonly maxMemoryKb: number | undefined;
};

/** Records what becomes of the events of one environment. */
export type InvocationFacts = {
  started(event: Begun): void;
  ended(event: Begun, how: Ended): void;
  logged(report: Extract<Report, { kind: "logged" }>): void;
  stopped(report: Extract<Report, { kind: "stopped" }>): void;
  unfinished(report: Extract<Report, { kind: "unfinished" }>): void;
};

export function createInvocationFacts(
  functionName: string,
  journal: Recorder<LambdaFact | NetworkFact>,
): InvocationFacts {
  let latest: Begun | undefined;
  /** The last that has ended: the one before `latest`, or the same. */
  let ended: Begun | undefined;

  return {
    started(event) {
      latest = event;
      const { call, about, awsRequestId, cold } = event;
      const { payload, because } = call;
      journal.record({
        type: "function.started",
        functionName,
        event: payload,
        connectionId: about.connectionId,
        requestId: about.requestId,
        awsRequestId,
        cold,
        ...(because !== undefined && { causedBy: because }),
      });
    },
    ended(event, { outcome, durationMs, initMs, handlerMs, maxMemoryKb }) {
      ended = event;
      const { about, awsRequestId } = event;
      journal.record({
        type: "function.ended",
        functionName,
        awsRequestId,
        requestId: about.requestId,
        connectionId: about.connectionId,
        outcome,
        durationMs,
        initMs,
        handlerMs,
        maxMemoryMb: maxMemoryKb === undefined ? undefined : Math.ceil(maxMemoryKb / 1024),
      });
    },
    /** Output without an id belongs to the event that runs, or to the last one: between them it is frozen. */
    logged({ awsRequestId, stream, text }) {
      const isOfLatest = awsRequestId === undefined || awsRequestId === latest?.awsRequestId;
      const owner = isOfLatest ? latest : undefined;
      journal.record({
        type: "function.logged",
        functionName,
        awsRequestId: awsRequestId ?? owner?.awsRequestId,
        requestId: owner?.about.requestId,
        connectionId: owner?.about.connectionId,
        stream,
        text,
      });
    },
    stopped({ call }) {
      journal.record({
        type: "aws.stopped",
        ...call,
        connectionId: latest?.about.connectionId,
      });
    },
    unfinished({ awsRequestId, work }) {
      const owner = [ended, latest].find((event) => event?.awsRequestId === awsRequestId)?.about;
      journal.record({
        type: "function.unfinished",
        functionName,
        awsRequestId,
        requestId: owner?.requestId,
        connectionId: owner?.connectionId,
        work,
        calls: work.flatMap(({ kind, details }) => (kind === "request" ? details : [])),
      });
    },
  };
}
