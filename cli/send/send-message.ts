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
