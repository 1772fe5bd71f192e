import type { FactId, Recorder } from "../journal/journal.ts";
import type { NetworkFact } from "../network/facts.ts";
import type { Report } from "./environment.ts";
import type { LambdaFact } from "./facts.ts";
import type { FunctionCall, Outcome } from "./invoke.ts";
import type { KnownInvocations } from "./known-invocations.ts";
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
  invocations: KnownInvocations,
): InvocationFacts {
  let latest: Begun | undefined;
  let latestFact: FactId | undefined;
  /** The last that has ended: the one before `latest`, or the same. */
  let ended: Begun | undefined;
  let endedFact: FactId | undefined;

  return {
    started(event) {
      latest = event;
      const { call, about, awsRequestId, cold } = event;
      const { connectionId } = about;
      const started = journal.record(
        {
          type: "function.started",
          functionName,
          event: call.payload,
          connectionId,
          requestId: about.requestId,
          awsRequestId,
          cold,
        },
        call.because,
      );
      latestFact = started;
      invocations.started(functionName, awsRequestId, { started, connectionId });
    },
    ended(event, { outcome, durationMs, initMs, handlerMs, maxMemoryKb }) {
      ended = event;
      endedFact = latestFact;
      const { about, awsRequestId } = event;
      invocations.ended(functionName, awsRequestId);
      journal.record(
        {
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
        },
        endedFact,
      );
    },
    /** Output without an id belongs to the event that runs, or to the last one: between them it is frozen. */
    logged({ awsRequestId, stream, text }) {
      const isOfLatest = awsRequestId === undefined || awsRequestId === latest?.awsRequestId;
      const owner = isOfLatest ? latest : undefined;
      journal.record(
        {
          type: "function.logged",
          functionName,
          awsRequestId: awsRequestId ?? owner?.awsRequestId,
          requestId: owner?.about.requestId,
          connectionId: owner?.about.connectionId,
          stream,
          text,
        },
        owner && latestFact,
      );
    },
    stopped({ call }) {
      const connectionId = latest?.about.connectionId;
      journal.record({ type: "aws.stopped", ...call, connectionId }, latestFact);
    },
    unfinished({ awsRequestId, work }) {
      const isOfEnded = ended?.awsRequestId === awsRequestId;
      const owner = isOfEnded ? ended : latest;
      const about = owner?.awsRequestId === awsRequestId ? owner.about : undefined;
      journal.record(
        {
          type: "function.unfinished",
          functionName,
          awsRequestId,
          requestId: about?.requestId,
          connectionId: about?.connectionId,
          work,
          calls: work.flatMap(({ kind, details }) => (kind === "request" ? details : [])),
        },
        about && (isOfEnded ? endedFact : latestFact),
      );
    },
  };
}
