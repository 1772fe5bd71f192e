import type { Entry } from "../../src/app.ts";

/** What one message caused, and whether the gateway has answered it. */
export type Trace = { readonly entries: readonly Entry[]; readonly isAnswered: boolean };

/**
 * What the newest message of a connection caused, in order: its route, the event, what the function
 * logged, its calls of AWS, the posts that they sent, and the answer. Undefined when the facts hold no
 * message of the connection. A call that carries no trace id belongs to every event that its function
 * ran at that moment.
 */
export function traceOf(entries: readonly Entry[], connectionId: string): Trace | undefined {
  const received = entries.findLast(
    (entry) => entry.type === "message.received" && entry.connectionId === connectionId,
  );
  if (received?.type !== "message.received") return undefined;
  const { requestId } = received;
  const later = entries.filter(({ seq }) => seq >= received.seq);
  const started = later.find(
    (entry) => entry.type === "function.started" && entry.requestId === requestId,
  );
  const ended = later.find(
    (entry) => entry.type === "function.ended" && entry.requestId === requestId,
  );
  const answered = later.find(
    (entry) => entry.type === "message.answered" && entry.requestId === requestId,
  );

  const runs = ({ seq }: Entry) =>
    started !== undefined && seq > started.seq && (ended === undefined || seq < ended.seq);
  const calls = (entry: Entry): boolean => {
    if (started?.type !== "function.started") return false;
    switch (entry.type) {
      case "management.answered":
      case "table.written":
        if (entry.traceParent !== undefined) {
          return started.awsRequestId.replaceAll("-", "").endsWith(entry.traceParent);
        }
        return runs(entry) && entry.functionName === started.functionName;
      case "aws.stopped":
        return runs(entry) && entry.functionName === started.functionName;
      default:
        return false;
    }
  };
  /** The gateway tells a frame right before the call or the answer that it belongs to. */
  const causes = (next: Entry | undefined): boolean =>
    next !== undefined &&
    ((next.type === "management.answered" && calls(next)) || next === answered);
  const mine = later.filter((entry, index) => {
    if (entry.type === "frame.sent") return causes(later[index + 1]);
    if (entry.type === "function.logged" || entry.type === "message.received") {
      return entry.requestId === requestId;
    }
    return calls(entry) || ("requestId" in entry && entry.requestId === requestId);
  });
  return { entries: mine, isAnswered: answered !== undefined };
}
