import type { ProcessEnd } from "../../../processes/process-group.ts";

/** A failed invocation, as Lambda reports it to the caller. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
  /** JSON of the whole error, if its runtime has its own format. */
  readonly payload?: string;
};

/**
 * The limit of a function's response: 6 MB plus the 100 bytes that Lambda's own message includes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const RESULT_BYTES = 6 * 1024 * 1024 + 100;

/**
 * The error of an invocation whose process ended before it answered, worded like Lambda's log lines. Exit
 * statuses and signals are in Go's words.
 */
export function endedEarly(awsRequestId: string, end: ProcessEnd): FunctionError {
  const prefix = `RequestId: ${awsRequestId} Error:`;
  switch (end.kind) {
    case "exited": {
      const how =
        end.code === 0
          ? "exited without providing a reason"
          : `exited with error: exit status ${end.code}`;
      return plain("Runtime.ExitError", `${prefix} Runtime ${how}`);
    }
    case "signalled": {
      const name = SIGNAL_NAMES[end.signal] ?? end.signal;
      return plain("Runtime.ExitError", `${prefix} Runtime exited with error: signal: ${name}`);
    }
    case "never-started":
      return plain("Runtime.InvalidEntrypoint", `${prefix} ${end.reason}`);
    default:
      return end satisfies never;
  }
}

/** The error of a response over Lambda's size limit; undefined if it is not too large. [observed] */
export function tooLarge(bytes: number): FunctionError | undefined {
  if (bytes <= RESULT_BYTES) return undefined;
  return plain(
    "Function.ResponseSizeTooLarge",
    `Response payload size exceeded maximum allowed payload size (${RESULT_BYTES} bytes).`,
  );
}

/**
 * The error that Lambda's Node runtime reports for a thrown or rejected value, or one passed to the callback.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `toRapidResponse`
 */
export function reportedError(thrown: unknown): FunctionError {
  try {
    if (looksLikeError(thrown)) {
      return {
        errorType: thrown.name,
        errorMessage: thrown.message,
        trace: (thrown.stack ?? "").split("\n"),
      };
    }
    return plain(typeof thrown, String(thrown));
  } catch {
    return plain(
      "handled",
      "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    );
  }
}

/**
 * The error of an unhandled rejection. Unlike Lambda's, its trace also contains the stack of the reason,
 * which names the line to fix.
 */
export function unhandledRejection(reason: unknown): FunctionError {
  return wrapped("Runtime.UnhandledPromiseRejection", reason);
}

/**
 * The error that Lambda's Node runtime reports when the user's module cannot be loaded.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `_loadUserApp`
 */
export function loadError(error: unknown): FunctionError {
  if (error instanceof SyntaxError) return wrapped("Runtime.UserCodeSyntaxError", error);
  const { code } = (error ?? {}) as { readonly code?: unknown };
  if (code === "MODULE_NOT_FOUND") return wrapped("Runtime.ImportModuleError", error);
  return reportedError(error);
}

/** Why the code of a function cannot run at all. */
export type Unrunnable =
  | { readonly kind: "bad-handler" }
  | { readonly kind: "no-module"; readonly module: string }
  /** Code that fails only in the build, such as TypeScript, is rejected as Lambda rejects JavaScript. */
  | { readonly kind: "syntax"; readonly text: string }
  | { readonly kind: "no-export"; readonly handler: string }
  /** The entry point does not exist, or a layer is missing. */
  | { readonly kind: "no-entrypoint" };

/**
 * The error that Lambda reports for code that cannot run, followed by the reasons, which Lambda does not
 * know.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client `UserFunction`
 */
export function notRunnable(why: Unrunnable, because: readonly string[]): FunctionError {
  const [errorType, errorMessage] = wordsFor(why, because);
  return { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, ...because] };
}

function wordsFor(why: Unrunnable, because: readonly string[]): readonly [string, string] {
  switch (why.kind) {
    case "bad-handler":
      return ["Runtime.MalformedHandlerName", "Bad handler"];
    case "no-module":
      return ["Runtime.ImportModuleError", `Error: Cannot find module '${why.module}'`];
    case "syntax":
      return ["Runtime.UserCodeSyntaxError", `SyntaxError: ${why.text}`];
    case "no-export":
      return ["Runtime.HandlerNotFound", `${why.handler} is undefined or not exported`];
    case "no-entrypoint":
      return ["Runtime.InvalidEntrypoint", because.join(" ")];
    default:
      return why satisfies never;
  }
}

/** Errors of Lambda itself, not of a runtime, which have no trace. [observed] */
const WITHOUT_TRACE: ReadonlySet<string> = new Set([
  "Function.ResponseSizeTooLarge",
  "Runtime.ExitError",
  "Runtime.InvalidEntrypoint",
  "Sandbox.Timedout",
]);

/** The error as callers receive it: JSON in the format of its runtime. */
export function errorPayload({ errorType, errorMessage, trace, payload }: FunctionError): string {
  if (payload !== undefined) return payload;
  return JSON.stringify(
    WITHOUT_TRACE.has(errorType) ? { errorType, errorMessage } : { errorType, errorMessage, trace },
  );
}

/** An error of the runtime that wraps an error of user code and keeps its stack. */
function wrapped(errorType: string, cause: unknown): FunctionError {
  const inner = reportedError(cause);
  const errorMessage = asText(cause);
  return { errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, ...inner.trace] };
}

/** An error without a stack. */
export function plain(errorType: string, errorMessage: string): FunctionError {
  return { errorType, errorMessage, trace: [] };
}

/** Signal names as in Go, in which Lambda reports them. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGILL: "illegal instruction",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

function looksLikeError(thrown: unknown): thrown is Error {
  if (thrown instanceof Error) return true;
  if (typeof thrown !== "object" || thrown === null) return false;
  const { name, message, stack } = thrown as Partial<Error>;
  return isText(name) && isText(message) && isText(stack);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}
