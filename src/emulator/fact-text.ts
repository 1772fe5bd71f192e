import type { Entry } from "./facts.ts";

/** A short name for a connection. */
export type NameOf = (connectionId: string | undefined) => string;

type Started = Extract<Entry, { readonly type: "function.started" }>;

const MOST_CHARACTERS = 200;

/** One fact as a line for a person, without its time. */
export function factText(entry: Entry, nameOf: NameOf): string {
  const who = "connectionId" in entry ? nameOf(entry.connectionId) : "";
  switch (entry.type) {
    case "connection.requested":
      return `${who} (${entry.connectionId}) asks to connect from ${entry.sourceIp}: ${entry.url}`;
    case "connection.opened":
      return `${who} is open`;
    case "connection.refused":
      return `${who} is rejected with HTTP ${entry.statusCode} (${entry.because})`;
    case "message.received":
      return `${who} sends ${quoted(entry.text)}`;
    case "route.selected":
      return entry.selection.kind === "route"
        ? `goes to route ${entry.selection.routeKey} (${entry.selection.because})`
        : `goes to no route (${entry.selection.because})`;
    case "access.logged":
      return `the access log of ${entry.stage} gets ${quoted(entry.line)}`;
    case "execution.logged":
      return `the execution log of ${entry.stage} gets ${quoted(entry.line)}`;
    case "function.started":
      return `${entry.functionName} is invoked${routeText(entry.event, who)}${entry.cold ? ", cold" : ""}`;
    case "function.logged":
      return `${entry.functionName} prints ${quoted(entry.text)}`;
    case "function.ended":
      return `${entry.functionName} ${outcomeText(entry.outcome)}`;
    case "function.unfinished":
      return `${entry.functionName} did not wait for ${entry.calls.join(", ") || "work of its own"}. On AWS that work stops: add an await`;
    case "debugger.listening":
      return `a debugger can attach to ${entry.functionName} at port ${entry.port}`;
    case "function.queued":
      return `${entry.functionName} is busy: ${entry.waiting} wait for ${entry.environments} environments`;
    case "event.requeued":
      return `attempt ${entry.attempt} failed; ${entry.functionName} gets its event again in ${entry.delayMs / 1000} s`;
    case "event.dropped":
      return `the event of ${entry.functionName} is dropped after ${entry.attempts} attempts (${entry.because})`;
    case "invoke.answered":
      return `${entry.functionName ?? "a program"} calls Invoke of ${entry.target} (${entry.invocationType}): ${entry.statusCode}${entry.errorType === undefined ? "" : ` ${entry.errorType}`}`;
    case "message.answered":
      return `${who} is answered with ${entry.answer} (${entry.because})`;
    case "frame.sent":
      return `${who} is sent ${quoted(entry.text)} (${entry.cause})`;
    case "management.answered":
      return `${entry.functionName ?? "a program"} calls ${entry.method} @connections of ${who}: ${entry.statusCode} (${entry.because})`;
    case "table.written": {
      const rejected = entry.statusCode < 300 ? "" : `, rejected with ${entry.statusCode}`;
      return `${entry.functionName ?? "a program"} calls ${entry.operation} on ${entry.tableName}: ${shortened(JSON.stringify(entry.item))}${rejected}`;
    }
    case "dynamodb.unsupported": {
      const what = [entry.parameter, entry.operation].filter(Boolean).join(" of ");
      return `${entry.functionName ?? "a program"} calls ${what}, which the built-in DynamoDB does not support`;
    }
    case "permission.missing":
      return `the role of ${entry.functionName} does not allow ${entry.action} on ${entry.resource}${entry.refused ? "" : ", which is let through"}`;
    case "aws.stopped":
      return `a call of ${entry.functionName ?? "an unknown caller"} was stopped: ${entry.service} at ${entry.host}`;
    case "connection.closed":
      return `${who} is closed by the ${entry.by} with ${entry.code}${entry.reason === "" ? "" : ` ${quoted(entry.reason)}`} (${entry.because})`;
    case "fault.injected": {
      const whom = [entry.functionName, entry.connectionId && who].filter(Boolean).join(" of ");
      const seed = entry.seed === undefined ? "" : `, seed ${entry.seed}`;
      return `fault ${entry.fault} befalls ${whom || "the gateway"}${seed}`;
    }
    case "fault.unused":
      return `fault ${entry.fault} never took place`;
    case "warning":
      return `warning: ${entry.message}`;
    default:
      return plainText(entry);
  }
}

/** Payloads without a connection have no route. */
function routeText(event: Partial<Started["event"]> | null, who: string): string {
  const routeKey = event?.requestContext?.routeKey;
  return routeKey === undefined ? "" : ` for ${routeKey} of ${who}`;
}

function outcomeText(outcome: Extract<Entry, { type: "function.ended" }>["outcome"]): string {
  return outcome.kind === "returned"
    ? `returns ${shortened(outcome.payload)}`
    : `fails: ${outcome.errorType}: ${shortened(outcome.errorMessage)}`;
}

/** A fact without a sentence of its own: its name and values. */
function plainText(entry: Entry): string {
  const { type, seq: _, at: __, id: ___, causedBy: ____, ...values } = entry;
  return `${type} ${shortened(JSON.stringify(values))}`;
}

function quoted(text: string): string {
  return shortened(inQuotes(text));
}

/** A message in quotes on one line, with as few escapes as possible. */
export function inQuotes(text: string): string {
  return /["\n]/.test(text) && !text.includes("'") ? oneLine(text) : JSON.stringify(text);
}

/** A string with quotes in it is easier to read in other quotes. */
function oneLine(text: string): string {
  return `'${text.trimEnd().replaceAll("\n", "\\n")}'`;
}

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
