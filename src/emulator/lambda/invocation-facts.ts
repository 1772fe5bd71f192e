import type { Recorder } from "../journal/journal.ts";
import type { NetworkFact } from "../network/facts.ts";
import type { Report } from "./environment-contract.ts";
import type { LambdaFact } from "./facts.ts";
import type { FunctionCall, Outcome } from "./function-call.ts";
import type { Invoked, KnownInvocations } from "./known-invocations.ts";
import type { RequestContext } from "./rules/payload-context.ts";

/** An event that an environment has started. */
export type Begun = {
  readonly call: FunctionCall;
  readonly about: RequestContext;
  readonly awsRequestId: string;
  readonly cold: boolean;
};

/** The end of an event, and its duration in ms. */
type Ended = {
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly initMs: number | undefined;
  readonly handlerMs: number;
  readonly maxMemoryKb: number | undefined;
};

/** Records the facts about the events of one environment. */
export class InvocationFacts {
  readonly #functionName: string;
  readonly #journal: Recorder<LambdaFact | NetworkFact>;
  readonly #invocations: KnownInvocations;
  /** The running event, or the last one. */
  #latest: (Invoked & { readonly awsRequestId: string }) | undefined;

  constructor(
    functionName: string,
    journal: Recorder<LambdaFact | NetworkFact>,
    invocations: KnownInvocations,
  ) {
    this.#functionName = functionName;
    this.#journal = journal;
    this.#invocations = invocations;
  }

  started({ call, about, awsRequestId, cold }: Begun): void {
    const functionName = this.#functionName;
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
    this.#latest = { awsRequestId, started, connectionId, requestId };
    this.#invocations.started(functionName, awsRequestId, this.#latest);
  }

  ended({ about, awsRequestId }: Begun, how: Ended): void {
    const functionName = this.#functionName;
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
      this.#invoked(awsRequestId)?.started,
    );
  }

  /**
   * Output without an id belongs to the running event or the last one: between events the environment is
   * frozen.
   */
  logged({ awsRequestId = this.#latest?.awsRequestId, stream, text }: ReportOf<"logged">): void {
    const invoked = this.#invoked(awsRequestId);
    this.#journal.record(
      {
        type: "function.logged",
        functionName: this.#functionName,
        awsRequestId,
        requestId: invoked?.requestId,
        connectionId: invoked?.connectionId,
        stream,
        text,
      },
      invoked?.started,
    );
  }

  stopped({ call }: ReportOf<"stopped">): void {
    const connectionId = this.#latest?.connectionId;
    this.#journal.record({ type: "aws.stopped", ...call, connectionId }, this.#latest?.started);
  }

  unfinished({ awsRequestId, work }: ReportOf<"unfinished">): void {
    const invoked = this.#invoked(awsRequestId);
    this.#journal.record(
      {
        type: "function.unfinished",
        functionName: this.#functionName,
        awsRequestId,
        requestId: invoked?.requestId,
        connectionId: invoked?.connectionId,
        work,
        calls: work.flatMap(({ kind, details }) => (kind === "request" ? details : [])),
      },
      invoked?.started,
    );
  }

  /** The next event may have started before the last output of the previous one arrives. */
  #invoked(awsRequestId: string | undefined): Invoked | undefined {
    if (awsRequestId === undefined) return undefined;
    if (awsRequestId === this.#latest?.awsRequestId) return this.#latest;
    return this.#invocations.byId(awsRequestId);
  }
}

type ReportOf<Kind extends Report["kind"]> = Extract<Report, { readonly kind: Kind }>;
