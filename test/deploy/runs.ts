import { type Cloud, openCloud } from "../../src/deploy/aws/connect.ts";
import type { BeforeRetry } from "../../src/deploy/aws/retry-throttled.ts";
import type { DeployInput } from "../../src/deploy/runs/deploy-input.ts";
import type { DeployResult } from "../../src/deploy/runs/deploy-result.ts";
import type { DeployFact, Question } from "../../src/deploy/runs/facts.ts";
import {
  createSteps,
  type Run,
  runEnding,
  waitBeforeRetry,
} from "../../src/deploy/runs/run-context.ts";
import { deployStack } from "../../src/deploy/runs/run-deploy.ts";
import {
  type DestroyInput,
  type DestroyResult,
  destroyStack,
} from "../../src/deploy/runs/run-destroy.ts";
import type { Timing } from "../../src/deploy/runs/timing.ts";

/** A clock that moves on by what is waited for, and waits for nothing. */
export function quickTiming(onPause: (ms: number) => void = () => {}): Timing {
  let now = Date.UTC(2026, 10, 23);
  let last = 0.1;
  return {
    now: () => now,
    elapsed: () => now,
    random: () => {
      last = (last * 9301 + 0.49297) % 1;
      return last;
    },
    async pause(ms) {
      now += ms;
      onPause(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

export type TestRun = Run & {
  readonly facts: readonly DeployFact[];
  readonly questions: readonly Question[];
  of<T extends DeployFact["type"]>(type: T): readonly Extract<DeployFact, { type: T }>[];
  interrupt(): void;
};

/** A run on a server of the test's own, told of in `facts`. */
export async function testRun(
  url: string,
  options: {
    readonly stackName?: string;
    readonly answer?: boolean;
    readonly onFact?: (fact: DeployFact, run: TestRun) => void;
    readonly onPause?: (ms: number) => void;
    readonly cloud?: (cloud: Cloud, beforeRetry: BeforeRetry) => Cloud;
  } = {},
): Promise<TestRun> {
  const facts: DeployFact[] = [];
  const questions: Question[] = [];
  const abort = new AbortController();
  const about = {
    stackName: options.stackName ?? "chat",
    timing: quickTiming(options.onPause),
    report(fact: DeployFact) {
      facts.push(fact);
      options.onFact?.(fact, run);
    },
    signal: abort.signal,
  };
  const beforeRetry = waitBeforeRetry(about);
  const cloud = await openCloud({
    region: "us-east-1",
    endpointUrl: url,
    env: {},
    maxAttempts: 1,
    beforeRetry,
  });
  const run: TestRun = {
    ...about,
    cloud: options.cloud?.(cloud, beforeRetry) ?? cloud,
    async confirm(question) {
      questions.push(question);
      return options.answer ?? true;
    },
    facts,
    questions,
    of: (type) => facts.filter((fact) => fact.type === type) as never,
    interrupt: () => abort.abort(),
  };
  return run;
}

export function deployWith(run: Run, input: Partial<DeployInput>): Promise<DeployResult> {
  return runEnding(() =>
    deployStack(run, createSteps(run), {
      bucket: undefined,
      parameters: {},
      tags: {},
      codeOnly: false,
      express: false,
      namedRoles: [],
      ownRoles: 0,
      logsBy: undefined,
      prepare: async () => {
        throw new Error("nothing to deploy");
      },
      ...input,
    }),
  );
}

export function destroyWith(run: Run, input: Partial<DestroyInput> = {}): Promise<DestroyResult> {
  return runEnding(() =>
    destroyStack(run, createSteps(run), {
      bucket: undefined,
      retainTable: false,
      express: false,
      ...input,
    }),
  );
}
