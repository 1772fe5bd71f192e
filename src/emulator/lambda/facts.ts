import * as v from "valibot";
import { described, fact } from "../journal/facts.ts";

const functionName = v.string();
const awsRequestId = described(
  v.string(),
  "Lambda's id of the invocation, as in the handler's context.",
);
const requestId = described(
  v.undefinedable(v.string()),
  "The event's `requestContext.requestId`, if it has one.",
);
const connectionId = described(
  v.undefinedable(v.string()),
  "Absent when the event does not belong to a connection.",
);
const texts = v.pipe(v.array(v.string()), v.readonly());

/** The end of an invocation, in Lambda's words. */
const outcome = v.variant("kind", [
  v.pipe(
    v.strictObject({
      kind: v.literal("returned"),
      payload: described(
        v.string(),
        "JSON of the result; `null` when the handler returned nothing.",
      ),
    }),
    v.readonly(),
  ),
  v.pipe(
    v.strictObject({
      kind: v.literal("failed"),
      errorType: described(
        v.string(),
        "Such as `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`, `Runtime.ExitError`.",
      ),
      errorMessage: v.string(),
      trace: texts,
      payload: v.exactOptional(
        described(
          v.string(),
          "The error as a runtime other than Node.js reported it, which is the payload that callers get.",
        ),
      ),
    }),
    v.readonly(),
  ),
]);

/** Pending work of an invocation. */
const work = v.pipe(
  v.array(
    v.pipe(
      v.strictObject({
        kind: v.picklist(["request", "connection", "lookup", "timer", "file", "process", "thread"]),
        count: v.number(),
        details: described(
          texts,
          "What is known of it, such as `POST https://example.com/orders`; at times fewer than `count`.",
        ),
      }),
      v.readonly(),
    ),
  ),
  v.readonly(),
  v.description("All pending work, requests included. The in-process runtime sees requests only."),
);

/** Facts about functions and their invocations. @internal */
export const LAMBDA_FACT = v.variant("type", [
  fact(
    "function.started",
    "An environment begins an event. Caused by the `connection.requested`, `route.selected` or `connection.closed` that invoked the function, or by the `function.started` of the invoking function.",
    {
      functionName,
      event: described(v.unknown(), "The payload that the handler gets as its event."),
      connectionId,
      requestId,
      awsRequestId,
      cold: described(v.boolean(), "The first event of its environment."),
    },
  ),
  fact("function.logged", "A function printed something. Caused by `function.started`.", {
    functionName,
    awsRequestId: described(
      v.undefinedable(v.string()),
      "Absent for output outside an invocation, such as while code is loaded.",
    ),
    requestId,
    connectionId,
    stream: v.picklist(["stdout", "stderr"]),
    text: v.string(),
  }),
  fact("function.ended", "An invocation ended. Caused by `function.started`.", {
    functionName,
    awsRequestId,
    requestId,
    connectionId,
    outcome,
    durationMs: v.number(),
    initMs: described(
      v.undefinedable(v.number()),
      "How long the code took to load, for the first event of an environment.",
    ),
    handlerMs: described(
      v.number(),
      "Duration without loading the code; the same as `durationMs` for all but the first event.",
    ),
    maxMemoryMb: described(
      v.undefinedable(v.number()),
      "Maximum memory of the environment so far, if known.",
    ),
  }),
  fact(
    "function.unfinished",
    "A handler answered before some of its work was done; on AWS that work stops. Caused by `function.started`.",
    {
      functionName,
      awsRequestId,
      requestId,
      connectionId,
      work,
      calls: described(texts, "Its requests, such as `POST https://example.com/path`."),
    },
  ),
  fact(
    "function.queued",
    "Events wait because all environments of a function are busy. Caused by the fact that invoked the newest of them.",
    { functionName, waiting: v.number(), environments: v.number() },
  ),
  fact(
    "event.requeued",
    "An invocation of type `Event` failed; Lambda retries its event. Caused by the `function.started` of the attempt.",
    {
      functionName,
      awsRequestId,
      attempt: described(v.number(), "Number of the attempt that failed, from 1."),
      delayMs: described(v.number(), "Time until the next attempt, on the gateway's clock."),
    },
  ),
  fact(
    "event.dropped",
    "An invocation of type `Event` failed; Lambda does not retry its event. Caused by the `function.started` of the last attempt.",
    {
      functionName,
      awsRequestId,
      attempts: described(v.number(), "Number of attempts, including a pending one."),
      because: described(
        v.picklist(["retries-exhausted", "stopped"]),
        "`stopped`: the gateway stops and does not retry.",
      ),
    },
  ),
  fact(
    "invoke.answered",
    "The gateway answered a call of Lambda's `Invoke`. Caused by the `function.started` that called.",
    {
      functionName: described(
        v.undefinedable(v.string()),
        "The calling function, if its key signed the call.",
      ),
      connectionId,
      target: described(v.string(), "The function, as in the call."),
      invocationType: described(
        v.string(),
        "`RequestResponse`, `Event` or `DryRun`, or another value from the call.",
      ),
      statusCode: v.number(),
      errorType: described(
        v.undefinedable(v.string()),
        "Why the gateway rejected the call, such as `ResourceNotFoundException`.",
      ),
    },
  ),
  fact(
    "debugger.listening",
    "A debugger can attach to a function's environment at a port of this machine.",
    {
      functionName,
      port: v.number(),
      url: described(v.string(), "Such as `ws://127.0.0.1:9229/UUID`."),
    },
  ),
]);

export type LambdaFact = v.InferOutput<typeof LAMBDA_FACT>;
