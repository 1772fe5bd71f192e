import { whyNotStarted } from "../../../errors/in-words.ts";
import { createGuard, type Guard } from "../../../processes/guard.ts";
import type { ProcessEnd } from "../../../processes/process-group.ts";
import { type ProcessGroup, startProcessGroup } from "../../../processes/process-group.ts";
import type {
  Environment,
  EnvironmentEvent,
  FunctionSpec,
  LambdaRuntime,
  Report,
} from "../environment.ts";
import { FUNCTION_LIMITS } from "../rules/function-faults.ts";
import {
  ACCEPTED,
  adviceOn,
  eventHeaders,
  INVALID_REQUEST_ID,
  invalidTransition,
  type RuntimeAnswer,
  type RuntimeCall,
  runtimeError,
  TOO_LARGE,
} from "../rules/runtime-api.ts";
import { withTempFolder } from "../temp-folder.ts";
import { type CallBody, type RuntimeServer, startRuntimeServer, type Waiting } from "./server.ts";

/**
 * Runs each environment as a process of any language that fetches its events from the Lambda Runtime
 * API. The process is started with the first event. While it waits for its next one, and nothing else,
 * it is frozen with all that it has started.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export function createRuntimeApi(): LambdaRuntime {
  const guard = createGuard();
  return {
    start: withTempFolder((spec, report) => createEnvironment(spec, report, guard)),
    capabilities: {
      interruptsCode: true,
      freezes: process.platform !== "win32",
      seesEmptyLoop: false,
      catchesRejections: false,
      survivesCrashes: true,
      ownsProcess: true,
    },
  };
}

/** How long a process that has answered at the very end of its time may take to say that it is ready. */
const LEAST_LATENESS_MS = 100;

/** An event that the process has, and how long it may take over it. */
type Running = { readonly awsRequestId: string; readonly deadline: number };

function createEnvironment(
  spec: FunctionSpec,
  report: (report: Report) => void,
  guard: Guard,
): Environment {
  let server: Promise<RuntimeServer> | undefined;
  let group: ProcessGroup | undefined;
  let groupGone: Promise<void> = Promise.resolve();
  let startedAt = 0;
  let initialized = false;
  let running: Running | undefined;
  let pending: EnvironmentEvent | undefined;
  let idlers: Waiting[] = [];
  let lateness: NodeJS.Timeout | undefined;
  let told: Promise<void> = Promise.resolve();
  let stopped: Promise<void> | undefined;

  return {
    run(event) {
      pending = event;
      if (server === undefined) start().catch(cannotStart);
      else deliver();
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };

  async function start(): Promise<void> {
    server ??= startRuntimeServer({ next, left, report: take });
    const { address } = await server;
    if (stopped !== undefined) return;
    startedAt = performance.now();
    initialized = false;
    let resolveGone = (): void => {};
    group = startProcessGroup(
      {
        command: spec.program?.command ?? [],
        cwd: spec.root,
        env: { ...spec.environment, AWS_LAMBDA_RUNTIME_API: address },
      },
      guard,
      {
        printed: (stream, text) =>
          report({ kind: "logged", awsRequestId: undefined, stream, text }),
        ended(end) {
          resolveGone();
          gone(end).catch(cannotStart);
        },
      },
    );
    groupGone = new Promise((resolve) => {
      resolveGone = resolve;
    });
  }

  /** Too many open files, or no memory. */
  function cannotStart(error: unknown): void {
    report({ kind: "ended", end: { kind: "never-started", reason: whyNotStarted(error) } });
  }

  function next(waiting: Waiting): void {
    if (running !== undefined) {
      waiting.give(invalidTransition("Running", "Ready"));
      return;
    }
    clearTimeout(lateness);
    idlers.push(waiting);
    if (pending !== undefined) deliver();
    else group?.freeze();
  }

  function left(waiting: Waiting): void {
    idlers = idlers.filter((idler) => idler !== waiting);
  }

  function deliver(): void {
    const idler = pending === undefined ? undefined : idlers.shift();
    if (pending === undefined || idler === undefined) return;
    if (!initialized) {
      initialized = true;
      report({ kind: "initialized", initMs: performance.now() - startedAt });
    }
    const { awsRequestId, trace, event } = pending;
    const deadline = Date.now() + spec.timeout * 1000;
    pending = undefined;
    running = { awsRequestId, deadline };
    group?.thaw();
    const headers = eventHeaders({ awsRequestId, trace, deadline, arn: spec.arn });
    idler.give({ statusCode: 200, headers, body: event });
  }

  function take(
    call: Exclude<RuntimeCall, { kind: "next" }>,
    { text, bytes, errorType }: CallBody,
  ): RuntimeAnswer {
    if (call.kind === "init-error") {
      if (initialized) return invalidTransition("Running", "InitError");
      const error = runtimeError(text, errorType);
      advise(adviceOn(error));
      tell({ kind: "failed", error, leaving: true });
      return ACCEPTED;
    }
    if (running === undefined || running.awsRequestId !== call.awsRequestId) {
      return INVALID_REQUEST_ID;
    }
    const left = Math.max(running.deadline - Date.now(), LEAST_LATENESS_MS);
    running = undefined;
    // Until it asks for its next event it may go on with what it does, within its time.
    lateness = setTimeout(() => group?.kill(), left);
    if (call.kind === "error") {
      tell({ kind: "failed", error: runtimeError(text, errorType), leaving: false });
      return ACCEPTED;
    }
    tell({ kind: "returned", payload: text, bytes });
    return bytes > FUNCTION_LIMITS.resultBytes ? TOO_LARGE : ACCEPTED;
  }

  function advise(advice: string | undefined): void {
    if (advice === undefined) return;
    report({ kind: "logged", awsRequestId: undefined, stream: "stderr", text: advice });
  }

  /** Tells how an event ended, after what was printed before that. */
  function tell(ending: Report): void {
    const { flush } = group ?? { flush: () => Promise.resolve() };
    told = told.then(flush).then(() => report(ending));
  }

  async function gone(end: ProcessEnd): Promise<void> {
    clearTimeout(lateness);
    group = undefined;
    idlers = [];
    await told;
    // It left between two events; the one that has come meanwhile is not to pay for it.
    if (pending !== undefined && initialized && stopped === undefined) await start();
    else report({ kind: "ended", end });
  }

  async function stop(): Promise<void> {
    clearTimeout(lateness);
    const opened = await server?.catch(() => undefined); // told by cannotStart
    group?.kill();
    await groupGone;
    await opened?.stop();
  }
}
