import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Clock } from "../../../clock.ts";
import { pemIn } from "../../network/certificates/ca-bundle.ts";
import type { Redirect } from "../../network/redirected-sockets.ts";
import type {
  Environment,
  EnvironmentEvent,
  FunctionSpec,
  LambdaRuntime,
  Report,
} from "../environment-contract.ts";
import { callHandler, handlerAt, parametersOf } from "../handler-call.ts";
import type { KnownInvocations } from "../known-invocations.ts";
import { adviceOnCallback } from "../rules/callback-handlers.ts";
import { loadError, reportedError } from "../rules/function-errors.ts";
import { deadlineOf } from "../rules/function-timeout.ts";
import { invokedArn } from "../rules/invoked-arn.ts";
import { adviceOnNodePackage } from "../rules/missing-package.ts";
import { evaluate } from "./evaluate.ts";
import { contextWith, createPatchedModules, type PatchedModules } from "./patched-modules.ts";
import { createPendingCalls, type PendingCalls } from "./pending-calls.ts";
import {
  createSandboxGlobals,
  isExit,
  type SandboxGlobals,
  type SandboxHooks,
} from "./sandbox-globals.ts";
import { createUnawaitedCallsWatch, type UnawaitedCallsWatch } from "./unawaited-calls.ts";

type Handler = Parameters<typeof callHandler>[0];

/**
 * Runs each environment within this process: evaluates the function's bundle again, with its own `process`,
 * `console` and `require`. `ca` is the PEM of the gateway's certificate authority. Only the functions' code
 * trusts it, nothing else in this process.
 */
export function createInProcess(options: {
  readonly clock: Clock;
  readonly ca?: string;
  readonly calls?: PendingCalls;
  /** Registers the sockets by which functions' code calls the gateway. */
  readonly invocations?: KnownInvocations;
  /** Whether the project's own files follow `clock`; requires code that was bundled for this. */
  readonly virtualTime?: boolean;
}): LambdaRuntime {
  const { ca, clock, calls = createPendingCalls(), invocations } = options;
  const virtual = options.virtualTime === true ? clock : undefined;
  const contexts = new Map<string, SecureContext>();
  const contextFor = (spec: FunctionSpec, pem: string): SecureContext => {
    const { NODE_EXTRA_CA_CERTS: extra = "" } = spec.environment;
    const context = contexts.get(extra) ?? sharedContext(`${pem}${extra && pemIn(extra)}\n`);
    contexts.set(extra, context);
    return context;
  };
  return {
    start(spec, report) {
      const pendingWork = createUnawaitedCallsWatch(calls, report);
      const patched =
        ca === undefined
          ? undefined
          : createPatchedModules(
              () => contextFor(spec, ca),
              redirectOf(spec, report, (socket) =>
                follow(socket, { calls, invocations, current: pendingWork.current }),
              ),
              pendingWork.begun,
            );
      return new InProcessEnvironment(spec, report, { clock, virtual, patched, pendingWork });
    },
  };
}

/**
 * Contexts by their trusted certificates. They are expensive to create, and all functions and gateways of a
 * project usually trust the same certificates.
 */
const shared = new Map<string, SecureContext>();
const MOST_SHARED = 20;

function sharedContext(pem: string): SecureContext {
  const found = shared.get(pem);
  if (found !== undefined) return found;
  if (shared.size >= MOST_SHARED) shared.clear();
  const context = contextWith(pem);
  shared.set(pem, context);
  return context;
}

/** A socket is identified by its port; its environment runs one event at a time. */
function follow(
  socket: Socket,
  parts: {
    readonly calls: PendingCalls;
    readonly invocations: KnownInvocations | undefined;
    readonly current: () => string | undefined;
  },
): void {
  const { calls, invocations, current } = parts;
  socket.prependOnceListener("connect", () => {
    const { localPort } = socket;
    if (localPort === undefined) return;
    calls.ports.add(localPort);
    invocations?.opened(localPort, current);
    socket.once("close", () => {
      calls.ports.delete(localPort);
      invocations?.closed(localPort);
    });
  });
}

function redirectOf(
  spec: FunctionSpec,
  report: (report: Report) => void,
  onSocket: (socket: Socket) => void,
): Redirect | undefined {
  if (spec.network === undefined) return undefined;
  return {
    network: spec.network,
    functionName: spec.name,
    onStopped: (call) => report({ kind: "stopped", call }),
    onSocket,
  };
}

type InProcessParts = {
  readonly clock: Clock;
  /** The clock of the project's own files; without it they use the machine's time. */
  readonly virtual: Clock | undefined;
  readonly patched: PatchedModules | undefined;
  readonly pendingWork: UnawaitedCallsWatch;
};

