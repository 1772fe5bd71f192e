import { isObject, parseJson } from "../../../values/json.ts";
import { type FunctionError, RESULT_BYTES } from "./function-errors.ts";

/** A call of a process to the Lambda Runtime API. */
export type RuntimeCall =
  | { readonly kind: "next" }
  | { readonly kind: "response"; readonly awsRequestId: string }
  | { readonly kind: "error"; readonly awsRequestId: string }
  | { readonly kind: "init-error" };

/** A response of the API. The body is JSON, or plain text for unknown endpoints. */
export type RuntimeAnswer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const PREFIX = "/2018-06-01/runtime/";

/**
 * Parses the request line of a call, or returns the response for an unknown endpoint.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export function readRuntimeCall(method: string, url: string): RuntimeCall | RuntimeAnswer {
  const path = url.split("?")[0] ?? "";
  if (!path.startsWith(PREFIX)) return NOT_FOUND;
  const [first, second, third, ...more] = path.slice(PREFIX.length).split("/");
  const found = more.length === 0 ? endpoint(first, second, third) : undefined;
  if (found === undefined) return NOT_FOUND;
  const wanted = found.kind === "next" ? "GET" : "POST";
  return method === wanted ? found : { statusCode: 405, headers: { allow: wanted }, body: "" };
}

function endpoint(
  first: string | undefined,
  second: string | undefined,
  third: string | undefined,
): RuntimeCall | undefined {
  if (first === "init") {
    return second === "error" && third === undefined ? { kind: "init-error" } : undefined;
  }
  if (first !== "invocation" || !second) return undefined;
  if (third === undefined) return second === "next" ? { kind: "next" } : undefined;
  if (third === "response" || third === "error") return { kind: third, awsRequestId: second };
  return undefined;
}

const JSON_BODY = { "content-type": "application/json" };

const NOT_FOUND: RuntimeAnswer = {
  statusCode: 404,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "404 page not found\n",
};

/** The response to an accepted result or error. */
export const ACCEPTED: RuntimeAnswer = {
  statusCode: 202,
  headers: JSON_BODY,
  body: '{"status":"OK"}\n',
};

/**
 * The response to a result for another event than the running one.
 * @see https://github.com/aws/aws-lambda-runtime-interface-emulator `RenderInvalidRequestID`
 */
export const INVALID_REQUEST_ID = rejection(400, "InvalidRequestID", "Invalid request ID");

export const TOO_LARGE = rejection(
  413,
  "RequestEntityTooLarge",
  `Exceeded maximum allowed payload size (${RESULT_BYTES} bytes).`,
);

/**
 * The response to a call that the process's state does not allow, such as requesting an event before
 * answering the last one.
 */
export function invalidTransition(from: string, to: string): RuntimeAnswer {
  const message = `State transition from ${from} to ${to} failed for runtime. Error: State transition is not allowed`;
  return rejection(403, "InvalidStateTransition", message);
}

function rejection(statusCode: number, errorType: string, errorMessage: string): RuntimeAnswer {
  const body = `${JSON.stringify({ errorMessage, errorType })}\n`;
  return { statusCode, headers: JSON_BODY, body };
}

/** The headers of an event; `deadline` is epoch ms. */
export function eventHeaders(event: {
  readonly awsRequestId: string;
  readonly trace: string;
  readonly arn: string;
  readonly deadline: number;
}): Readonly<Record<string, string>> {
  return {
    ...JSON_BODY,
    "Lambda-Runtime-Aws-Request-Id": event.awsRequestId,
    "Lambda-Runtime-Deadline-Ms": String(event.deadline),
    "Lambda-Runtime-Invoked-Function-Arn": event.arn,
    "Lambda-Runtime-Trace-Id": event.trace,
  };
}

/** An error reported by a function's runtime, as the function's caller receives it. */
export function runtimeError(body: string, typeHeader: string | undefined): FunctionError {
  const fields = parseJson(body)?.value;
  if (!isObject(fields)) {
    return { errorType: typeHeader ?? "Runtime.Unknown", errorMessage: body.trim(), trace: [] };
  }
  return {
    errorType: text(fields.errorType) ?? typeHeader ?? "Runtime.Unknown",
    errorMessage: text(fields.errorMessage) ?? "",
    trace: lines(fields.stackTrace ?? fields.trace ?? []),
    payload: body,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * A trace is an array of lines. Python's entries have two lines each, Go's are objects, others send one
 * string.
 */
function lines(trace: unknown): readonly string[] {
  const entries = Array.isArray(trace) ? trace : [trace];
  return entries
    .flatMap((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)).split("\n"))
    .filter((line) => line.trim() !== "");
}
