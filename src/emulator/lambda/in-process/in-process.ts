import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Clock } from "../../../clock.ts";
import type {
  Environment,
  EnvironmentEvent,
  FunctionSpec,
  LambdaRuntime,
  Report,
} from "../environment.ts";
import type { KnownInvocations } from "../known-invocations.ts";
import { adviceOnCallback } from "../rules/callback-handlers.ts";
import { adviceOnMissing, loadError, reportedError } from "../rules/function-faults.ts";
import { evaluate } from "./evaluate.ts";
import { callHandler, handlerAt } from "./handler-call.ts";
import { OF_THIS_PROCESS } from "./of-this-process.ts";
import { contextWith, createPatchedModules, type PatchedModules } from "./patched-modules.ts";
import { createPendingCalls, type PendingCalls } from "./pending-calls.ts";
import { createPendingWorkWatch, type PendingWorkWatch } from "./pending-work.ts";
import type { Redirect } from "./redirected-sockets.ts";
import { createSandboxGlobals, isExit, type SandboxHooks } from "./sandbox-globals.ts";

type Handler = Parameters<typeof callHandler>[0];

/**
 * Runs each environment within this process: the function's bundle is evaluated anew, with a
 * `process`, `console` and `require` of its own. `ca` is the PEM of the gateway's certificate
 * authority; the functions' code trusts it, and nothing else in this process does.
 */
export function createInProcess(options: {
  readonly clock: Clock;
  readonly ca?: string;
  readonly calls?: PendingCalls;
  /** Told of the sockets by which calls of the functions' code come in. */
  readonly invocations?: KnownInvocations;
  /** Whether the project's own files follow `clock`; it takes code that was bundled for it. */
  readonly virtualTime?: boolean;
}): LambdaRuntime {
  const { ca, clock, calls = createPendingCalls(), invocations } = options;
  const virtual = options.virtualTime === true ? clock : undefined;
  let shared: SecureContext | undefined;
  const context = (pem: string) => {
    shared ??= contextWith(pem);
    return shared;
  };
  return {
    start(spec, report) {
      const pendingWork = createPendingWorkWatch(calls, report);
      const patched =
        ca === undefined
          ? undefined
          : createPatchedModules(
              () => context(ca),
              redirectOf(spec, report, (socket) =>
                follow(socket, invocations, pendingWork.current),
              ),
              pendingWork.begun,
            );
      return startInProcess(spec, report, { clock, virtual, patched, pendingWork });
    },
    capabilities: OF_THIS_PROCESS,
  };
}

/** A socket is known by the port that it gets; its environment runs one event at a time. */
function follow(
  socket: Socket,
  invocations: KnownInvocations | undefined,
  current: () => string | undefined,
): void {
  socket.prependOnceListener("connect", () => {
    const { localPort } = socket;
    if (localPort === undefined) return;
    invocations?.opened(localPort, current);
    socket.once("close", () => invocations?.closed(localPort));
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

function startInProcess(
  spec: FunctionSpec,
  report: (report: Report) => void,
  parts: {
    readonly clock: Clock;
    /** What the project's own files go by; without it the machine's time. */
    readonly virtual: Clock | undefined;
    readonly patched: PatchedModules | undefined;
    readonly pendingWork: PendingWorkWatch;
  },
): Environment {
  const { clock, virtual, patched, pendingWork } = parts;
  let current: EnvironmentEvent | undefined;
  let handler: Handler | undefined;
  let gone = false;

  const hooks: SandboxHooks = {
    write(stream, text) {
      if (!gone) report({ kind: "logged", awsRequestId: current?.awsRequestId, stream, text });
    },
    exit(end) {
      leave({ kind: "ended", end });
    },
    uncaught(error) {
      leave({ kind: "failed", error: reportedError(error), leaving: true });
    },
  };
  const own = createSandboxGlobals(spec, hooks, virtual);

  return {
    run(event) {
      current = event;
      own.process.env._X_AMZN_TRACE_ID = event.trace;
      // The caller has not returned yet: what comes back at once would overtake it.
      queueMicrotask(() => {
        if (!gone) begin(event);
      });
    },
    async stop() {
      leave({ kind: "ended", end: { kind: "signalled", signal: "SIGKILL" } });
    },
  };

  function begin(event: EnvironmentEvent): void {
    pendingWork.started(event.awsRequestId);
    handler ??= load();
    if (handler === undefined) return;
    const deadline = clock.now() + spec.timeout * 1000;
    callHandler(handler, JSON.parse(event.event), {
      awsRequestId: event.awsRequestId,
      arn: spec.arn,
      environment: own.process.env,
      remainingMs: () => deadline - clock.now(),
      answer(answer) {
        if (gone || current !== event) return;
        own.flush();
        pendingWork.answered();
        if (answer.kind === "returned") {
          report({ ...answer, bytes: Buffer.byteLength(answer.payload) });
        } else {
          report({ kind: "failed", error: answer.error, leaving: false });
        }
      },
      whenLoopEmpties(run, answered) {
        // Nobody can tell here: a callback's answer is given at once, and none at all by the time limit.
        if (answered && current === event) run?.();
      },
    });
  }

  function load(): Handler | undefined {
    const startedAt = performance.now();
    try {
      const module = evaluate(spec, own, patched);
      if (gone) return undefined;
      const found = handlerAt(module, spec.code.exportPath, spec.handler);
      if ("error" in found) {
        leave({ kind: "failed", error: found.error, leaving: true });
        return undefined;
      }
      const advice = adviceOnCallback(found.handler.length, spec.environment.AWS_EXECUTION_ENV);
      if (advice !== undefined) own.console.error(advice);
      report({ kind: "initialized", initMs: performance.now() - startedAt });
      return found.handler;
    } catch (error) {
      if (isExit(error)) return undefined;
      const failure = loadError(error);
      const advice = adviceOnMissing(failure);
      if (advice !== undefined) own.console.error(advice);
      leave({ kind: "failed", error: failure, leaving: true });
      return undefined;
    }
  }

  function leave(last: Report): void {
    if (gone) return;
    own.flush();
    gone = true;
    own.stop();
    report(last);
  }
}
