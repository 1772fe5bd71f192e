import type { Entry } from "../../src/app.ts";
import { fieldOf, parseJson } from "../../src/values/json.ts";

type Ended = Extract<Entry, { type: "function.ended" }>;

/** The result of an invocation, summarized for one line. */
export type ResultSummary =
  | { readonly kind: "ok"; readonly statusCode: number }
  /**
   * API Gateway does not treat the status of a message's handler as an error, and sends the client nothing.
   */
  | { readonly kind: "unhappy"; readonly statusCode: number; readonly body: string }
  | { readonly kind: "no-status"; readonly payload: string }
  | { readonly kind: "failed"; readonly error: string; readonly trace: readonly string[] };

/** Summarizes the outcome of an invocation. */
export function summarise(outcome: Ended["outcome"]): ResultSummary {
  if (outcome.kind === "failed") {
    const error = `${outcome.errorType}: ${outcome.errorMessage}`;
    return { kind: "failed", error, trace: withoutTitle(outcome.trace, error) };
  }
  const result = parseJson(outcome.payload)?.value;
  const status = fieldOf(result, "statusCode");
  const statusCode = Number(status);
  if (status === undefined || !Number.isInteger(statusCode)) {
    return { kind: "no-status", payload: outcome.payload };
  }
  if (statusCode < 400) return { kind: "ok", statusCode };
  const body = fieldOf(result, "body");
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  return { kind: "unhappy", statusCode, body: text };
}

/** A stack begins with the lines of the error itself, which are shown already. */
function withoutTitle(trace: readonly string[], error: string): readonly string[] {
  const lines = trace.flatMap((entry) => entry.split("\n"));
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  if (first > 0 && error.includes((lines[0] ?? "").replace(/^[\w.]*(Error|Exception): /, ""))) {
    return lines.slice(first);
  }
  return lines;
}
