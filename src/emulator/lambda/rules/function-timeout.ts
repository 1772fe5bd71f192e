import { type FunctionError, plain } from "./function-errors.ts";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const LOADING_MS = 10_000;

/**
 * The time in ms after which an event is stopped. `timeout` is in seconds. Loading the code has its own limit,
 * after which it counts towards the function's timeout. The timeout begins again when the code is loaded. None
 * applies where a debugger may attach.
 */
export function limitMs(timeout: number, code: "loading" | "loaded"): number {
  return code === "loading" ? LOADING_MS + timeout * 1000 : timeout * 1000;
}

/** The end of the time that a handler sees, in epoch ms. It begins when the handler is called at `now`. */
export function deadlineOf(timeout: number, now: number): number {
  return now + limitMs(timeout, "loaded");
}

/** The error of a function that exceeded its timeout; `timeout` is in seconds. [observed] */
export function timedOut(awsRequestId: string, timeout: number): FunctionError {
  return plain(
    "Sandbox.Timedout",
    `RequestId: ${awsRequestId} Error: Task timed out after ${timeout.toFixed(2)} seconds`,
  );
}
