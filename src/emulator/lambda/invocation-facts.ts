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
export class InvocationFacts {
  readonly #functionName: string;
  readonly #journal: Recorder<LambdaFact | NetworkFact>;
  readonly #invocations: KnownInvocations;
  #latest: Begun | undefined;
  #latestFact: FactId | undefined;
  /** The last that has ended: the one before the latest, or the same. */
  #ended: Begun | undefined;
  #endedFact: FactId | undefined;

  constructor(
    functionName: string,
    journal: Recorder<LambdaFact | NetworkFact>,
    invocations: KnownInvocations,
  ) {
    this.#functionName = functionName;
    this.#journal = journal;
    this.#invocations = invocations;
  }

  started(event: Begun): void {
    this.#latest = event;
    const functionName = this.#functionName;
    const { call, about, awsRequestId, cold } = event;
    const { connectionId, requestId } = about;
    const started = this.#journal.record(
      {
        type: "function.started",
        functionName,
        event: call.payload,
        connectionId,
        requestId,
        awsRequestId,
        cold,
      },
      call.because,
    );
    this.#latestFact = started;
    this.#invocations.started(functionName, awsRequestId, { started, connectionId });
  }

  ended(event: Begun, how: Ended): void {
    this.#ended = event;
    this.#endedFact = this.#latestFact;
    const functionName = this.#functionName;
    const { about, awsRequestId } = event;
    const { outcome, durationMs, initMs, handlerMs, maxMemoryKb } = how;
    this.#invocations.ended(functionName, awsRequestId);
    this.#journal.record(
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
      this.#endedFact,
    );
  }

  /** Output without an id belongs to the event that runs, or to the last one: between them it is frozen. */
  logged({ awsRequestId, stream, text }: ReportOf<"logged">): void {
    const isOfLatest = awsRequestId === undefined || awsRequestId === this.#latest?.awsRequestId;
    const owner = isOfLatest ? this.#latest : undefined;
    this.#journal.record(
      {
        type: "function.logged",
        functionName: this.#functionName,
        awsRequestId: awsRequestId ?? owner?.awsRequestId,
        requestId: owner?.about.requestId,
        connectionId: owner?.about.connectionId,
        stream,
        text,
      },
      owner && this.#latestFact,
    );
  }

  stopped({ call }: ReportOf<"stopped">): void {
    const connectionId = this.#latest?.about.connectionId;
    this.#journal.record({ type: "aws.stopped", ...call, connectionId }, this.#latestFact);
  }

  unfinished({ awsRequestId, work }: ReportOf<"unfinished">): void {
    const isOfEnded = this.#ended?.awsRequestId === awsRequestId;
    const owner = isOfEnded ? this.#ended : this.#latest;
    const about = owner?.awsRequestId === awsRequestId ? owner.about : undefined;
    this.#journal.record(
      {
        type: "function.unfinished",
        functionName: this.#functionName,
        awsRequestId,
        requestId: about?.requestId,
        connectionId: about?.connectionId,
        work,
        calls: work.flatMap(({ kind, details }) => (kind === "request" ? details : [])),
      },
      about && (isOfEnded ? this.#endedFact : this.#latestFact),
    );
  }
}

type ReportOf<Kind extends Report["kind"]> = Extract<Report, { readonly kind: Kind }>;
