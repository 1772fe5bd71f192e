import { expect, test } from "vitest";
import { callHandler, handlerAt, parametersOf } from "../../../src/emulator/lambda/handler-call.ts";

type Handler = Parameters<typeof callHandler>[0];
type Context = Record<string, (...values: unknown[]) => void> & {
  callbackWaitsForEmptyEventLoop: boolean;
};
type Callback = (error: unknown, result?: unknown) => void;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Calls a handler; `empty()` is the moment in which nothing is left to wait for. */
function call(handler: (event: never, context: never, callback: never) => unknown) {
  const answers: unknown[] = [];
  const wishes: [isAsked: boolean, answered: boolean][] = [];
  let onEmpty: (() => void) | undefined;
  callHandler(handler as Handler, "the event", {
    awsRequestId: "id",
    arn: "arn:probe",
    environment: {
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_NAME: "probe",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/probe",
      AWS_LAMBDA_LOG_STREAM_NAME: "stream",
    },
    remainingMs: () => 1234,
    answer: (answer) => answers.push(answer),
    whenLoopEmpties(run, answered) {
      wishes.push([run !== undefined, answered]);
      onEmpty = run;
    },
  });
  const empty = async () => {
    onEmpty?.();
    await turn();
  };
  return { answers, wishes, empty };
}

const returned = (payload: string) => ({ kind: "returned", payload });
const failed = (errorMessage: string, errorType = "Error") =>
  expect.objectContaining({
    kind: "failed",
    error: expect.objectContaining({ errorType, errorMessage }),
  });

test("a handler is given its event, and a context of Lambda's", async () => {
  let seen: unknown[] = [];
  call((...values) => {
    seen = values;
  });

  const [event, context] = seen as [unknown, Context & { getRemainingTimeInMillis(): number }];
  expect(event).toBe("the event");
  expect(context).toStrictEqual({
    callbackWaitsForEmptyEventLoop: true,
    succeed: expect.any(Function),
    fail: expect.any(Function),
    done: expect.any(Function),
    functionVersion: "$LATEST",
    functionName: "probe",
    memoryLimitInMB: "128",
    logGroupName: "/aws/lambda/probe",
    logStreamName: "stream",
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: "arn:probe",
    awsRequestId: "id",
    getRemainingTimeInMillis: expect.any(Function),
  });
  expect(context.getRemainingTimeInMillis()).toBe(1234);
});

test.each<[string, (event: never, context: Context, callback: Callback) => unknown, unknown]>([
  ["resolves", async () => ({ a: 1 }), returned('{"a":1}')],
  ["resolves with nothing", async () => {}, returned("null")],
  ["rejects", async () => Promise.reject(new TypeError("no")), failed("no", "TypeError")],
  ["rejects with nothing", async () => Promise.reject(), failed("handled", "string")],
  [
    "throws",
    () => {
      throw new RangeError("far");
    },
    failed("far", "RangeError"),
  ],
  ["calls back with an error", (_, __, callback) => callback(new Error("bad")), failed("bad")],
  [
    "calls back, and does not wait for the rest of its work",
    (_, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      callback(null, "at once");
    },
    returned('"at once"'),
  ],
  ["succeeds by its context", (_, { succeed }) => succeed!("yes"), returned('"yes"')],
  ["fails by its context", (_, { fail }) => fail!(new Error("no")), failed("no")],
  ["fails by its context without a reason", (_, { fail }) => fail!(), failed("handled", "string")],
  ["is done by its context", (_, { done }) => done!(null, "yes"), returned('"yes"')],
  ["is done with an error", (_, { done }) => done!(new Error("no")), failed("no")],
  ["answers what is no JSON", async () => 1n, failed("Unable to stringify response body")],
])("a handler that %s is answered at once, and once", async (_, handler, answer) => {
  const { answers, empty } = call((event, context: Context, callback) => {
    const result = handler(event, context, callback);
    if (!(result instanceof Promise)) setImmediate(() => context.succeed!("again"));
    return result;
  });
  await turn();

  expect(answers).toEqual([answer]);
  await turn();
  await empty();

  expect(answers).toHaveLength(1);
});

test("a handler that calls back is answered when nothing is left of its work", async () => {
  const { answers, wishes, empty } = call((_, __, callback: Callback) => {
    callback(null, "result");
    callback(null, "again");
  });
  await turn();
  expect(answers).toEqual([]);
  expect(wishes).toEqual([
    [true, false],
    [true, true],
  ]);

  await empty();

  expect(answers).toEqual([returned('"result"')]);
  expect(wishes.at(-1)).toEqual([false, true]);
});

test.each<[string, () => unknown, unknown]>([
  ["is not asynchronous", () => "ignored", returned("null")],
  [
    "is asynchronous",
    async () => new Promise(() => {}),
    failed(
      "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#process_exit_codes",
      "Runtime.NodeJsExit",
    ),
  ],
])("a handler that never answers and %s ends with the event loop", async (_, handler, answer) => {
  const { answers, wishes, empty } = call(handler);
  await turn();
  expect(answers).toEqual([]);
  expect(wishes).toEqual([[true, false]]);

  await empty();

  expect(answers).toEqual([answer]);
});

test("a handler is found at its path, with what it is a method of", () => {
  const handler = () => {};
  const found = (module: unknown, path: string) => handlerAt(module, path, `app.${path}`);
  const error = (errorMessage: string) => ({
    error: {
      errorType: "Runtime.HandlerNotFound",
      errorMessage,
      trace: [`Runtime.HandlerNotFound: ${errorMessage}`],
    },
  });

  expect(found({ handler }, "handler")).toEqual({ handler });
  expect(found({ api: { handler } }, "api.handler")).toEqual({ handler });
  expect(found({ api: "x" }, "api")).toEqual(error("app.api is not a function"));
  for (const module of [{}, undefined, { api: undefined }, { api: { handler: 0 } }]) {
    expect(found(module, "api.handler")).toEqual(
      error("app.api.handler is undefined or not exported"),
    );
  }
});

test("of a handler's parameters those for the event and what goes with it count", () => {
  const streaming = Object.assign((_a: unknown, _b: unknown, _c: unknown) => {}, {
    [Symbol.for("aws.lambda.runtime.handler.streaming")]: "response",
  });

  expect(parametersOf((_a: unknown, _b: unknown, _c: unknown) => {})).toBe(3);
  expect(parametersOf(streaming)).toBe(2);
});

type Streamed = { write(chunk: string): void; end(chunk?: string): void; destroy(e: Error): void };

const streaming = (handler: (event: unknown, stream: Streamed, context: Context) => unknown) =>
  Object.assign(handler, { [Symbol.for("aws.lambda.runtime.handler.streaming")]: "response" });

test.each<[string, Parameters<typeof streaming>[0], unknown]>([
  [
    "what it wrote when its stream has ended",
    async (event, stream, { awsRequestId }) => {
      stream.write(`${event} of `);
      await turn();
      stream.end(`${awsRequestId}`);
    },
    returned("the event of id"),
  ],
  [
    "an error by which its stream ends",
    async (_, stream) => stream.destroy(new Error("cut")),
    failed("cut"),
  ],
  [
    "an error that it throws",
    async () => Promise.reject(new TypeError("no")),
    failed("no", "TypeError"),
  ],
  [
    "an error if it is not asynchronous",
    () => "x",
    failed("Streaming does not support non-async handlers."),
  ],
])("a streaming handler is answered with %s", async (_, handler, answer) => {
  const { answers } = call(streaming(handler) as never);
  await turn();
  await turn();

  expect(answers).toEqual([answer]);
});
