import {
  endLine,
  initLine,
  type LocalProject,
  reportParts,
  startLine,
  statusParts,
} from "../../src/app.ts";
import type { FactOf, Line, Pen } from "./line.ts";

/** A detail without its own time: the lines of a function stay together. */
type Detail = Pick<Line, "weight" | "connectionId" | "text">;

/** Describes the lines that Lambda itself writes to a function's log. */
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
      const init = line(connectionId, initLine(runtime));
      const start = line(connectionId, startLine(awsRequestId));
      return cold ? [init, start] : [start];
    },
    ended(fact: FactOf<"function.ended">): Line[] {
      const { connectionId, awsRequestId } = fact;
      return [
        line(connectionId, endLine(awsRequestId)),
        line(connectionId, report(fact, project().functions[fact.functionName]?.memory)),
      ];
    },
  };
}

/** The `REPORT` line, with spaces instead of Lambda's tabs. */
function report(fact: FactOf<"function.ended">, memory: number | undefined): string {
  return [...reportParts(fact, memory), ...statusParts(fact.outcome)].join("  ");
}
