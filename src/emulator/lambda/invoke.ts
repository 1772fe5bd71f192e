/** One invocation of a function, whoever asks for it: a route, another function, a person. */
export type FunctionCall = {
  readonly functionName: string;
  /** What the handler gets as its event: any JSON value. */
  readonly payload: unknown;
  /**
   * Lambda's words: `RequestResponse`, the default, waits for the result; `Event` only hands the payload over.
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
   */
  readonly invocationType?: InvocationType;
  /** Id of the fact that caused the invocation; absent when a person asked for it. */
  readonly because?: string | undefined;
};

export type InvocationType = "RequestResponse" | "Event";

/** How an invocation ended, in Lambda's words. */
export type Outcome =
  /** `payload` is the JSON text of the result; `null` when the handler returned nothing. */
  | { readonly kind: "returned"; readonly payload: string }
  | {
      readonly kind: "failed";
      /** `Error`, `Runtime.ImportModuleError`, `Sandbox.Timedout`, `Runtime.ExitError` … */
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace: readonly string[];
    };

/**
 * Invokes a function; never rejects for anything that the user's code does. An invocation of type `Event`
 * returns an empty payload at once, and its function runs on.
 */
export type Invoke = (call: FunctionCall) => Promise<Outcome>;
