import type { ProcessEnd } from "../../processes/process-group.ts";
import type { EnvironmentEvent, FunctionSpec, Report } from "./environment.ts";
import { messageOf, withLogStream } from "./handing-over.ts";
import type { LambdaParts, Wanted } from "./invocation.ts";
import { type Begun, createInvocationFacts } from "./invocation-facts.ts";
import type { Outcome } from "./invoke.ts";
import { createStackMapper } from "./mapped-stacks.ts";
import { endedEarly, FUNCTION_LIMITS, timedOut, tooLarge } from "./rules/function-faults.ts";
import { averageWith, eventsAhead } from "./rules/prefetch.ts";

/** An environment in the pool, with the event that it runs. */
export type ExecutionEnvironment = {
  readonly spec: FunctionSpec;
  /** Runs one event, after which comes `onFree` if it can take another, `onGone` if it has to be stopped. */
  run(wanted: Wanted): void;
  isRunning(): boolean;
  /** Whether it would begin one more event so soon that it can be handed over now. */
  takesAhead(): boolean;
  /** Hands over an event that begins when those before it are answered. */
  handAhead(wanted: Wanted): void;
  hasAhead(): boolean;
  /** Takes back what was handed ahead and has not begun, oldest first. */
  takeBack(): readonly Wanted[];
  /** When it last began or ended an event, on the machine's clock. */
  heardAt(): number;
  stop(): Promise<void>;
};

/** An event that was handed to the environment; those that were handed ahead have a number. */
type Handed = {
  readonly wanted: Wanted;
  readonly message: EnvironmentEvent;
  number: number | undefined;
};

type Running = Handed &
  Begun & {
    readonly startedAt: number;
    cancelLimit: () => void;
  };

