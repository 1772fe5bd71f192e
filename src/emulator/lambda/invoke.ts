import type { WebSocketEvent } from "../apigateway/rules/events.ts";

/** One invocation of a function. */
export type FunctionCall = {
  readonly functionName: string;
  readonly event: WebSocketEvent;
  readonly connectionId: string;
  /** The event's `requestContext.requestId`. */
  readonly requestId: string;
};

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

/** Invokes a function; never rejects for anything that the user's code does. */
export type Invoke = (call: FunctionCall) => Promise<Outcome>;
