import type { LambdaFact } from "../../facts.ts";
import { endLine, reportParts, startLine } from "../../rules/report-line.ts";

const TAIL_BYTES = 4096;

/**
 * `LogResult`: the last 4 KB of an invocation's log, in base64, from its facts. `memory` is in MB. [observed]
 */
export function logTail(facts: readonly LambdaFact[], memory: number | undefined): string {
  const log = Buffer.from(facts.map((fact) => linesOf(fact, memory)).join(""));
  return log.subarray(-TAIL_BYTES).toString("base64");
}

function linesOf(fact: LambdaFact, memory: number | undefined): string {
  switch (fact.type) {
    case "function.started":
      return `${startLine(fact.awsRequestId)}\n`;
    case "function.logged":
      return fact.text.endsWith("\n") ? fact.text : `${fact.text}\n`;
    case "function.ended": {
      const report = reportParts(fact, memory).map((part) => `${part}\t`);
      return `${endLine(fact.awsRequestId)}\n${report.join("")}\n`;
    }
    default:
      return "";
  }
}