/** Runs one event at a time until its last report. */
class InProcessEnvironment implements Environment {
  readonly #spec: FunctionSpec;
  readonly #report: (report: Report) => void;
  readonly #parts: InProcessParts;
  readonly #globals: SandboxGlobals;
  /** The running event, or the last one. */
  #current: EnvironmentEvent | undefined;
  #handler: Handler | undefined;
  #isGone = false;

  constructor(spec: FunctionSpec, report: (report: Report) => void, parts: InProcessParts) {
    this.#spec = spec;
    this.#report = report;
    this.#parts = parts;
    const hooks: SandboxHooks = {
      write: (stream, text) => {
        const awsRequestId = this.#current?.awsRequestId;
        if (!this.#isGone) report({ kind: "logged", awsRequestId, stream, text });
      },
      exit: (end) => this.#leave({ kind: "ended", end }),
      uncaught: (error) =>
        this.#leave({ kind: "failed", error: reportedError(error), leaving: true }),
    };
    this.#globals = createSandboxGlobals(spec, hooks, parts.virtual);
  }

  run(event: EnvironmentEvent): void {
    this.#current = event;
    this.#globals.process.env._X_AMZN_TRACE_ID = event.trace;
    // The caller has not returned yet and must not see a synchronous response.
    queueMicrotask(() => {
      if (!this.#isGone) this.#begin(event);
    });
  }

  async stop(): Promise<void> {
    this.#leave({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
  }

  #begin(event: EnvironmentEvent): void {
    this.#parts.pendingWork.started(event.awsRequestId);
    if (this.#handler !== undefined) this.#call(this.#handler, event);
    else this.#load((handler) => this.#call(handler, event));
  }

  #call(handler: Handler, event: EnvironmentEvent): void {
    const { clock, pendingWork } = this.#parts;
    const deadline = deadlineOf(this.#spec.timeout, clock.now());
    callHandler(handler, JSON.parse(event.event), {
      awsRequestId: event.awsRequestId,
      arn: invokedArn(this.#spec.arn, event.qualifier),
      environment: this.#globals.process.env,
      remainingMs: () => deadline - clock.now(),
      answer: (answer) => {
        if (this.#isGone || this.#current !== event) return;
        this.#globals.flush();
        pendingWork.answered();
        if (answer.kind === "returned") {
          this.#report({ bytes: Buffer.byteLength(answer.payload), ...answer });
        } else {
          this.#report({ kind: "failed", error: answer.error, leaving: false });
        }
      },
      whenLoopEmpties: (run, answered) => {
        // This process cannot see the loop empty: a callback's response counts at once, and a missing one at
        // the timeout.
        if (answered && this.#current === event) run?.();
      },
    });
  }

  /** Code with top-level await is loaded later, all other code at once. */
  #load(then: (handler: Handler) => void): void {
    const startedAt = performance.now();
    const loaded = (module: unknown): void => {
      this.#handler = this.#safely(() => this.#handlerOf(module, startedAt));
      if (this.#handler !== undefined) then(this.#handler);
    };
    const module = this.#safely(() => evaluate(this.#spec, this.#globals, this.#parts.patched));
    if (module instanceof Promise && this.#spec.code.format === "module") {
      module.then(loaded, (error) => this.#failToLoad(error));
    } else loaded(module);
  }

  #safely<T>(load: () => T): T | undefined {
    try {
      return load();
    } catch (error) {
      this.#failToLoad(error);
      return undefined;
    }
  }

  #handlerOf(module: unknown, startedAt: number): Handler | undefined {
    if (this.#isGone) return undefined;
    const { code, handler, environment } = this.#spec;
    const found = handlerAt(module, code.exportPath, handler);
    if ("error" in found) {
      this.#leave({ kind: "failed", error: found.error, leaving: true });
      return undefined;
    }
    this.#advise(adviceOnCallback(parametersOf(found.handler), environment.AWS_EXECUTION_ENV));
    this.#report({ kind: "initialized", initMs: performance.now() - startedAt });
    return found.handler;
  }

  #failToLoad(error: unknown): void {
    if (isExit(error)) return;
    const failure = loadError(error);
    this.#advise(adviceOnNodePackage(failure));
    this.#leave({ kind: "failed", error: failure, leaving: true });
  }

  #advise(advice: string | undefined): void {
    if (advice !== undefined) this.#globals.console.error(advice);
  }

  #leave(last: Report): void {
    if (this.#isGone) return;
    this.#globals.flush();
    this.#isGone = true;
    this.#globals.stop();
    this.#report(last);
  }
}
