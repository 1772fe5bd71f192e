import type { LocalProject } from "../../src/app.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** A detail with no time of its own: the lines of a function stand together. */
type Detail = Pick<Line, "weight" | "connectionId" | "text">;

/**
 * Tells what Lambda itself writes into a function's log, in its words. The duration is that of the
 * handler; what is billed counts the loading of the code too.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 * @see https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 */
export function createLambdaTeller({ paint }: Pen, project: () => LocalProject) {
  const line = (connectionId: string | undefined, text: string): Detail => {
    return { weight: "detail", connectionId, text: paint.dim(`  ${text}`) };
  };

  return {
    started({
      connectionId,
      functionName,
      awsRequestId,
      cold,
    }: FactOf<"function.started">): Line[] {
      const runtime = project().functions[functionName]?.runtime ?? "";
      const init = line(connectionId, `INIT_START Runtime Version: ${runtime}`);
      const start = line(connectionId, `START RequestId: ${awsRequestId} Version: $LATEST`);
      return cold ? [init, start] : [start];
    },
    ended(fact: FactOf<"function.ended">): Line[] {
      const { connectionId, awsRequestId } = fact;
      return [
        line(connectionId, `END RequestId: ${awsRequestId}`),
        line(connectionId, report(fact, project().functions[fact.functionName]?.memory)),
      ];
    },
  };
}

/** The `REPORT` line, with blanks where Lambda has tabs. */
function report(fact: FactOf<"function.ended">, memory: number | undefined): string {
  const { awsRequestId, handlerMs, initMs, maxMemoryMb, outcome } = fact;
  const parts = [
    `REPORT RequestId: ${awsRequestId}`,
    `Duration: ${handlerMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(handlerMs + (initMs ?? 0))} ms`,
  ];
  if (memory !== undefined) parts.push(`Memory Size: ${memory} MB`);
  if (maxMemoryMb !== undefined) parts.push(`Max Memory Used: ${maxMemoryMb} MB`);
  if (initMs !== undefined) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  return [...parts, ...statusOf(outcome)].join("  ");
}

/** What a handler throws is an answer like any other; only an environment that ends is told. */
function statusOf(outcome: FactOf<"function.ended">["outcome"]): readonly string[] {
  if (outcome.kind === "returned") return [];
  if (outcome.errorType === "Sandbox.Timedout") return ["Status: timeout"];
  const isOfRuntime = outcome.errorType.startsWith("Runtime.");
  return isOfRuntime ? ["Status: error", `Error Type: ${outcome.errorType}`] : [];
}
