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
import type { Lead } from "./lead-connections.ts";
import { createLeftovers, type Leftovers } from "./leftovers.ts";
import { OF_THIS_PROCESS } from "./of-this-process.ts";
import { createOpenCalls, type OpenCalls } from "./open-calls.ts";
import { createOwnGlobals, isExit, type OwnGlobalsHooks } from "./own-globals.ts";
import { contextWith, createTrustingModules, type TrustingModules } from "./trusting-modules.ts";

type Handler = Parameters<typeof callHandler>[0];

/**
 * Runs each environment within this process: the function's bundle is evaluated anew, with a
 * `process`, `console` and `require` of its own. `ca` is the PEM of the gateway's certificate
 * authority; the functions' code trusts it, and nothing else in this process does.
 */
export function createInProcess(options: {
  readonly clock: Clock;
  readonly ca?: string;
  readonly calls?: OpenCalls;
  /** Told of the sockets by which calls of the functions' code come in. */
  readonly invocations?: KnownInvocations;
  /** Whether the project's own files follow `clock`; it takes code that was bundled for it. */
  readonly virtualTime?: boolean;
}): LambdaRuntime {
  const { ca, clock, calls = createOpenCalls(), invocations } = options;
  const virtual = options.virtualTime === true ? clock : undefined;
  let shared: SecureContext | undefined;
  const context = (pem: string) => {
    shared ??= contextWith(pem);
    return shared;
  };
  return {
    start(spec, report) {
      const leftovers = createLeftovers(calls, report);
      const trusting =
        ca === undefined
          ? undefined
          : createTrustingModules(
              () => context(ca),
              leadOf(spec, report, (socket) => follow(socket, invocations, leftovers.current)),
              leftovers.begun,
            );
      return startInProcess(spec, report, { clock, virtual, trusting, leftovers });
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

function leadOf(
  spec: FunctionSpec,
  report: (report: Report) => void,
  onSocket: (socket: Socket) => void,
): Lead | undefined {
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
    readonly trusting: TrustingModules | undefined;
    readonly leftovers: Leftovers;
  },
): Environment {
  const { clock, virtual, trusting, leftovers } = parts;
  let current: EnvironmentEvent | undefined;
  let handler: Handler | undefined;
  let gone = false;

  const hooks: OwnGlobalsHooks = {
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
  const own = createOwnGlobals(spec, hooks, virtual);

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
    leftovers.started(event.awsRequestId);
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
        leftovers.answered();
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
      const module = evaluate(spec, own, trusting);
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
