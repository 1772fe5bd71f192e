import type { FunctionCall, Outcome } from "./function-call.ts";
import type { LambdaParts } from "./invocation.ts";
import { afterFailure } from "./rules/async-retries.ts";

/** Runs a function once. */
type Attempt = (call: FunctionCall, settle: (outcome: Outcome) => void) => void;

type Parts = Pick<LambdaParts, "clock" | "ids" | "journal" | "invocations">;

/** An event, and the number of attempts so far. */
type Queued = {
  readonly call: FunctionCall;
  readonly awsRequestId: string;
  readonly attempt: number;
};

/**
 * - `open`: events that fail are retried
 * - `closed`: they are dropped
 */
type State = "open" | "closed";

/** The events of asynchronous invocations; retries those whose function fails. */
export class AsyncInvocations {
  readonly #parts: Parts;
  readonly #attempt: Attempt;
  /** The events that wait for a retry, each with a function that cancels it. */
  readonly #delayed = new Map<Queued, () => void>();
  #state: State = "open";

  constructor(parts: Parts, attempt: Attempt) {
    this.#parts = parts;
    this.#attempt = attempt;
  }

  add(call: FunctionCall): void {
    const { awsRequestId = this.#parts.ids.uuid() } = call;
    this.#run({ call: { ...call, awsRequestId }, awsRequestId, attempt: 1 });
  }

  /** Drops events that wait for a retry, and later failures. */
  close(): void {
    this.#state = "closed";
    for (const [queued, cancel] of this.#delayed) {
      cancel();
      this.#drop(queued, "stopped");
    }
    this.#delayed.clear();
  }

  #run(queued: Queued): void {
    this.#attempt(queued.call, (outcome) => {
      if (outcome.kind === "failed") this.#failed(queued);
    });
  }

  #failed(queued: Queued): void {
    const { clock } = this.#parts;
    const { attempt } = queued;
    const next = afterFailure(attempt, this.#state === "closed");
    if (next.kind === "drop") {
      this.#drop(queued, next.because);
      return;
    }
    const { delayMs } = next;
    this.#record({ type: "event.requeued", ...named(queued), attempt, delayMs }, queued);
    const cancel = clock.schedule(delayMs, () => {
      this.#delayed.delete(queued);
      this.#run({ ...queued, attempt: attempt + 1 });
    });
    this.#delayed.set(queued, cancel);
  }

  #drop(queued: Queued, because: "retries-exhausted" | "stopped"): void {
    const { attempt: attempts } = queued;
    this.#record({ type: "event.dropped", ...named(queued), attempts, because }, queued);
  }

  #record(fact: Parameters<LambdaParts["journal"]["record"]>[0], { awsRequestId }: Queued): void {
    const { journal, invocations } = this.#parts;
    journal.record(fact, invocations.byId(awsRequestId)?.started);
  }
}

function named({ call, awsRequestId }: Queued) {
  return { functionName: call.functionName, awsRequestId };
}
