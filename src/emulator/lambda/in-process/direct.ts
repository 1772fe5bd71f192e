import type { Clock } from "../../../clock.ts";
import type { Environment, FunctionSpec, LambdaRuntime, Report } from "../environment.ts";
import { createKnownInvocations, type KnownInvocations } from "../known-invocations.ts";
import { invokedArn } from "../rules/invoked-arn.ts";
import { type CallFollower, createCallFollower } from "./follow-calls.ts";
import { callHandler, type HandlerCall } from "./handler-call.ts";

/** The context that a handler gets. */
type HandlerContext = {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MB; text, as on Lambda. */
  readonly memoryLimitInMB: string;
  /** Lambda's id of the invocation; not the event's `requestContext.requestId`. */
  readonly awsRequestId: string;
  callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
};

type HandlerMethods<Event> = {
  handler(
    event: Event,
    context: HandlerContext,
    callback: (error: unknown, result?: unknown) => void,
  ): unknown;
};

/** A Lambda handler given as a function. Written for one kind of event it is a handler too. */
export type Handler<Event = unknown> = HandlerMethods<Event>["handler"];

/**
 * Runs functions that were handed in, in the code's own module: every environment of a function
 * shares that code's module state, and its `process` and `console` are the host's.
 */
export function createDirect(
  handlers: Readonly<Record<string, Handler>>,
  clock: Clock,
  invocations: KnownInvocations = createKnownInvocations(),
): LambdaRuntime {
  const calls = createCallFollower(invocations);
  return {
    start: (spec, report) => startDirect(handlers[spec.name], spec, report, { clock, calls }),
  };
}

function startDirect(
  handler: Handler | undefined,
  spec: FunctionSpec,
  report: (report: Report) => void,
  { clock, calls }: { readonly clock: Clock; readonly calls: CallFollower },
): Environment {
  calls.begin();
  let stopped = false;
  let initialized = false;

  return {
    run({ awsRequestId, qualifier, event }) {
      if (handler === undefined) throw new Error(`No handler was given for ${spec.name}.`);
      if (!initialized) report({ kind: "initialized", initMs: 0 });
      initialized = true;
      const deadline = clock.now() + spec.timeout * 1000;
      const call: HandlerCall = {
        awsRequestId,
        arn: invokedArn(spec.arn, qualifier),
        environment: spec.environment,
        remainingMs: () => deadline - clock.now(),
        answer(answer) {
          if (stopped) return;
          if (answer.kind === "failed") report({ ...answer, leaving: false });
          else report({ ...answer, bytes: Buffer.byteLength(answer.payload) });
        },
        // Nobody sees the loop of the host empty: an answer counts at once, and its lack for ever.
        whenLoopEmpties: (run, answered) => {
          if (answered) run?.();
        },
      };
      const code = handler as Parameters<typeof callHandler>[0];
      calls.run(awsRequestId, () => callHandler(code, JSON.parse(event), call));
    },
    async stop() {
      if (!stopped) calls.end();
      stopped = true;
    },
  };
}
