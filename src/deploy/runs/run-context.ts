import { WsgwError } from "../../errors.ts";
import { isRefusal } from "../aws/aws-errors.ts";
import type { Cloud } from "../aws/connect.ts";
import type { BeforeRetry } from "../aws/service.ts";
import { throttleDelay } from "../rules/backoff.ts";
import type { DeployFact, DeployStep, Question, StepTime } from "./facts.ts";
import type { Timing } from "./timing.ts";

/** What every part of a run works with. */
export type Run = {
  readonly stackName: string;
  readonly cloud: Cloud;
  readonly timing: Timing;
  readonly report: (fact: DeployFact) => void;
  /** Aborted when the person does not want to watch any more. */
  readonly signal: AbortSignal;
  readonly confirm: (question: Question) => Promise<boolean>;
};

/** Ends a run early and on purpose; `runEnding()` makes it the run's result. */
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
      /** The operation that goes on at AWS without us; undefined where nothing was started. */
      readonly running: "create" | "update" | "delete" | undefined;
      /** Of a run past CloudFormation that had begun to change code. */
      readonly code?: CodeReached;
    };

/** How far new code has come: names of functions. */
export type CodeReached = {
  readonly updated: readonly string[];
  /** Lambda has taken the call; whether the code works out nobody has waited for. */
  readonly sent: readonly string[];
  readonly unchanged: readonly string[];
};

/** Settles with the result of `work`, or with the way in which it was ended early. */
export async function runEnding<T>(work: () => Promise<T>): Promise<T | Ending> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EarlyEnd) return error.ending;
    throw asMistake(error);
  }
}

/** A refusal that nobody expected, as something a person can mend. */
export function asMistake(error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const { service, operation, code, message } = error;
  return new WsgwError("AWS_REFUSED", `${service} refused ${operation}: ${message} (${code})`, {
    cause: error,
  });
}

/** Ends the run here if the person asked for it. */
export function heedSignal({ signal, stackName }: Pick<Run, "signal" | "stackName">): void {
  if (signal.aborted) throw new EarlyEnd({ kind: "interrupted", stackName, running: undefined });
}

/** Asks, and ends the run where the answer is no. */
export async function mustConfirm(run: Run, question: Question): Promise<void> {
  if (!(await run.confirm(question))) throw new EarlyEnd({ kind: "declined", question });
}

/** Waits while AWS throttles a call, ever longer, and tells of it; ends the run where the person wants that. */
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

/** Runs a command in steps, and tells of its begin and its end; `isDone` says whether it did what was asked. */
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

/** Times the parts of a run, and tells of them. */
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
