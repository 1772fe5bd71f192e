import type { Peer } from "./peers.ts";
import type { Session } from "./session.ts";

/** Sends on a connection; returns false, and prints why, if it is not open. */
export function send(
  session: Session,
  peer: Peer | undefined,
  message: string | Uint8Array,
): boolean {
  if (peer?.connected === undefined) {
    session.view.problem(
      peer === undefined ? "No connection is open." : "The connection is closed.",
    );
    return false;
  }
  if (session.forgets) session.unread.length = 0;
  peer.sentAt = performance.now();
  peer.connected.client.send(message);
  return true;
}

export function filled(
  { variables, view, current }: Session,
  text: string,
  values?: Readonly<Record<string, string>>,
): string | undefined {
  const result = variables.fill(text, values);
  if (result.kind === "filled") return result.text;
  const { name } = result;
  const how = /^\$\{?\s*last\b/.test(name)
    ? current?.last === undefined
      ? "No message has arrived yet."
      : "The last message does not have this part."
    : "Set it with /set.";
  view.problem(`Nothing was sent: ${name} has no value. ${how} /raw sends it unchanged.`);
  return undefined;
}

export function unknownPeer({ peers }: Session, name: string): string {
  const names = peers.all().map((each) => each.name);
  return `The connection ${name} does not exist. Open connections: ${names.join(", ")}. /open ${name} opens it, and /raw sends the line unchanged.`;
}

export function roundTrips(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const [a, b, c] = [least, mean, most].map((ms) => ms.toFixed(1));
  return `${times.length} pings: ${a} ms at least, ${b} ms on average, ${c} ms at most`;
}
