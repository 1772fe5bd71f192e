import { randomBytes, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { createBundler } from "../../src/bundle/bundler.ts";
import { findHandlers } from "../../src/bundle/locate-handlers.ts";
import { createProgramFinder, type ProgramFinder } from "../../src/bundle/programs.ts";
import { createPythons } from "../../src/bundle/python.ts";
import type { Clock } from "../../src/clock.ts";
import type { Entry, Fact } from "../../src/emulator/facts.ts";
import { createJournal, type Recorder } from "../../src/emulator/journal/journal.ts";
import type {
  FunctionCode,
  FunctionSpec,
  LambdaRuntime,
} from "../../src/emulator/lambda/environment-contract.ts";
import type { LambdaFact } from "../../src/emulator/lambda/facts.ts";
import type { FunctionCall } from "../../src/emulator/lambda/function-call.ts";
import type { LambdaSettings } from "../../src/emulator/lambda/lambda.ts";
import { createLambda } from "../../src/emulator/lambda/lambda.ts";
import {
  type FunctionSettings,
  functionArn,
  functionEnvironment,
} from "../../src/emulator/lambda/rules/environment-variables.ts";
import type { NetworkFact } from "../../src/emulator/network/facts.ts";
import type { Ids } from "../../src/ids.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";

/** Handlers are the same in each: file, function and what it does. */
export type Language = "javascript" | "python";

/** The function that a test runs. */
export type RunFunction = {
  readonly handler: string;
  readonly isInProcess: boolean;
  /** Default `javascript`. */
  readonly language: Language;
  readonly memory: number;
  readonly timeout: number;
  readonly environment: Record<string, string>;
  readonly settings: Partial<LambdaSettings>;
  /** Time passes as it does, instead of when the test says so. */
  readonly realTime: boolean;
  /** Folder of the project; default: the misbehaving handlers. */
  readonly root: string;
};

export const misbehaving = fileURLToPath(new URL("../../fixtures/misbehaving", import.meta.url));

export const misbehavingPython = fileURLToPath(
  new URL("../../fixtures/misbehaving-python", import.meta.url),
);

export { buildLambdaChild } from "../lambda-child.ts";

export const realClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  schedule(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is moved. */
export function manualClock(): Clock & { advance(ms: number): void } {
  let now = Date.parse("2026-03-01T00:00:00Z");
  const due = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    elapsed: () => now,
    schedule(delayMs, run) {
      const timer = { at: now + delayMs, run };
      due.add(timer);
      return () => due.delete(timer);
    },
    advance(ms) {
      now += ms;
      for (const timer of due) {
        if (timer.at > now) continue;
        due.delete(timer);
        timer.run();
      }
    },
  };
}

const ids = {
  uuid: randomUUID,
  traceId: () => `Root=1-${randomBytes(4).toString("hex")}-${randomBytes(12).toString("hex")}`,
} as unknown as Ids;

/** Loads one of the misbehaving handlers into a pool of its own, which stops with the test. */
export async function runFunction(
  runtime: LambdaRuntime,
  options: Partial<RunFunction> & { readonly handler: string; readonly spec?: FunctionSpec },
) {
  const spec = options.spec ?? (await specOf(options));
  const clock = manualClock();
  const journal = createJournal<Fact>(clock.now);
  showWhenFailed("The facts of its function:", () => factLines(journal.entries()));
  const lambda = createLambda({
    functions: [spec],
    start: runtime.start,
    clock: options.realTime === true ? realClock : clock,
    machineClock: realClock,
    ids,
    journal: journal as Recorder<LambdaFact | NetworkFact>,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
  onTestFinished(() => lambda.stop());
  const facts = <Type extends Entry["type"]>(type: Type) =>
    journal
      .entries()
      .filter((entry): entry is Extract<Entry, { type: Type }> => entry.type === type);

  return {
    lambda,
    spec,
    clock,
    journal,
    facts,
    root: spec.root,
    invoke: (body: string) => lambda.invoke(callWith(body)),
    logged: () => facts("function.logged").map(({ stream, text }) => [stream, text]),
    /** Resolves when the code of the running event has been loaded. */
    started: () => loaded(runtime),
  };
}

/** What an event that failed is answered with. */
export type Failed = { errorType: string; errorMessage: string; trace: string[] };

const loads = new WeakMap<LambdaRuntime, Promise<void>>();

/** Wraps a runtime so that a test can wait until an environment has loaded its code. */
export function observed(runtime: LambdaRuntime): LambdaRuntime {
  let resolve: () => void = () => {};
  const watching: LambdaRuntime = {
    ...runtime,
    start: (spec, report) =>
      runtime.start(spec, (what) => {
        report(what);
        if (what.kind === "initialized") resolve();
      }),
  };
  loads.set(
    watching,
    new Promise((done) => {
      resolve = done;
    }),
  );
  return watching;
}

async function loaded(runtime: LambdaRuntime): Promise<void> {
  await loads.get(runtime);
}

function callWith(body: string): FunctionCall {
  const requestContext = { connectionId: "connection", requestId: "request" };
  return { functionName: "probe", payload: { body, requestContext } };
}

/** The spec of one of the misbehaving handlers, built for where it will run. */
export async function specOf(
  options: Partial<RunFunction> & { readonly handler: string },
): Promise<FunctionSpec> {
  if (options.language === "python") return pythonSpecOf(options);
  const { handler } = options;
  return (await specsOf([handler], options)).get(handler)!;
}

/** The specs of several handlers of a project by their handlers, built together. */
export async function specsOf(
  handlers: readonly string[],
  options: Partial<RunFunction>,
): Promise<ReadonlyMap<string, FunctionSpec>> {
  const { root = misbehaving } = options;
  const purpose = options.isInProcess === true ? "in-process" : "child-process";
  const found = findHandlers(
    root,
    handlers.map((handler) => ({ name: handler, handler })),
  );
  if (found.faults.length > 0) throw new Error(found.faults.join("\n"));
  const bundler = createBundler({ root, purpose });
  const bundle = await bundler.build(found.handlers);
  await bundler.stop();
  if (bundle.kind === "failed") throw new Error(JSON.stringify(bundle.failures));
  const { code } = bundle;
  return new Map(
    handlers.map((handler) => [
      handler,
      specWith(code.get(handler)!, { ...options, handler, root }),
    ]),
  );
}

/**
 * Whether tests that take Python are to be skipped. Where everything is to be proven they are not, and
 * fail without it.
 */
export async function lacksPython(): Promise<boolean> {
  if (process.env.CI === "true") return false;
  return (await createPythons().find("python3.11", [])) === undefined;
}

/** Of a handler in Python, as a program on the Lambda Runtime API. */
async function pythonSpecOf(
  options: Partial<RunFunction> & { readonly handler: string },
): Promise<FunctionSpec> {
  const { handler, root = misbehavingPython } = options;
  const ref = {
    name: "probe",
    handler,
    runtime: "python3.11",
    code: undefined,
    command: undefined,
  };
  const { programs, faults } = await finderFor(root).find([ref]);
  if (programs[0] === undefined) throw new Error(faults.join("\n"));
  return programSpec({ ...options, root }, programs[0].command);
}

/** One for all tests of a file: to ask an interpreter for its version takes long. */
const finders = new Map<string, ProgramFinder>();

function finderFor(root: string): ProgramFinder {
  const finder = finders.get(root) ?? createProgramFinder(root, []);
  finders.set(root, finder);
  return finder;
}

type SpecOptions = Partial<RunFunction> & { readonly handler: string; readonly root: string };

/** The spec of any program. */
export function programSpec(options: SpecOptions, command: readonly string[]): FunctionSpec {
  const code = {
    file: "",
    source: "",
    exportPath: "",
    format: "module",
    sourceMaps: false,
    runtimeSdk: undefined,
    sdkPackages: [],
  } as const;
  const program = { caBundle: "/ca-bundle.pem", proxy: "http://127.0.0.1:1" };
  return { ...specWith(code, options, { runtime: "python3.11", program }), program: { command } };
}

function specWith(
  code: FunctionCode & { readonly nodePath?: string | undefined },
  options: SpecOptions,
  more: Partial<FunctionSettings> = {},
): FunctionSpec {
  const { handler, memory = 128, timeout = 3, root } = options;
  return {
    name: "probe",
    handler,
    code,
    environment: functionEnvironment({
      name: "probe",
      handler,
      runtime: "nodejs20.x",
      memory,
      environment: options.environment ?? {},
      region: "us-east-1",
      credentials: { accessKeyId: "AKIAPROBE", secretAccessKey: "secret", sessionToken: "token" },
      root,
      path: process.env.PATH ?? "",
      caFile: undefined,
      dynamodbEndpoint: undefined,
      nodePath: code.nodePath,
      ...more,
    }),
    memory,
    timeout,
    arn: functionArn("us-east-1", "123456789012", "probe"),
    root,
  };
}
