import { whyNotStarted } from "../../../errors/in-words.ts";
import { createGuard, type Guard } from "../../../processes/guard.ts";
import type { ProcessEnd } from "../../../processes/process-group.ts";
import { type ProcessGroup, startProcessGroup } from "../../../processes/process-group.ts";
import type {
  EnvironmentEvent,
  FunctionSpec,
  LambdaRuntime,
  Report,
} from "../environment-contract.ts";
import { launch } from "../exec-wrapper.ts";
import { RESULT_BYTES } from "../rules/function-errors.ts";
import { deadlineOf } from "../rules/function-timeout.ts";
import { invokedArn } from "../rules/invoked-arn.ts";
import { adviceOnPythonPackage } from "../rules/missing-package.ts";
import {
  ACCEPTED,
  eventHeaders,
  INVALID_REQUEST_ID,
  invalidTransition,
  type RuntimeAnswer,
  type RuntimeCall,
  runtimeError,
  TOO_LARGE,
} from "../rules/runtime-api.ts";
import { withTemporaryDirectory } from "../temporary-directory.ts";
import { withWholeFiles } from "../whole-files.ts";
import { type CallBody, type RuntimeServer, startRuntimeServer, type Waiting } from "./server.ts";

/**
 * Runs each environment as a process of any language that uses the Lambda Runtime API. The process starts
 * with the first event. While its only work is waiting for the next event, it is frozen with all its child
 * processes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export function createRuntimeApi(): LambdaRuntime {
  const guard = createGuard();
  return {
    start: withWholeFiles(
      withTemporaryDirectory((spec, report) => {
        const environment = new ProgramEnvironment(spec, report, guard);
        return {
          run: (event) => environment.run(event),
          stop: () => environment.stop(),
          assume() {}, // loads nothing before the first event
        };
      }),
    ),
  };
}

/** Minimum time for a process that answers at the end of its timeout to request its next event. */
const LEAST_LATENESS_MS = 100;

/** The current event of the process, and its deadline. */
type Running = { readonly awsRequestId: string; readonly deadline: number };

