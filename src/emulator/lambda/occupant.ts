import type { Journal } from "../../journal.ts";
import type { Clock, FunctionCall, Ids, Outcome } from "../ports.ts";
import { logStreamName, traceHeader } from "../rules/function-environment.ts";
import {
  endedEarly,
  FUNCTION_LIMITS,
  type FunctionError,
  type ProcessEnd,
  timedOut,
  tooLarge,
} from "../rules/function-faults.ts";
import type { FunctionSpec, Report, StartEnvironment } from "./environment.ts";

/** What an invocation needs of the world. */
export type LambdaParts = {
  readonly start: StartEnvironment;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly journal: Journal;
  /** Functions may take as long as they like. */
  readonly untimed?: boolean;
};

/** An environment in the pool, with the event that it runs. */
export type Occupant = {
  readonly spec: FunctionSpec;
  /** Runs one event, after which comes `onFree` if it can take another, `onGone` if it has to be stopped. */
  run(call: FunctionCall): Promise<Outcome>;
  /** Of the event that runs now. */
  connectionId(): string | undefined;
  stop(): Promise<void>;
};

type Running = {
  readonly call: FunctionCall;
  readonly awsRequestId: string;
  readonly startedAt: number;
  readonly cold: boolean;
  readonly settle: (outcome: Outcome) => void;
  cancelLimit: () => void;
};

/** Starts an environment and ties what it reports to the events that it runs. */
export function createOccupant(
  spec: FunctionSpec,
  parts: LambdaParts,
  hooks: {
    readonly onLoaded: () => void;
    readonly onFree: () => void;
    readonly onGone: () => void;
  },
): Occupant {
  const { clock, ids, journal } = parts;
  const timeoutMs = spec.timeout * 1000;
  let running: Running | undefined;
  let latest: Running | undefined;
  let cold = true;
  /** The one before the event that runs. */
  let ended: Running | undefined;
  let initMs: number | undefined;
  let loadedAt: number | undefined;
  let maxMemoryKb: number | undefined;
  let gone = false;

  const environment = parts.start(withLogStream(spec, parts), hear);

  return {
    spec,
    run(call) {
      const awsRequestId = ids.uuid();
      const { functionName, event, connectionId, requestId } = call;
      journal.record({
        type: "function.started",
        functionName,
        event,
        connectionId,
        requestId,
        awsRequestId,
        cold,
      });
      const outcome = new Promise<Outcome>((settle) => {
        const startedAt = clock.elapsed();
        running = { call, awsRequestId, startedAt, cold, settle, cancelLimit: () => {} };
        latest = running;
      });
      // Loading the code has a limit of its own, after which it counts against the function's.
      limit(cold ? FUNCTION_LIMITS.initMs + timeoutMs : timeoutMs);
      cold = false;
      const trace = traceHeader(ids.traceId(), awsRequestId);
      environment.run({ awsRequestId, trace, event: JSON.stringify(event) });
      return outcome;
    },
    connectionId: () => running?.call.connectionId,
    stop: () => environment.stop(),
  };

  function hear(report: Report): void {
    switch (report.kind) {
      case "logged":
        log(report);
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
        finish({ kind: "failed", ...report.error });
        if (report.leaving) leave();
        else free();
        break;
      case "stopped":
        journal.record({
          type: "aws.stopped",
          ...report.call,
          connectionId: latest?.call.connectionId,
        });
        break;
      case "unfinished":
        tellUnfinished(report);
        break;
      case "memory":
        maxMemoryKb = report.maxKb;
        break;
      case "ended":
        if (running !== undefined) finishBroken(report.end);
        leave();
        break;
      default:
        report satisfies never;
    }
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
    const error: FunctionError = endedEarly(running?.awsRequestId ?? "", end);
    finish({ kind: "failed", ...error });
  }

  function finish(outcome: Outcome): void {
    if (running === undefined) return;
    const { call, awsRequestId, startedAt, settle, cancelLimit } = running;
    const initOfThis = running.cold ? initMs : undefined;
    const now = clock.elapsed();
    ended = running;
    running = undefined;
    cancelLimit();
    journal.record({
      type: "function.ended",
      functionName: call.functionName,
      awsRequestId,
      requestId: call.requestId,
      connectionId: call.connectionId,
      outcome,
      durationMs: now - startedAt,
      initMs: initOfThis,
      handlerMs: now - Math.max(startedAt, loadedAt ?? 0),
      maxMemoryMb: maxMemoryKb === undefined ? undefined : Math.ceil(maxMemoryKb / 1024),
    });
    settle(outcome);
  }

  function tellUnfinished({ awsRequestId, work }: Extract<Report, { kind: "unfinished" }>): void {
    const owner = [ended, latest].find((event) => event?.awsRequestId === awsRequestId);
    journal.record({
      type: "function.unfinished",
      functionName: spec.name,
      awsRequestId,
      requestId: owner?.call.requestId,
      connectionId: owner?.call.connectionId,
      work,
      calls: work.flatMap(({ kind, details }) => (kind === "request" ? details : [])),
    });
  }

  function free(): void {
    if (!gone) hooks.onFree();
  }

  function leave(): void {
    if (gone) return;
    gone = true;
    hooks.onGone();
  }

  /** Output without an id belongs to the event that runs, or to the last one: between them it is frozen. */
  function log(report: Extract<Report, { kind: "logged" }>): void {
    const isOfLatest =
      report.awsRequestId === undefined || report.awsRequestId === latest?.awsRequestId;
    const owner = isOfLatest ? latest : undefined;
    journal.record({
      type: "function.logged",
      functionName: spec.name,
      awsRequestId: report.awsRequestId ?? owner?.awsRequestId,
      requestId: owner?.call.requestId,
      connectionId: owner?.call.connectionId,
      stream: report.stream,
      text: report.text,
    });
  }
}

function withLogStream(spec: FunctionSpec, { clock, ids }: LambdaParts): FunctionSpec {
  const stream = logStreamName(clock.now(), ids.uuid());
  return {
    ...spec,
    environment: { ...spec.environment, AWS_LAMBDA_LOG_STREAM_NAME: stream },
  };
}
