import type { Entry } from "../../src/app.ts";

/** Whether a fact is about a problem: `--json --quiet` prints only these. */
export function isProblem(entry: Entry): boolean {
  switch (entry.type) {
    case "warning":
    case "project.broken":
    case "function.queued":
    case "function.unfinished":
    case "event.requeued":
    case "event.dropped":
    case "aws.stopped":
    case "dynamodb.unsupported":
    case "permission.missing":
    case "fault.injected":
    case "fault.unused":
      return true;
    case "project.changed":
      return entry.needsRestart.length > 0;
    case "connection.refused":
      return entry.statusCode >= 500;
    case "route.selected":
      return entry.selection.kind === "none";
    case "message.answered":
      return entry.answer === "error";
    case "integration.answered":
      return entry.outcome.kind !== "answered" || entry.outcome.statusCode >= 400;
    case "function.ended":
      return entry.outcome.kind === "failed";
    case "function.logged":
      return entry.stream === "stderr";
    case "table.written":
      return false; // the function sees a rejection itself, and may expect it
    case "invoke.answered":
      return entry.statusCode >= 400;
    case "management.answered":
      return entry.statusCode >= 400 && entry.because !== "gone";
    case "access.logged":
    case "execution.logged":
    case "connection.requested":
    case "connection.opened":
    case "connection.closed":
    case "message.received":
    case "integration.called":
    case "function.started":
    case "frame.sent":
    case "code.reloaded":
    case "debugger.listening":
      return false;
    default:
      return entry satisfies never;
  }
}