class ProgramEnvironment {
  readonly #spec: FunctionSpec;
  readonly #report: (report: Report) => void;
  readonly #guard: Guard;
  #server: Promise<RuntimeServer> | undefined;
  /** The process with all its child processes; undefined before it starts and after it ends. */
  #group: ProcessGroup | undefined;
  #groupGone: Promise<void> = Promise.resolve();
  #startedAt = 0;
  #isInitialized = false;
  /** The event that the process is running. */
  #running: Running | undefined;
  /** The event that the process has not fetched yet. */
  #pending: EnvironmentEvent | undefined;
  /** The pending calls for the next event. */
  #idlers: Waiting[] = [];
  #lateness: NodeJS.Timeout | undefined;
  /** Ends of events, each reported after the output before it. */
  #reported: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(spec: FunctionSpec, report: (report: Report) => void, guard: Guard) {
    this.#spec = spec;
    this.#report = report;
    this.#guard = guard;
  }

  run(event: EnvironmentEvent): void {
    this.#pending = event;
    if (this.#server === undefined) this.#start().catch((error) => this.#cannotStart(error));
    else this.#deliver();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    this.#server ??= startRuntimeServer({
      next: (waiting) => this.#next(waiting),
      left: (waiting) => {
        this.#idlers = this.#idlers.filter((idler) => idler !== waiting);
      },
      report: (call, body) => this.#take(call, body),
    });
    const { address } = await this.#server;
    if (this.#stopped !== undefined) return;
    this.#startedAt = performance.now();
    this.#isInitialized = false;
    let resolveGone = (): void => {};
    const program = {
      command: launch(this.#spec, this.#spec.program?.command ?? []),
      cwd: this.#spec.root,
      env: { ...this.#spec.environment, AWS_LAMBDA_RUNTIME_API: address },
    };
    this.#group = startProcessGroup(program, this.#guard, {
      printed: (stream, text) =>
        this.#report({ kind: "logged", awsRequestId: undefined, stream, text }),
      ended: (end) => {
        resolveGone();
        this.#gone(end).catch((error) => this.#cannotStart(error));
      },
    });
    this.#groupGone = new Promise((resolve) => {
      resolveGone = resolve;
    });
  }

  /** Too many open files, or not enough memory. */
  #cannotStart(error: unknown): void {
    this.#report({ kind: "ended", end: { kind: "never-started", reason: whyNotStarted(error) } });
  }

  /** The process requests its next event. */
  #next(waiting: Waiting): void {
    if (this.#running !== undefined) {
      waiting.give(invalidTransition("Running", "Ready"));
      return;
    }
    clearTimeout(this.#lateness);
    this.#idlers.push(waiting);
    if (this.#pending !== undefined) this.#deliver();
    else this.#group?.freeze();
  }

  #deliver(): void {
    const pending = this.#pending;
    const idler = pending === undefined ? undefined : this.#idlers.shift();
    if (pending === undefined || idler === undefined) return;
    if (!this.#isInitialized) {
      this.#isInitialized = true;
      this.#report({ kind: "initialized", initMs: performance.now() - this.#startedAt });
    }
    const { awsRequestId, qualifier, trace, event } = pending;
    const arn = invokedArn(this.#spec.arn, qualifier);
    const deadline = deadlineOf(this.#spec.timeout, Date.now());
    this.#pending = undefined;
    this.#running = { awsRequestId, deadline };
    this.#group?.thaw();
    const headers = eventHeaders({ awsRequestId, trace, deadline, arn });
    idler.give({ statusCode: 200, headers, body: event });
  }

  /** The process answers an event, or reports that its initialization failed. */
  #take(
    call: Exclude<RuntimeCall, { kind: "next" }>,
    { text, bytes, errorType }: CallBody,
  ): RuntimeAnswer {
    if (call.kind === "init-error") {
      if (this.#isInitialized) return invalidTransition("Running", "InitError");
      const error = runtimeError(text, errorType);
      this.#advise(adviceOnPythonPackage(error, this.#spec.program?.installing));
      this.#reportEnd({ kind: "failed", error, leaving: true });
      return ACCEPTED;
    }
    if (this.#running === undefined || this.#running.awsRequestId !== call.awsRequestId) {
      return INVALID_REQUEST_ID;
    }
    const left = Math.max(this.#running.deadline - Date.now(), LEAST_LATENESS_MS);
    this.#running = undefined;
    // Until it requests its next event it may continue to work, within its timeout.
    this.#lateness = setTimeout(() => this.#group?.kill(), left);
    if (call.kind === "error") {
      this.#reportEnd({ kind: "failed", error: runtimeError(text, errorType), leaving: false });
      return ACCEPTED;
    }
    this.#reportEnd({ kind: "returned", payload: text, bytes });
    return bytes > RESULT_BYTES ? TOO_LARGE : ACCEPTED;
  }

  #advise(advice: string | undefined): void {
    if (advice === undefined) return;
    this.#report({ kind: "logged", awsRequestId: undefined, stream: "stderr", text: advice });
  }

  /** Reports the end of an event after the output before it. */
  #reportEnd(ending: Report): void {
    const { flush } = this.#group ?? { flush: () => Promise.resolve() };
    this.#reported = this.#reported.then(flush).then(() => this.#report(ending));
  }

  async #gone(end: ProcessEnd): Promise<void> {
    clearTimeout(this.#lateness);
    this.#group = undefined;
    this.#idlers = [];
    await this.#reported;
    // It exited between two events; the event that has arrived since must not fail because of that.
    const goesOn = this.#pending !== undefined && this.#isInitialized;
    if (goesOn && this.#stopped === undefined) await this.#start();
    else this.#report({ kind: "ended", end });
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#lateness);
    const opened = await this.#server?.catch(() => undefined); // reported by #cannotStart
    this.#group?.kill();
    await this.#groupGone;
    await opened?.stop();
  }
}
