import { waitsForEmptyLoop } from "./rules/callback-handlers.ts";
import type { FunctionError } from "./rules/function-errors.ts";
import { plain, reportedError } from "./rules/function-errors.ts";
import { type ContextValues, handlerContext } from "./rules/handler-context.ts";
import { isStreaming, ResponseStream } from "./streaming-handlers.ts";

type Answer =
  | { readonly kind: "returned"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: FunctionError };

/** One call of a handler, and the listener for its end. */
export type HandlerCall = ContextValues & {
  /** Called once at most, unless the code continues afterwards. */
  readonly answer: (answer: Answer) => void;
  /**
   * Calls `run` when nothing is left to wait for; undefined cancels that. `answered` means that the code has
   * called back, so that only its remaining work matters.
   */
  readonly whenLoopEmpties: (run: (() => void) | undefined, answered: boolean) => void;
};

type Handler = (event: unknown, context: unknown, callback: unknown) => unknown;

/**
 * Calls a handler as Lambda's Node runtime does. The first of these is the response: a promise's value, the
 * callback's second argument, or one of the context's old methods. Without any, it is `null` (or
 * `Runtime.NodeJsExit` for an async function) when the event loop is empty.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `Runtime`, `CallbackContext`
 */
export function callHandler(handler: Handler, event: unknown, call: HandlerCall): void {
  let finished = false;
  // A call that throws, for example because the result is not valid JSON, permits another call.
  const once =
    <Arguments extends unknown[]>(run: (...values: Arguments) => void) =>
    (...values: Arguments) => {
      if (finished) return;
      run(...values);
      finished = true;
    };

  const done = (error: unknown, result: unknown) => {
    call.whenLoopEmpties(undefined, true);
    if (isNothing(error)) call.answer({ kind: "returned", payload: toJson(result) });
    else call.answer({ kind: "failed", error: reportedError(error) });
  };
  const callback = once((error: unknown, result: unknown) => {
    if (!waitsForEmptyLoop(!isNothing(error), context)) return done(error, result);
    call.whenLoopEmpties(() => setImmediate(() => done(null, result)), true);
  });
  const succeed = once((result: unknown) => done(null, result));
  const fail = once((error: unknown) => done(isNothing(error) ? "handled" : error, null));

  const context = handlerContext(call, succeed, fail, once(done));
  call.whenLoopEmpties(() => call.answer(unanswered(handler)), false);
  try {
    if (isStreaming(handler)) {
      const ended = once((payload: string) => call.answer({ kind: "returned", payload }));
      const streamed = handler(event, new ResponseStream(ended, fail), context);
      if (!isThenable(streamed)) throw new Error(NOT_ASYNC);
      Promise.resolve(streamed).catch(fail);
      return;
    }
    const result = handler(event, context, callback);
    if (isThenable(result)) Promise.resolve(result).then(succeed, fail).catch(fail);
  } catch (error) {
    callback(error, null);
  }
}

function unanswered(handler: Handler): Answer {
  if (handler.constructor.name !== "AsyncFunction") return { kind: "returned", payload: "null" };
  return { kind: "failed", error: plain("Runtime.NodeJsExit", NODE_JS_EXIT) };
}

const NOT_ASYNC = "Streaming does not support non-async handlers.";
const NODE_JS_EXIT =
  "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#process_exit_codes";

function toJson(result: unknown): string {
  try {
    return JSON.stringify(result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

function isNothing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/**
 * Number of parameters of a handler for event, context and callback; excludes the stream of a streaming
 * handler.
 */
export function parametersOf(handler: Handler): number {
  return isStreaming(handler) ? handler.length - 1 : handler.length;
}

/** The function at an export path such as `api.handler`, or the error that Lambda reports. */
export function handlerAt(
  module: unknown,
  exportPath: string,
  handlerString: string,
): { readonly handler: Handler } | { readonly error: FunctionError } {
  let value = module;
  for (const key of exportPath.split(".")) value = value && (value as Record<string, unknown>)[key];
  if (typeof value === "function") return { handler: value as Handler };
  const what = value ? "is not a function" : "is undefined or not exported";
  const errorMessage = `${handlerString} ${what}`;
  return {
    error: {
      errorType: "Runtime.HandlerNotFound",
      errorMessage,
      trace: [`Runtime.HandlerNotFound: ${errorMessage}`],
    },
  };
}