/** Starts an environment and ties what it reports to the events that it runs. */
export function createExecutionEnvironment(
  spec: FunctionSpec,
  parts: LambdaParts,
  hooks: {
    readonly onLoaded: () => void;
    /** It has answered, and may have begun what was handed ahead. */
    readonly onFree: () => void;
    /** `unbegun` was handed ahead. */
    readonly onGone: (unbegun: readonly Wanted[]) => void;
  },
): ExecutionEnvironment {
  const { clock, machineClock, ids } = parts;
  const facts = createInvocationFacts(spec.name, parts.journal, parts.invocations);
  const stacks = createStackMapper(spec.code);
  const timeoutMs = spec.timeout * 1000;
  let running: Running | undefined;
  /** Handed over and not begun, as far as is known here. */
  let ahead: Handed[] = [];
  let cold = true;
  let initMs: number | undefined;
  let loadedAt: number | undefined;
  let maxMemoryKb: number | undefined;
  /** Of the event whose answer is about to come, if it was handed ahead. */
  let tookMs: number | undefined;
  let heardAt = 0;
  let averageMs: number | undefined;
  /** Number of the last that was given when some were taken back: up to it one may be passed over yet. */
  let takenUpTo = 0;
  let given = 0;
  let gone = false;

  const environment = parts.start(withLogStream(spec, clock, ids), hear);

  return {
    spec,
    run(wanted) {
      const message = messageOf(wanted.call, ids);
      begin({ wanted, message, number: undefined });
      environment.run(message);
    },
    isRunning: () => running !== undefined,
    takesAhead: () =>
      environment.ahead !== undefined &&
      running !== undefined &&
      !gone &&
      // One that is passed over is handed over once more, behind all that was given by then.
      !(running.number !== undefined && running.number <= takenUpTo) &&
      ahead.length < eventsAhead(averageMs),
    handAhead(wanted) {
      const message = messageOf(wanted.call, ids);
      given = environment.ahead?.give(message) ?? given;
      ahead.push({ wanted, message, number: given });
    },
    hasAhead: () => ahead.length > 0,
    takeBack,
    heardAt: () => heardAt,
    stop: () => environment.stop(),
  };

  function begin({ wanted, message, number }: Handed): void {
    running = {
      wanted,
      message,
      number,
      call: wanted.call,
      about: wanted.about,
      awsRequestId: message.awsRequestId,
      cold,
      startedAt: clock.elapsed(),
      cancelLimit: () => {},
    };
    heardAt = machineClock.elapsed();
    facts.started(running);
    // Loading the code has a limit of its own, after which it counts against the function's.
    limit(cold ? FUNCTION_LIMITS.initMs + timeoutMs : timeoutMs);
    cold = false;
  }

  function takeBack(): readonly Wanted[] {
    if (ahead.length === 0 || environment.ahead === undefined) return [];
    const begun = environment.ahead.takeBack();
    takenUpTo = given;
    const isUnbegun = ({ number = 0 }: Handed) => number > begun;
    const unbegun = ahead.filter(isUnbegun);
    ahead = ahead.filter((handed) => !isUnbegun(handed));
    return unbegun.map(({ wanted }) => wanted);
  }

  function hear(report: Report): void {
    switch (report.kind) {
      case "logged":
        facts.logged({ ...report, text: stacks.text(report.text) });
        break;
      case "initialized":
        initMs = report.initMs;
        loadedAt = clock.elapsed();
        hooks.onLoaded();
        running?.cancelLimit();
        limit(timeoutMs);
        break;
      case "returned": {
        const error = tooLarge(report.bytes);
        if (error !== undefined) finish({ kind: "failed", ...error });
        else finish({ kind: "returned", payload: report.payload });
        free();
        break;
      }
      case "failed":
        finish({ kind: "failed", ...stacks.error(report.error) });
        if (report.leaving) leave();
        else free();
        break;
      case "stopped":
        facts.stopped(report);
        break;
      case "unfinished":
        facts.unfinished(report);
        break;
      case "skipped":
        handOverAgain(report.number);
        break;
      case "took":
        tookMs = report.ms;
        break;
      case "memory":
        maxMemoryKb = report.maxKb;
        break;
      case "ended":
        finishBroken(report.end);
        leave();
        break;
      default:
        report satisfies never;
    }
  }

  /** What was taken to have begun has not: nobody else has got it. Several of them come in their order. */
  function handOverAgain(number: number): void {
    if (running?.number === number) {
      running.number = undefined;
      environment.run(running.message);
      return;
    }
    const passed = ahead.find((handed) => handed.number === number);
    if (passed === undefined || environment.ahead === undefined) return; // it was taken back
    given = environment.ahead.give(passed.message);
    passed.number = given;
  }

  function limit(ms: number): void {
    if (running === undefined || parts.untimed === true) return;
    const { awsRequestId } = running;
    running.cancelLimit = clock.schedule(ms, () => {
      finish({ kind: "failed", ...timedOut(clock.now(), awsRequestId, spec.timeout) });
      leave();
    });
  }

  function finishBroken(end: ProcessEnd): void {
    if (running !== undefined) {
      finish({ kind: "failed", ...endedEarly(running.awsRequestId, end) });
    }
  }

  function finish(outcome: Outcome): void {
    if (running === undefined) return;
    const ended = running;
    const now = clock.elapsed();
    const heardBefore = heardAt;
    heardAt = machineClock.elapsed();
    if (!ended.cold) averageMs = averageWith(averageMs, heardAt - heardBefore);
    running = undefined;
    ended.cancelLimit();
    facts.ended(ended, {
      outcome,
      durationMs: tookMs ?? now - ended.startedAt,
      initMs: ended.cold ? initMs : undefined,
      handlerMs: tookMs ?? now - Math.max(ended.startedAt, loadedAt ?? 0),
      maxMemoryKb,
    });
    tookMs = undefined;
    ended.wanted.settle(outcome);
  }

  function free(): void {
    if (gone) return;
    const next = ahead.shift();
    if (next !== undefined) begin(next);
    hooks.onFree();
  }

  function leave(): void {
    if (gone) return;
    gone = true;
    const unbegun = takeBack();
    // Begun a moment ago, when the one before was answered, of which nothing has been heard yet.
    for (const lost of ahead.splice(0)) {
      begin(lost);
      finishBroken({ kind: "signalled", signal: "SIGKILL" });
    }
    hooks.onGone(unbegun);
  }
}
