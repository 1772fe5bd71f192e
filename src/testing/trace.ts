import { factText, type NameOf } from "../emulator/fact-text.ts";
import type { Entry } from "../emulator/facts.ts";
import { type FactNode, factTree } from "../emulator/journal/rules/cause-tree.ts";

const LAST_FACTS = 12;
const SPAN_WIDTH = 8;

/**
 * The facts after the given number as text: each below its cause, with the time since the start. A successful
 * post is shown only by its frame.
 */
export function traceText(entries: readonly Entry[], after = 0): string {
  const nameOf = namesIn(entries);
  const startedAt = entries[0]?.at ?? 0;
  const lines = (nodes: readonly FactNode<Entry>[], depth: number): string[] =>
    nodes.flatMap(({ entry, children }) => [
      line(entry, nameOf, startedAt, depth),
      // The route adds nothing to its message, so what follows is below the message.
      ...lines(shownBelow(entry, children), entry.type === "route.selected" ? depth : depth + 1),
    ]);
  return lines(factTree(entries.filter(({ seq }) => seq > after)), 0).join("\n");
}

function shownBelow(
  entry: Entry,
  children: readonly FactNode<Entry>[],
): readonly FactNode<Entry>[] {
  if (entry.type !== "frame.sent") return children;
  return children.filter((child) => child.entry.type !== "management.answered");
}

/** The newest facts, one per line, for finding out why something is missing. */
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

/** ms in a readable unit, such as `10m`. */
function spanText(ms: number): string {
  if (ms >= 60_000) {
    const seconds = Math.round((ms % 60_000) / 1000);
    return `${Math.floor(ms / 60_000)}m${seconds === 0 ? "" : `${seconds}s`}`;
  }
  return ms >= 1000 ? `${Number((ms / 1000).toFixed(3))}s` : `${Math.round(ms)}ms`;
}

/** The name of a connection in traces. */
export function clientName(entries: readonly Entry[], connectionId: string): string {
  return namesIn(entries)(connectionId);
}

/** Connections are `client 1`, `client 2` … in the order of their handshakes; others keep their id. */
function namesIn(entries: readonly Entry[]): NameOf {
  const names = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type !== "connection.requested") continue;
    names.set(entry.connectionId, `client ${names.size + 1}`);
  }
  return (connectionId) =>
    connectionId === undefined ? "somebody" : (names.get(connectionId) ?? connectionId);
}
