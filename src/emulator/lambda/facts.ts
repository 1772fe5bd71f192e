import * as v from "valibot";

const functionName = v.string();
const awsRequestId = v.pipe(
  v.string(),
  v.description("Lambda's id of the invocation, as the handler sees it in its context."),
);
const requestId = v.pipe(
  v.undefinedable(v.string()),
  v.description("The event's `requestContext.requestId`, if it has one."),
);
const connectionId = v.pipe(
  v.undefinedable(v.string()),
  v.description("Undefined where the event is not about a connection."),
);
const texts = v.pipe(v.array(v.string()), v.readonly());

/** How an invocation ended, in Lambda's words. */
const outcome = v.variant("kind", [
  v.pipe(
    v.strictObject({
      kind: v.literal("returned"),
      payload: v.pipe(
        v.string(),
        v.description("JSON of the result; `null` when the handler returned nothing."),
      ),
    }),
    v.readonly(),
  ),
  v.pipe(
    v.strictObject({
      kind: v.literal("failed"),
      errorType: v.pipe(
        v.string(),
        v.description(
          "Such as `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`, `Runtime.ExitError`.",
        ),
      ),
      errorMessage: v.string(),
      trace: texts,
    }),
    v.readonly(),
  ),
]);

/** Work that an invocation left behind. */
const work = v.pipe(
  v.array(
    v.pipe(
      v.strictObject({
        kind: v.picklist(["request", "connection", "lookup", "timer", "file", "process", "thread"]),
        count: v.number(),
        details: v.pipe(
          texts,
          v.description(
            "What is known of it, such as `POST https://example.com/orders`; at times fewer than `count`.",
          ),
        ),
      }),
      v.readonly(),
    ),
  ),
  v.readonly(),
  v.description(
    "All pending work, requests included. In the in-process runtime only requests can be seen.",
  ),
);

/** What happens to functions and their invocations. @internal */
export const LAMBDA_FACT = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("function.started"),
      functionName,
      event: v.pipe(
        v.unknown(),
        v.description("The payload, as the handler gets it as its event."),
      ),
      connectionId,
      requestId,
      awsRequestId,
      cold: v.pipe(v.boolean(), v.description("The first event of its environment.")),
    }),
    v.readonly(),
    v.description(
      "An environment begins an event. Caused by the `connection.requested`, `route.selected` or `connection.closed` that invoked the function.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("function.logged"),
      functionName,
      awsRequestId: v.pipe(
        v.undefinedable(v.string()),
        v.description("Absent for output outside an invocation, such as while code is loaded."),
      ),
      requestId,
      connectionId,
      stream: v.picklist(["stdout", "stderr"]),
      text: v.string(),
    }),
    v.readonly(),
    v.description("A function printed something. Caused by `function.started`."),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("function.ended"),
      functionName,
      awsRequestId,
      requestId,
      connectionId,
      outcome,
      durationMs: v.number(),
      initMs: v.pipe(
        v.undefinedable(v.number()),
        v.description("How long the code took to load, for the first event of an environment."),
      ),
      handlerMs: v.pipe(
        v.number(),
        v.description(
          "From the moment when the code was loaded; the same as `durationMs` for all but the first event.",
        ),
      ),
      maxMemoryMb: v.pipe(
        v.undefinedable(v.number()),
        v.description("The most memory that the environment has taken so far, where it is known."),
      ),
    }),
    v.readonly(),
    v.description("An invocation ended. Caused by `function.started`."),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("function.unfinished"),
      functionName,
      awsRequestId,
      requestId,
      connectionId,
      work,
      calls: v.pipe(texts, v.description("Its requests, such as `POST https://example.com/path`.")),
    }),
    v.readonly(),
    v.description(
      "A handler answered before some of its work was done; on AWS that work stops. Caused by `function.started`.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("function.queued"),
      functionName,
      waiting: v.number(),
      environments: v.number(),
    }),
    v.readonly(),
    v.description(
      "Events wait because all environments of a function are busy. Caused by what invoked the newest of them.",
    ),
  ),
  v.pipe(
    v.strictObject({
      type: v.literal("debugger.listening"),
      functionName,
      port: v.number(),
      url: v.pipe(v.string(), v.description("Such as `ws://127.0.0.1:9229/UUID`.")),
    }),
    v.readonly(),
    v.description("A debugger may attach to a function's environment at a port of this machine."),
  ),
]);

export type LambdaFact = v.InferOutput<typeof LAMBDA_FACT>;
