import type { ProcessEnd } from "../../processes/process-group.ts";
import type { Environment, FunctionSpec, Report } from "./environment-contract.ts";
import type { Outcome } from "./function-call.ts";
import { type LambdaParts, messageOf, type Wanted, withLogStream } from "./invocation.ts";
import { type Begun, InvocationFacts } from "./invocation-facts.ts";
import type { StackMapper } from "./mapped-stacks.ts";
import { type Handed, PrefetchQueue } from "./prefetch.ts";
import { endedEarly, tooLarge } from "./rules/function-errors.ts";
import { limitMs, timedOut } from "./rules/function-timeout.ts";
import { type MemoryUse, outgrown } from "./rules/memory-limit.ts";

/** Calls from an environment to its pool. */
export type EnvironmentHooks = {
  readonly onLoaded: () => void;
  /** It has answered, and may have begun a prefetched event. */
  readonly onFree: () => void;
  /** It accepts no further event; `unbegun` were prefetched. */
  readonly onGone: (unbegun: readonly Wanted[]) => void;
};

type Running = Handed & Begun & { readonly startedAt: number; cancelLimit: () => void };

/** Idle: frozen between events, or not loaded yet. Gone: accepts no further event. */
type State =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly event: Running }
  | { readonly kind: "gone" };

const IDLE: State = { kind: "idle" };
const GONE: State = { kind: "gone" };

/** An environment in the pool: matches the environment's reports to its events. */
export class ExecutionEnvironment {
  readonly spec: FunctionSpec;
  readonly #parts: LambdaParts;
  readonly #hooks: EnvironmentHooks;
  readonly #facts: InvocationFacts;
  readonly #stacks: StackMapper;
  readonly #environment: Environment;
  readonly #prefetch: PrefetchQueue;
  #state: State = IDLE;
  /** No event has started yet. */
  #isCold = true;
  #loadedAt = 0;
  #initMs: number | undefined;
  #maxMemoryKb: number | undefined;
  /** Duration in ms of the event whose response follows, if its environment has reported it. */
  #tookMs: number | undefined;
  /** When it last started or ended an event, on the machine's clock. */
  #heardAt = 0;

  /** Starts the environment. */
  constructor(
    spec: FunctionSpec,
    stacks: StackMapper,
    parts: LambdaParts,
    hooks: EnvironmentHooks,
  ) {
    this.spec = spec;
    this.#stacks = stacks;
    this.#parts = parts;
    this.#hooks = hooks;
    this.#facts = new InvocationFacts(spec.name, parts.journal, parts.invocations);
    const started = withLogStream(spec, parts.clock, parts.ids);
    this.#environment = parts.start(started, (report) => this.#hear(report));
    this.#prefetch = new PrefetchQueue(this.#environment.prefetch);
  }

  /** Runs one event. Then calls `onFree` if it can take another, or `onGone` if it must be stopped. */
  run(wanted: Wanted): void {
    const message = messageOf(wanted.call, this.#parts.ids);
    this.#begin({ wanted, message, number: undefined });
    this.#environment.run(message);
  }

  isRunning(): boolean {
    return this.#state.kind === "running";
  }

  /** Whether it would start one more event soon enough to send it now. */
  canPrefetch(): boolean {
    return this.#state.kind === "running" && this.#prefetch.hasRoom(this.#state.event);
  }

  /** Sends an event that starts when those before it are answered. */
  prefetch(wanted: Wanted): void {
    this.#prefetch.add(wanted, messageOf(wanted.call, this.#parts.ids));
  }

  hasPrefetched(): boolean {
    return !this.#prefetch.isEmpty();
  }

  /** Takes back prefetched events that have not started, oldest first. */
  takeBack(): readonly Wanted[] {
    return this.#prefetch.takeBack();
  }

  /** When it last started or ended an event, on the machine's clock. */
  heardAt(): number {
    return this.#heardAt;
  }

  /** Ends it at once. Resolves when it is gone. */
  stop(): Promise<void> {
    return this.#environment.stop();
  }

  #begin({ wanted, message, number }: Handed): Running {
    const { clock, machineClock } = this.#parts;
    const event: Running = {
      wanted,
      message,
      number,
      call: wanted.call,
      about: wanted.about,
      awsRequestId: message.awsRequestId,
      cold: this.#isCold,
      startedAt: clock.elapsed(),
      cancelLimit: () => {},
    };
    this.#state = { kind: "running", event };
    this.#heardAt = machineClock.elapsed();
    this.#facts.started(event);
    this.#limit(event, this.#isCold ? "loading" : "loaded");
    this.#isCold = false;
    return event;
  }

