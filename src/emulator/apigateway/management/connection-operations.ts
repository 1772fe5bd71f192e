import { isUtf8 } from "node:buffer";
import type { Connection, Connections } from "../connections.ts";
import type { Disconnects } from "../disconnect/disconnects.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Gateway } from "../ports.ts";
import type { ConnectionDescription } from "./rules/management-answer.ts";

/** A connection in the list of all connections. */
export type ListedConnection = ConnectionDescription & {
  readonly connectionId: string;
  readonly stage: string;
};

/** The operations of the management API on the connections of a gateway. */
export type ConnectionOperations = Pick<Gateway, "post" | "describe" | "remove"> & {
  /** The open connections, oldest first. */
  list(): readonly ListedConnection[];
};

export function createConnectionOperations(
  journal: GatewayParts["journal"],
  connections: Connections,
  disconnects: Disconnects,
): ConnectionOperations {
  return {
    post(connectionId, body, facts) {
      const connection = connections.get(connectionId);
      if (connection === undefined) return { kind: "gone" };
      if (connection.socket.isFull()) return { kind: "buffer-full" };
      if (!isUtf8(body)) {
        const message = `A post to ${connectionId} was not UTF-8; wsgw replaced its invalid bytes.`;
        journal.record({ type: "warning", message }, facts?.because);
      }
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
      const sent = connections.send(connection, text, "post", facts?.because);
      if (facts !== undefined && sent !== undefined) facts.effect = sent;
      return { kind: "delivered" };
    },
    describe(connectionId) {
      const connection = connections.get(connectionId);
      return connection === undefined ? undefined : describe(connection);
    },
    remove(connectionId, facts) {
      const closed = disconnects.end(connectionId, "deleted", facts?.because);
      if (closed === undefined) return false;
      if (facts !== undefined) facts.effect = closed;
      return true;
    },
    list: () =>
      connections.all().map((connection) => ({
        connectionId: connection.identity.connectionId,
        stage: connection.identity.stage,
        ...describe(connection),
      })),
  };
}

function describe({ identity, lastActiveAt }: Connection): ConnectionDescription {
  const { sourceIp, userAgent } = identity.identity;
  return { sourceIp, userAgent, connectedAt: identity.connectedAt, lastActiveAt };
}
