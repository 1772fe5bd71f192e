import { type LocalProject, reportParts } from "../../src/app.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** A detail with no time of its own: the lines of a function stand together. */
type Detail = Pick<Line, "weight" | "connectionId" | "text">;

/**
 * Tells what Lambda itself writes into a function's log, in its words.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
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
  return [...reportParts(fact, memory), ...statusOf(fact.outcome)].join("  ");
}

/** What a handler throws is an answer like any other; only an environment that ends is told. */
function statusOf(outcome: FactOf<"function.ended">["outcome"]): readonly string[] {
  if (outcome.kind === "returned") return [];
  if (outcome.errorType === "Sandbox.Timedout") return ["Status: timeout"];
  const isOfRuntime = outcome.errorType.startsWith("Runtime.");
  return isOfRuntime ? ["Status: error", `Error Type: ${outcome.errorType}`] : [];
}
