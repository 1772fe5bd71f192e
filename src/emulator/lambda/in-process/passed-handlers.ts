import type { Clock } from "../../../clock.ts";
import type { Environment, FunctionSpec, LambdaRuntime, Report } from "../environment-contract.ts";
import { callHandler, type HandlerCall } from "../handler-call.ts";
import { createKnownInvocations, type KnownInvocations } from "../known-invocations.ts";
import { deadlineOf } from "../rules/function-timeout.ts";
import { invokedArn } from "../rules/invoked-arn.ts";
import { type CallFollower, createCallFollower } from "./follow-calls.ts";

/** The context of a handler. */
type HandlerContext = {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** MB, as a string, as on Lambda. */
  readonly memoryLimitInMB: string;
  /** Lambda's id of the invocation; differs from the event's `requestContext.requestId`. */
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

/** A Lambda handler as a function. A handler of one kind of event is assignable too. */
export type Handler<Event = unknown> = HandlerMethods<Event>["handler"];

/**
 * Runs functions that a test passes in, within the code's own module. All environments of a function share
 * that module's state, and use the host's `process` and `console`.
 */
export function createPassedHandlers(
  handlers: Readonly<Record<string, Handler>>,
  clock: Clock,
  invocations: KnownInvocations = createKnownInvocations(),
): LambdaRuntime {
  const calls = createCallFollower(invocations);
  return {
    start: (spec, report) =>
      startPassedHandler(handlers[spec.name], spec, report, { clock, calls }),
  };
}

function startPassedHandler(
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
      if (handler === undefined)
        throw new Error(`The function ${spec.name} does not have a handler.`);
      if (!initialized) report({ kind: "initialized", initMs: 0 });
      initialized = true;
      const deadline = deadlineOf(spec.timeout, clock.now());
      const call: HandlerCall = {
        awsRequestId,
        arn: invokedArn(spec.arn, qualifier),
        environment: spec.environment,
        remainingMs: () => deadline - clock.now(),
        answer(answer) {
          if (stopped) return;
          if (answer.kind === "failed") report({ leaving: false, ...answer });
          else report({ bytes: Buffer.byteLength(answer.payload), ...answer });
        },
        // The host's event loop never empties: a response counts at once, and no response never does.
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
