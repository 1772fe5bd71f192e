import type { FactId } from "../journal/journal.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import type { Socket } from "./ports.ts";
import type { ConnectionIdentity } from "./rules/event-types.ts";
import { type Activity, expiresAt, resetsIdleTimeout } from "./rules/idle-timeout-and-age.ts";

/** An open connection. */
export type Connection = {
  readonly identity: ConnectionIdentity;
  readonly socket: Socket;
  /** Epoch ms of the 101. */
  readonly openedAt: number;
  /** Epoch ms of the last activity that reset the idle timeout. */
  lastActiveAt: number;
};

export type Connections = {
  add(identity: ConnectionIdentity, socket: Socket): Connection;
  get(connectionId: string): Connection | undefined;
  /** Removes the connection. Undefined if it was removed before, so that only one caller ends it. */
  take(connectionId: string): Connection | undefined;
  all(): readonly Connection[];
  /** Records an activity at a time, in epoch ms, for the idle timeout. */
  active(connection: Connection, activity: Activity, at: number): void;
  /** Sends a frame; undefined if the connection has closed in the meantime. */
  send(
    connection: Connection,
    text: string,
    cause: "reply" | "error" | "post",
    because: FactId | undefined,
  ): FactId | undefined;
  /** Disables the limits of idle time and age. */
  stop(): void;
};

/**
 * The open connections, with one timer for all limits of idle time and age. It fires when the earliest of
 * them may expire, and is then set again.
 */
export function createConnections(
  {
    clock,
    journal,
    limits,
    pingsResetIdle = false,
  }: Pick<GatewayParts, "clock" | "journal" | "limits" | "pingsResetIdle">,
  onExpired: (connectionId: string, because: "idle" | "age") => void,
): Connections {
  const open = new Map<string, Connection>();
  let cancel: (() => void) | undefined;
  let stopped = false;

  const watch = (at: number): void => {
    if (stopped) return;
    cancel = clock.schedule(Math.max(0, at - clock.now()), sweep);
  };

  const sweep = (): void => {
    cancel = undefined;
    let next = Number.POSITIVE_INFINITY;
    for (const [connectionId, connection] of [...open]) {
      const due = expiresAt(limits, connection.openedAt, connection.lastActiveAt);
      if (due.at <= clock.now()) onExpired(connectionId, due.because);
      else next = Math.min(next, due.at);
    }
    if (next < Number.POSITIVE_INFINITY) watch(next);
  };

  const active: Connections["active"] = (connection, activity, at) => {
    if (resetsIdleTimeout(activity, pingsResetIdle)) connection.lastActiveAt = at;
  };

  return {
    add(identity, socket) {
      const now = clock.now();
      const connection = { identity, socket, openedAt: now, lastActiveAt: now };
      open.set(identity.connectionId, connection);
      if (cancel === undefined) watch(expiresAt(limits, now, now).at);
      return connection;
    },
    get: (connectionId) => open.get(connectionId),
    take(connectionId) {
      const connection = open.get(connectionId);
      open.delete(connectionId);
      return connection;
    },
    all: () => [...open.values()],
    active,
    send(connection, text, cause, because) {
      const { connectionId } = connection.identity;
      if (open.get(connectionId) !== connection) return undefined;
      active(connection, "frame", clock.now());
      connection.socket.send(text);
      return journal.record({ type: "frame.sent", connectionId, text, cause }, because);
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = undefined;
    },
  };
}