  #limit(event: Running, code: "loading" | "loaded"): void {
    const { clock, untimed } = this.#parts;
    if (untimed === true) return;
    event.cancelLimit = clock.schedule(limitMs(this.spec.timeout, code), () => {
      const error = timedOut(event.awsRequestId, this.spec.timeout);
      this.#finish({ kind: "failed", ...error });
      this.#leave();
    });
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case "logged":
        this.#facts.logged({ ...report, text: this.#stacks.text(report.text) });
        break;
      case "initialized":
        this.#loaded(report.initMs);
        break;
      case "returned": {
        const error = tooLarge(report.bytes);
        if (error !== undefined) this.#finish({ kind: "failed", ...error });
        else this.#finish({ kind: "returned", payload: report.payload });
        this.#free();
        break;
      }
      case "failed":
        this.#finish({ kind: "failed", ...this.#stacks.error(report.error) });
        if (report.leaving) this.#leave();
        else this.#free();
        break;
      case "stopped":
        this.#facts.stopped(report);
        break;
      case "unfinished":
        this.#facts.unfinished(report);
        break;
      case "skipped":
        this.#resend(report.number);
        break;
      case "took":
        this.#tookMs = report.ms;
        break;
      case "memory":
        this.#measured(report);
        break;
      case "ended":
        this.#finishBroken(report.end);
        this.#leave();
        break;
      default:
        report satisfies never;
    }
  }

  #measured(memory: MemoryUse): void {
    this.#maxMemoryKb = memory.maxKb;
    if (this.#state.kind !== "running" || this.#parts.untimed === true) return;
    const why = outgrown(memory, this.spec.memory);
    if (why === undefined) return;
    const { awsRequestId } = this.#state.event;
    const error = endedEarly(awsRequestId, { kind: "signalled", signal: "SIGKILL" });
    this.#finish({ kind: "failed", ...error, trace: [why] });
    this.#leave();
  }

  #loaded(initMs: number): void {
    this.#initMs = initMs;
    this.#loadedAt = this.#parts.clock.elapsed();
    this.#hooks.onLoaded();
    if (this.#state.kind !== "running") return;
    const { event } = this.#state;
    event.cancelLimit();
    this.#limit(event, "loaded");
  }

  /** An event that was counted as started was skipped: no other environment has received it. */
  #resend(number: number): void {
    if (this.#state.kind === "running" && this.#state.event.number === number) {
      this.#environment.run(this.#state.event.message);
    } else {
      this.#prefetch.giveAgain(number);
    }
  }

  #finishBroken(end: ProcessEnd): void {
    if (this.#state.kind !== "running") return;
    const { awsRequestId } = this.#state.event;
    this.#finish({ kind: "failed", ...endedEarly(awsRequestId, end) });
  }

  #finish(outcome: Outcome): void {
    if (this.#state.kind !== "running") return;
    const { clock, machineClock } = this.#parts;
    const { event } = this.#state;
    const now = clock.elapsed();
    const begunAt = this.#heardAt;
    this.#heardAt = machineClock.elapsed();
    const reportedMs = this.#tookMs;
    this.#tookMs = undefined;
    if (!event.cold) this.#prefetch.measured(reportedMs ?? this.#heardAt - begunAt);
    this.#state = IDLE;
    event.cancelLimit();
    // Responses to prefetched events may arrive together; of all others the clock knows the start.
    const tookMs = event.number === undefined ? undefined : reportedMs;
    this.#facts.ended(event, {
      outcome,
      durationMs: tookMs ?? now - event.startedAt,
      initMs: event.cold ? this.#initMs : undefined,
      handlerMs: tookMs ?? now - Math.max(event.startedAt, this.#loadedAt),
      maxMemoryKb: this.#maxMemoryKb,
    });
    event.wanted.settle(outcome);
  }

  #free(): void {
    if (this.#state.kind === "gone") return;
    const next = this.#prefetch.next();
    if (next !== undefined) this.#begin(next);
    this.#hooks.onFree();
  }

  #leave(): void {
    if (this.#state.kind === "gone") return;
    const unbegun = this.#prefetch.takeBack();
    for (const lost of this.#prefetch.takeBegun()) {
      this.#begin(lost);
      this.#finishBroken({ kind: "signalled", signal: "SIGKILL" });
    }
    this.#state = GONE;
    this.#hooks.onGone(unbegun);
  }
}
