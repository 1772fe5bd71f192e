import type { Entry } from "../emulator/facts.ts";
import { factText, type NameOf } from "../emulator/journal/fact-text.ts";
import { requestContextOf } from "../emulator/lambda/rules/request-context.ts";
import { framesOfPosts } from "./looking.ts";

type Node = { readonly entry: Entry; readonly children: Node[] };
type FactOf<Type extends Entry["type"]> = Extract<Entry, { readonly type: Type }>;

const LAST_FACTS = 12;
const SPAN_WIDTH = 8;

/**
 * What happened after a fact with that number, as text: each fact below the one that caused it, with the time since the start. A post
 * stands below the invocation that made it as far as that can be told: functions are known by their
 * keys, and of one that runs several times at once any may have posted.
 */
export function traceText(entries: readonly Entry[], after = 0): string {
  const nameOf = namesIn(entries);
  const startedAt = entries[0]?.at ?? 0;
  const lines = (nodes: readonly Node[], depth: number): string[] =>
    nodes.flatMap(({ entry, children }) => [
      line(entry, nameOf, startedAt, depth),
      ...lines(children, depth + 1),
    ]);
  return lines(treeOf(entries.filter(({ seq }) => seq > after)), 0).join("\n");
}

/** The newest facts, one a line, for whoever wonders why something does not come. */
export function lastFactsText(entries: readonly Entry[]): string {
  if (entries.length === 0) return "Nothing has happened so far.";
  const nameOf = namesIn(entries);
  const startedAt = entries[0]?.at ?? 0;
  const last = entries.slice(-LAST_FACTS);
  return ["What happened last:", ...last.map((entry) => line(entry, nameOf, startedAt, 0))].join(
    "\n",
  );
}

function line(entry: Entry, nameOf: NameOf, startedAt: number, depth: number): string {
  const span = `+${spanText(entry.at - startedAt)}`.padStart(SPAN_WIDTH);
  return `${span}  ${"  ".repeat(depth)}${factText(entry, nameOf)}`;
}

/** ms as people write it, such as `10m`. */
function spanText(ms: number): string {
  if (ms >= 60_000) {
    const seconds = Math.round((ms % 60_000) / 1000);
    return `${Math.floor(ms / 60_000)}m${seconds === 0 ? "" : `${seconds}s`}`;
  }
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(3))}s` : `${Math.round(ms)}ms`;
}

/** Connections are `client 1`, `client 2` … in the order in which they came; others keep their id. */
function namesIn(entries: readonly Entry[]): NameOf {
  const names = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type !== "connection.requested") continue;
    names.set(entry.connectionId, `client ${names.size + 1}`);
  }
  return (connectionId) =>
    connectionId === undefined ? "somebody" : (names.get(connectionId) ?? connectionId);
}

function treeOf(entries: readonly Entry[]): readonly Node[] {
  const roots: Node[] = [];
  const requests = new Map<string, Node>();
  const connecting = new Map<string, Node>();
  const closing = new Map<string, Node>();
  const invocations = new Map<string, Node>();
  const running = new Map<string, Set<Node>>();
  const frames = framesOfPosts(entries);
  const posters = new Map([...frames].map(([{ functionName }, frame]) => [frame, functionName]));

  const runningOnly = (functionName: string | undefined): Node | undefined => {
    const [first, ...others] = running.get(functionName ?? "") ?? [];
    return others.length === 0 ? first : undefined;
  };
  const causeOf = (started: FactOf<"function.started">): Node | undefined => {
    const { routeKey, connectionId = "", requestId = "" } = requestContextOf(started.event);
    if (routeKey === "$connect") return connecting.get(connectionId);
    if (routeKey === "$disconnect") return closing.get(connectionId);
    return requests.get(requestId);
  };
  /** The verdict on a message is recorded right after the frame that tells it. */
  const senderOf = (frame: FactOf<"frame.sent">, next: Entry | undefined): Node | undefined => {
    if (frame.cause === "post") return runningOnly(posters.get(frame));
    return next?.type === "message.answered" ? requests.get(next.requestId) : undefined;
  };

  const parentOf = (entry: Entry, next: Entry | undefined): Node | undefined => {
    switch (entry.type) {
      case "connection.opened":
        return connecting.get(entry.connectionId);
      case "connection.refused":
        return connecting.get(entry.connectionId ?? "");
      case "route.selected":
      case "message.answered":
        return requests.get(entry.requestId);
      case "function.started":
        return causeOf(entry);
      case "function.logged":
      case "function.ended":
      case "function.unfinished":
        return invocations.get(entry.awsRequestId ?? "");
      case "frame.sent":
        return senderOf(entry, next);
      case "fault.injected":
        return invocations.get(entry.awsRequestId ?? "") ?? runningOnly(entry.functionName);
      case "management.answered":
      case "table.written":
      case "aws.stopped":
        return runningOnly(entry.functionName);
      default:
        return "awsRequestId" in entry ? invocations.get(String(entry.awsRequestId)) : undefined;
    }
  };

  entries.forEach((entry, at) => {
    // A post that went through is told by the frame that it became.
    if (entry.type === "management.answered" && frames.has(entry)) return;
    const node: Node = { entry, children: [] };
    (parentOf(entry, entries[at + 1])?.children ?? roots).push(node);
    if (entry.type === "connection.requested") connecting.set(entry.connectionId, node);
    if (entry.type === "connection.closed") closing.set(entry.connectionId, node);
    if (entry.type === "message.received") requests.set(entry.requestId, node);
    if (entry.type === "function.started") {
      invocations.set(entry.awsRequestId, node);
      const others = running.get(entry.functionName) ?? new Set();
      running.set(entry.functionName, others.add(node));
    }
    if (entry.type === "function.ended") {
      const ended = invocations.get(entry.awsRequestId);
      if (ended !== undefined) running.get(entry.functionName)?.delete(ended);
    }
  });
  return roots;
}
