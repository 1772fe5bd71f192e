import { WsgwError } from "../../errors.ts";
import { isAwsError } from "../aws/aws-errors.ts";
import type { Cloud } from "../aws/connect.ts";
import type { BeforeRetry } from "../aws/retry-throttled.ts";
import { throttleDelay } from "../rules/backoff.ts";
import type { DeployFact, DeployStep, Question, StepTime } from "./facts.ts";
import type { Timing } from "./timing.ts";

/** What every part of a run uses. */
export type Run = {
  readonly stackName: string;
  readonly cloud: Cloud;
  readonly timing: Timing;
  readonly report: (fact: DeployFact) => void;
  /** Aborted when the user does not want to wait any more. */
  readonly signal: AbortSignal;
  readonly confirm: (question: Question) => Promise<boolean>;
};

/** Ends a run early on purpose; `runEnding()` makes it the run's result. */
export class EarlyEnd extends Error {
  override readonly name = "EarlyEnd";
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.kind);
    this.ending = ending;
  }
}

export type Ending =
  | { readonly kind: "declined"; readonly question: Question }
  | {
      readonly kind: "interrupted";
      readonly stackName: string;
      /** The operation that continues at AWS; undefined if nothing was started. */
      readonly running: "create" | "update" | "delete" | undefined;
      /** For a run without CloudFormation that had started to update code. */
      readonly code?: CodeReached;
    };

/** The progress of a code update: names of functions. */
export type CodeReached = {
  readonly updated: readonly string[];
  /** Lambda has accepted the call; its result is not known. */
  readonly sent: readonly string[];
  readonly unchanged: readonly string[];
};

/** Resolves with the result of `work`, or with its early end. */
export async function runEnding<T>(work: () => Promise<T>): Promise<T | Ending> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EarlyEnd) return error.ending;
    throw asMistake(error);
  }
}

/** An unexpected error of AWS, as an error that the user can fix. */
export function asMistake(error: unknown): unknown {
  if (!isAwsError(error)) return error;
  const { service, operation, code, message } = error;
  return new WsgwError("AWS_REFUSED", `${service} rejected ${operation}: ${message} (${code})`, {
    cause: error,
  });
}

/** Ends the run here if the user requested it. */
export function heedSignal({ signal, stackName }: Pick<Run, "signal" | "stackName">): void {
  if (signal.aborted) throw new EarlyEnd({ kind: "interrupted", stackName, running: undefined });
}

/** Asks, and ends the run unless the answer is yes. */
export async function mustConfirm(run: Run, question: Question): Promise<void> {
  if (!(await run.confirm(question))) throw new EarlyEnd({ kind: "declined", question });
}

/**
 * Waits while AWS throttles a call, longer each time, and reports it; ends the run if the user requests it.
 */
export function waitBeforeRetry(run: Omit<Run, "cloud" | "confirm">): BeforeRetry {
  const { timing, report, signal } = run;
  return async (operation, times) => {
    const delayMs = throttleDelay(times, timing.random());
    report({ type: "call.throttled", operation, delayMs });
    await timing.pause(delayMs, signal);
    heedSignal(run);
  };
}

type Started = Extract<DeployFact, { type: "run.started" }>;

/**
 * Runs a command in steps, and reports its start and end; `isDone` returns whether it did what was requested.
 */
export async function runInSteps<T>(
  run: Run,
  about: Omit<Started, "type" | "stackName" | "region" | "endpointUrl" | "at">,
  work: (steps: Steps) => Promise<T>,
  isDone: (result: T | Ending) => boolean,
): Promise<T | Ending> {
  const { cloud, stackName, timing } = run;
  const { region, endpointUrl } = cloud;
  run.report({ type: "run.started", ...about, stackName, region, endpointUrl, at: timing.now() });
  const steps = createSteps(run);
  let ok = false;
  try {
    const result = await runEnding(() => work(steps));
    ok = isDone(result);
    return result;
  } finally {
    steps.ended(ok);
  }
}

/** Times the parts of a run, and reports them. */
export function createSteps({ report, timing }: Pick<Run, "report" | "timing">) {
  const startedAt = timing.elapsed();
  const steps: StepTime[] = [];
  return {
    async step<T>(step: DeployStep, work: () => Promise<T>): Promise<T> {
      const start = timing.elapsed();
      report({ type: "step.started", step });
      let ok = false;
      try {
        const result = await work();
        ok = true;
        return result;
      } finally {
        const durationMs = timing.elapsed() - start;
        steps.push({ step, durationMs });
        report({ type: "step.ended", step, durationMs, ok });
      }
    },
    ended(ok: boolean): void {
      report({ type: "run.ended", ok, steps, durationMs: timing.elapsed() - startedAt });
    },
  };
}

export type Steps = ReturnType<typeof createSteps>;
