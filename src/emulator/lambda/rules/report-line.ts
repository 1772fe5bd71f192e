import type { LambdaFact } from "../facts.ts";

type Ended = Extract<LambdaFact, { readonly type: "function.ended" }>;

/**
 * The lines that Lambda itself writes into a function's log, in its words: `INIT_START`, `START`, `END` and
 * `REPORT`. The terminal prints them all; `LogResult` has neither `INIT_START` nor a status.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export function initLine(runtime: string): string {
  return `INIT_START Runtime Version: ${runtime}`;
}

export function startLine(awsRequestId: string): string {
  return `START RequestId: ${awsRequestId} Version: $LATEST`;
}

export function endLine(awsRequestId: string): string {
  return `END RequestId: ${awsRequestId}`;
}

/**
 * The parts of the `REPORT` line, which Lambda separates by tabs. The duration is that of the handler; the
 * billed duration includes loading the code. `memory` is in MB.
 * @see https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export function reportParts(
  { awsRequestId, handlerMs, initMs, maxMemoryMb }: Ended,
  memory: number | undefined,
): readonly string[] {
  const parts = [
    `REPORT RequestId: ${awsRequestId}`,
    `Duration: ${handlerMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(handlerMs + (initMs ?? 0))} ms`,
  ];
  if (memory !== undefined) parts.push(`Memory Size: ${memory} MB`);
  if (maxMemoryMb !== undefined) parts.push(`Max Memory Used: ${maxMemoryMb} MB`);
  if (initMs !== undefined) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  return parts;
}

/**
 * The last parts of the `REPORT` line. An error thrown by a handler is a normal response; only the end of an
 * environment is reported.
 */
export function statusParts(outcome: Ended["outcome"]): readonly string[] {
  if (outcome.kind === "returned") return [];
  if (outcome.errorType === "Sandbox.Timedout") return ["Status: timeout"];
  const isOfRuntime = outcome.errorType.startsWith("Runtime.");
  return isOfRuntime ? ["Status: error", `Error Type: ${outcome.errorType}`] : [];
}
