import type { Connection, Connections } from "../connections.ts";
import type { Gateway } from "../ports.ts";
import type { ConnectionDescription } from "./rules/management-answer.ts";

/** A connection in the list of all connections. */
export type ListedConnection = ConnectionDescription & {
  readonly connectionId: string;
  readonly stage: string;
};

/** What is known about connections. */
export type ConnectionDescriptions = Pick<Gateway, "describe"> & {
  /** The open connections, oldest first. */
  list(): readonly ListedConnection[];
};

/** GetConnection, and the same for all connections. */
export function createGetConnection(connections: Connections): ConnectionDescriptions {
  return {
    describe(connectionId) {
      const connection = connections.get(connectionId);
      return connection === undefined ? undefined : describe(connection);
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
