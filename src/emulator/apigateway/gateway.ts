import { Authorizers } from "./authorizers/authorizers.ts";
import { IamAuthorization } from "./authorizers/iam-authorization.ts";
import { Handshakes } from "./connect/handshakes.ts";
import { createConnections } from "./connections.ts";
import { Disconnects } from "./disconnect/disconnects.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { CustomIntegrations } from "./integrations/custom-integrations.ts";
import { createIntegrations } from "./integrations/integration-timeout.ts";
import { createDeleteConnection } from "./management/delete-connection.ts";
import { type ConnectionDescriptions, createGetConnection } from "./management/get-connection.ts";
import { createPostToConnection } from "./management/post-to-connection.ts";
import { Messages } from "./message/messages.ts";
import { withRouting } from "./message/rules/routed-api.ts";
import type { Gateway } from "./ports.ts";
import type { ServedApi } from "./rules/served-api.ts";

/** A gateway with the methods for its owner. */
export type RunningGateway = Gateway &
  Pick<ConnectionDescriptions, "list"> & {
    /** Serves `api` from now on; open connections stay. */
    update(api: ServedApi): void;
    /** Rejects new handshakes; open connections stay, whatever their age. */
    drain(): void;
    /** Resolves when no handler runs. */
    idle(): Promise<void>;
    /**
     * Closes every connection with 1001 and runs its `$disconnect`; resolves when all of them have ended.
     * Calls `onDisconnected` for each that ends.
     */
    stop(onDisconnected?: () => void): Promise<void>;
    /** Number of `$disconnect` invocations that have not ended. */
    disconnecting(): number;
  };

/** Draining rejects handshakes and keeps open connections. Stopping closes those too. */
type State = "serving" | "draining" | "stopping";

/** Creates the gateway, which applies API Gateway's rules to connections and messages. */
export function createGateway(parts: GatewayParts): RunningGateway {
  const { limits, journal, clock } = parts;
  let served = withRouting(parts.api);
  let state: State = "serving";
  const api = () => served;
  const integrationsWithin = (longestMs: number) =>
    createIntegrations(parts.invoke, clock, parts.untimed === true ? undefined : longestMs);
  const integrations = integrationsWithin(limits.integrationTimeoutMs);
  const connections = createConnections(parts, (connectionId, because) => {
    disconnects.end(connectionId, because);
  });
  const customIntegrations = new CustomIntegrations({ ...parts, integrations });
  const shared = { ...parts, api, connections, integrations, customIntegrations };
  const disconnects = new Disconnects(shared);
  // the limit of integrations does not apply to authorizers
  const unlimited = integrationsWithin(Number.POSITIVE_INFINITY);
  const authorizers = new Authorizers({ ...shared, integrations: unlimited });
  const iamAuthorization = new IamAuthorization(shared);
  const isOpen = () => state === "serving";
  const handshakes = new Handshakes({ ...shared, authorizers, iamAuthorization, isOpen });
  const messages = new Messages({ ...shared, disconnects });

  return {
    post: createPostToConnection(journal, connections),
    remove: createDeleteConnection(disconnects),
    ...createGetConnection(connections),
    connect: (handshake) => integrations.track(handshakes.connect(handshake)),
    rejectedHeld: () => handshakes.rejectedHeld(),
    open(connectionId, socket) {
      const accepted = handshakes.take(connectionId);
      if (accepted === undefined) return;
      connections.add(accepted.identity, socket);
      const durationMs = clock.elapsed() - accepted.since;
      journal.record({ type: "connection.opened", connectionId, durationMs }, accepted.requested);
      if (state === "stopping") disconnects.end(connectionId, "gateway-stopped"); // its $connect ended only now
    },
    abandon(connectionId) {
      const accepted = handshakes.take(connectionId);
      if (accepted !== undefined) disconnects.abandoned(accepted.identity);
    },
    message: (connectionId, incoming) =>
      integrations.track(messages.answer(connectionId, incoming)),
    pinged(connectionId) {
      const connection = connections.get(connectionId);
      if (connection !== undefined) connections.active(connection, "ping", clock.now());
    },
    oversized: (connectionId) => disconnects.end(connectionId, "too-large"),
    broken: (connectionId, how) => disconnects.end(connectionId, how),
    closed: (connectionId, code, reason) => disconnects.closed(connectionId, code, reason),
    update(next) {
      served = withRouting(next);
    },
    drain() {
      state = "draining";
      connections.stop();
    },
    idle: integrations.idle,
    disconnecting: () => disconnects.underWay,
    async stop(onDisconnected = () => {}) {
      state = "stopping";
      disconnects.endAll(onDisconnected);
      await integrations.idle();
    },
  };
}
