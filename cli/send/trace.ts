import { consequencesOf, type Entry } from "../../src/app.ts";

/** The consequences of one message, and whether the gateway has answered it. */
export type Trace = { readonly entries: readonly Entry[]; readonly isAnswered: boolean };

/**
 * The newest message of a connection and all its consequences, in order. Undefined if the facts contain no
 * message of the connection.
 */
export function traceOf(entries: readonly Entry[], connectionId: string): Trace | undefined {
  const received = entries.findLast(
    (entry) => entry.type === "message.received" && entry.connectionId === connectionId,
  );
  if (received === undefined) return undefined;
  const followed = consequencesOf(entries, received.id);
  const isAnswered = followed.some(({ type }) => type === "message.answered");
  return { entries: followed, isAnswered };
}
