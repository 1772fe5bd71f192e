import { fieldOf } from "../../src/values/json.ts";
import { outputLines, printable } from "../terminal/control-characters.ts";
import { formatDuration } from "../terminal/duration.ts";
import { cut } from "../terminal/text.ts";
import type { FactOf, Line, Pen } from "./line.ts";
import { masked } from "./masked.ts";
import { workInWords } from "./pending-work.ts";
import { type ResultSummary, summarise } from "./result-summary.ts";

const REQUEST_ID_SHOWN = 8;
const RESULT_SHOWN = 300;
const FROZEN =
  "As on Lambda, it is frozen until this environment gets its next event, if any. Await it or cancel it.";

/** Lambda's own errors contain the request id. */
const OWN_REQUEST = /(?<=^[\w.]+: )RequestId: [\da-f-]{36} Error: /;

type EventType = FactOf<"function.started">["event"]["requestContext"]["eventType"];

/** Events of authorizers and of direct invocations have no type. */
function eventTypeOf(event: Partial<FactOf<"function.started">["event"]> | null) {
  return fieldOf(event, "methodArn") === undefined ? event?.requestContext?.eventType : undefined;
}

/** Describes what handlers do. `connectRan` receives the outcome of a successful $connect handler. */
export function createFunctionTeller(
  pen: Pen,
  connectRan: (connectionId: string, ran: string) => void,
) {
  const { paint, verbose } = pen;
  /** The event type, by invocation id, while the function runs. */
  const running = new Map<string, EventType | undefined>();
  /** Requests and handshakes whose function failed, until the gateway answers them. */
  const failed = new Set<string>();

  return {
    started(fact: FactOf<"function.started">): Line {
      const { connectionId, functionName, awsRequestId, event } = fact;
      running.set(awsRequestId, eventTypeOf(event));
      const text = paint.dim(`  event for ${functionName}, request ${awsRequestId}`);
      const json = verbose ? masked(JSON.stringify(event, undefined, 2)).split("\n") : [];
      const below = json.map((line) => paint.dim(`    ${printable(line)}`));
      return { weight: "detail", connectionId, text, below };
    },
    logged({
      functionName,
      awsRequestId,
      connectionId,
      stream,
      text,
    }: FactOf<"function.logged">): Line {
      const request =
        awsRequestId === undefined ? "" : ` ${awsRequestId.slice(0, REQUEST_ID_SHOWN)}`;
      const bar = stream === "stderr" ? paint.yellow("│") : paint.dim("│");
      const [first = "", ...rest] = outputLines(text, paint.level > 0);
      return {
        weight: stream === "stderr" ? "trouble" : "story",
        connectionId,
        text: `  ${bar} ${paint.dim(`${functionName}${request}`)}  ${first}`,
        below: rest.map((line) => `  ${bar} ${line}`),
        lead: `  ${bar} `,
      };
    },
    ended(fact: FactOf<"function.ended">): readonly Line[] {
      const { connectionId, requestId, awsRequestId, functionName } = fact;
      const { durationMs, initMs, outcome } = fact;
      const eventType = running.get(awsRequestId);
      running.delete(awsRequestId);
      const load = initMs === undefined ? "" : ` (cold start ${formatDuration(initMs)})`;
      const took = `${formatDuration(durationMs)}${load}`;
      const summary = summarise(outcome);
      if (summary.kind === "failed") {
        if (eventType === "MESSAGE" && requestId !== undefined) failed.add(requestId);
        if (eventType === "CONNECT" && connectionId !== undefined) failed.add(connectionId);
      }
      const lines: Line[] = [];
      if (summary.kind === "ok" && eventType === "CONNECT" && connectionId !== undefined) {
        connectRan(connectionId, `${functionName} ${took}`);
      } else {
        lines.push(result(pen, fact, summary, took, eventType));
      }
      if (outcome.kind === "returned") {
        const text = paint.dim(
          `  result of ${functionName}: ${printable(masked(outcome.payload))}`,
        );
        lines.push({ weight: "detail", connectionId, text });
      }
      return lines;
    },
    unfinished({ connectionId, functionName, work }: FactOf<"function.unfinished">): Line {
      const left = `${functionName} returned with work still pending: ${shortened(verbose, workInWords(work))}`;
      return {
        weight: "trouble",
        connectionId,
        text: `  ${paint.yellow("!")} ${left}`,
        below: [paint.dim(`    ${FROZEN}`)],
      };
    },
    /** Whether the function of a request or a handshake failed; called once, when the gateway answers it. */
    takeFailed: (id: string): boolean => failed.delete(id),
  };
}

/** Truncated less than a frame: an error may need several lines. */
function shortened(verbose: boolean, text: string): string {
  return cut(printable(text), verbose ? Number.POSITIVE_INFINITY : RESULT_SHOWN);
}

/** Node's stack lines have the same indentation; in Python's, code is indented more than its position. */
function withoutMargin(line: string): string {
  return /^\s+at /.test(line) ? line.trim() : line.trimEnd().replace(/^ {2}/, "");
}

/** The line about the result of an invocation. */
function result(
  { paint, verbose }: Pen,
  fact: FactOf<"function.ended">,
  summary: ResultSummary,
  took: string,
  eventType: EventType | undefined,
): Line {
  const { connectionId, functionName } = fact;
  const ran = `${functionName} ${paint.dim(took)}`;
  switch (summary.kind) {
    case "ok":
      return { weight: "story", connectionId, text: `  ${paint.green("✓")} ${ran}` };
    case "unhappy": {
      const body = summary.body === "" ? "" : `: ${shortened(verbose, summary.body)}`;
      const returned = `returned ${paint.yellow(summary.statusCode)}${body}`;
      // The client does not receive the status of a message, so only the log shows it.
      const weight = eventType === "MESSAGE" ? "trouble" : "story";
      const mark = summary.statusCode < 500 ? paint.green("✓") : paint.red("✗");
      return { weight, connectionId, text: `  ${mark} ${ran} ${returned}` };
    }
    case "no-status": {
      // Only API Gateway expects a status: other callers accept any result.
      if (eventType === undefined) {
        return { weight: "story", connectionId, text: `  ${paint.green("✓")} ${ran}` };
      }
      const text = `  ${paint.green("✓")} ${ran} returned ${paint.yellow(shortened(verbose, masked(summary.payload)))}`;
      return { weight: "story", connectionId, text };
    }
    case "failed": {
      const said = verbose ? summary.error : summary.error.replace(OWN_REQUEST, "");
      const [error = "", ...rest] = outputLines(said, false);
      const text = `  ${paint.red(`✗ ${functionName} failed`)} after ${took}: ${error}`;
      const trace = summary.trace.map((line) => `  ${printable(withoutMargin(line))}`);
      const below = [...rest, ...trace].map((line) => paint.dim(`    ${line}`));
      return { weight: "trouble", connectionId, text, below };
    }
    default:
      return summary satisfies never;
  }
}
