import type { FactId } from "../journal/journal.ts";
import type { LambdaFact } from "./facts.ts";

/** One invocation of a function, whoever asks for it: a route, another function, a person. */
export type FunctionCall = {
  readonly functionName: string;
  /** The alias or version by which the caller names the function; the context's `invokedFunctionArn` ends with it. */
  readonly qualifier?: string | undefined;
  /** What the handler gets as its event: any JSON value. */
  readonly payload: unknown;
  /**
   * Lambda's words: `RequestResponse`, the default, waits for the result; `Event` only hands the payload over.
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
   */
  readonly invocationType?: InvocationType;
  /** Lambda's id of the invocation, the same for all attempts at one event. Default: a new one. */
  readonly awsRequestId?: string | undefined;
  /** The fact that caused the invocation; absent when a person asked for it. */
  readonly because?: FactId | undefined;
};

export type InvocationType = "RequestResponse" | "Event";

/** How an invocation ended, in Lambda's words. */
export type Outcome = Extract<LambdaFact, { readonly type: "function.ended" }>["outcome"];

/**
 * Invokes a function; never rejects for anything that the user's code does. An invocation of type `Event`
 * returns an empty payload at once; its function runs on, and again later if it fails.
 */
export type Invoke = (call: FunctionCall) => Promise<Outcome>;
