import { type LocalProject, reportParts } from "../../src/app.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** A detail without its own time: the lines of a function stay together. */
type Detail = Pick<Line, "weight" | "connectionId" | "text">;

/**
 * Describes the lines that Lambda itself writes to a function's log, in its words.
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

/** The `REPORT` line, with spaces instead of Lambda's tabs. */
function report(fact: FactOf<"function.ended">, memory: number | undefined): string {
  return [...reportParts(fact, memory), ...statusOf(fact.outcome)].join("  ");
}

/** An error thrown by a handler is a normal response; only the end of an environment is reported. */
function statusOf(outcome: FactOf<"function.ended">["outcome"]): readonly string[] {
  if (outcome.kind === "returned") return [];
  if (outcome.errorType === "Sandbox.Timedout") return ["Status: timeout"];
  const isOfRuntime = outcome.errorType.startsWith("Runtime.");
  return isOfRuntime ? ["Status: error", `Error Type: ${outcome.errorType}`] : [];
}
