import { consequencesOf, type Entry } from "../../src/app.ts";
import { createTerminalLog } from "../log/terminal-log.ts";
import type { LocalGateway } from "./connector.ts";
import { gatewayOf, unknownId } from "./management-commands.ts";
import type { Peer } from "./peers.ts";
import type { Session } from "./session.ts";

/** How long /trace waits for the answer to a message. */
const ANSWER_MS = 5_000;

/**
 * Shows the consequences of a connection's last message, as in the log of `wsgw dev --verbose`; false if
 * there is no message or no answer yet.
 */
export async function showTrace(session: Session, peer: Peer): Promise<boolean> {
  const { control } = gatewayOf(peer);
  const id = peer.connected?.connectionId;
  if (id === undefined) throw unknownId(peer.name);
  const [project, trace] = await Promise.all([control.project(), awaitTrace(control, id)]);
  if (trace === undefined) {
    session.view.problem("The gateway has no record of a message of this connection.");
    return false;
  }
  const tell = createTerminalLog({
    project: () => project,
    detail: "verbose",
    paint: session.view.paint,
    columns: session.view.columns,
  });
  session.view.answer(trace.entries.flatMap(tell));
  if (!trace.isAnswered) session.view.problem("It is unanswered so far. /trace shows more later.");
  return trace.isAnswered;
}

/** Waits for the answer to the newest message, which may be pending. */
async function awaitTrace(
  control: LocalGateway["control"],
  connectionId: string,
): Promise<Trace | undefined> {
  const entries: Entry[] = [...(await control.facts())];
  const known = traceOf(entries, connectionId);
  if (known === undefined || known.isAnswered) return known;
  const signal = AbortSignal.timeout(ANSWER_MS);
  const after = entries.at(-1)?.seq ?? 0;
  for await (const entry of control.follow({ after, signal })) {
    entries.push(entry);
    if (entry.type === "message.answered" && entry.connectionId === connectionId) {
      const trace = traceOf(entries, connectionId);
      if (trace?.isAnswered) return trace;
    }
  }
  return traceOf(entries, connectionId);
}

/** The consequences of one message, and whether the gateway has answered it. */
type Trace = { readonly entries: readonly Entry[]; readonly isAnswered: boolean };

/**
 * The newest message of a connection and all its consequences, in order. Undefined if the facts contain no
 * message of the connection.
 */
function traceOf(entries: readonly Entry[], connectionId: string): Trace | undefined {
  const received = entries.findLast(
    (entry) => entry.type === "message.received" && entry.connectionId === connectionId,
  );
  if (received === undefined) return undefined;
  const followed = consequencesOf(entries, received.id);
  const isAnswered = followed.some(({ type }) => type === "message.answered");
  return { entries: followed, isAnswered };
}
