import type { FactId } from "../journal/journal.ts";
import type { LambdaFact } from "./facts.ts";

/** One invocation of a function, by a route, another function or a person. */
export type FunctionCall = {
  readonly functionName: string;
  /**
   * The alias or version in the caller's name of the function; the context's `invokedFunctionArn` ends with
   * it.
   */
  readonly qualifier?: string | undefined;
  /** The handler's event: any JSON value. */
  readonly payload: unknown;
  /**
   * As in Lambda: `RequestResponse`, the default, waits for the result; `Event` only queues the payload.
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
   */
  readonly invocationType?: InvocationType;
  /** Lambda's id of the invocation, the same for all attempts of an event. Default: a new one. */
  readonly awsRequestId?: string | undefined;
  /** The fact that caused the invocation; undefined if a person requested it. */
  readonly because?: FactId | undefined;
};

export type InvocationType = "RequestResponse" | "Event";

/** The end of an invocation, in Lambda's words. */
export type Outcome = Extract<LambdaFact, { readonly type: "function.ended" }>["outcome"];

/**
 * Invokes a function. Never rejects because of user code. For type `Event` it resolves at once with an empty
 * payload; the function continues, and is retried if it fails.
 */
export type Invoke = (call: FunctionCall) => Promise<Outcome>;
