import { Authorizers } from "./authorizers/authorizers.ts";
import { IamAuthorization } from "./authorizers/iam-authorization.ts";
import { Handshakes } from "./connect/handshakes.ts";
import { createConnections } from "./connections.ts";
import { Disconnects } from "./disconnect/disconnects.ts";
import type { GatewayParts } from "./gateway-parts.ts";
import { CustomIntegrations } from "./integrations/custom-integrations.ts";
import { createIntegrations } from "./integrations/lambda-proxy.ts";
import { type ConnectionCalls, createConnectionCalls } from "./management/connection-calls.ts";
import { Messages } from "./message/messages.ts";
import { withRouting } from "./message/rules/routing.ts";
import type { Gateway } from "./ports.ts";
import type { ServedApi } from "./rules/served-api.ts";

/** A gateway with the verbs of whoever built it. */
export type RunningGateway = Gateway &
  Pick<ConnectionCalls, "list"> & {
    /** From now on behaves as `api` says; open connections stay. */
    update(api: ServedApi): void;
    /** From now on refuses handshakes; what is open goes on, whatever its age. */
    drain(): void;
    /** Resolves once no handler runs for anybody. */
    idle(): Promise<void>;
    /**
     * Closes every connection with 1001 and runs its `$disconnect`; resolves when those have ended. `onDisconnected`
     * hears of each that ends.
     */
    stop(onDisconnected?: () => void): Promise<void>;
    /** How many `$disconnect` have not ended. */
    disconnecting(): number;
  };

/** Draining: handshakes are refused, and what is open goes on. Stopping: what is open closes too. */
type State = "serving" | "draining" | "stopping";

/** Creates the gateway: what API Gateway does with connections and messages, put into effect. */
export function createGateway(parts: GatewayParts): RunningGateway {
  const { limits, journal, clock } = parts;
  let served = withRouting(parts.api);
  let state: State = "serving";
  const api = () => served;
  const longestMs = parts.untimed === true ? undefined : limits.integrationTimeoutMs;
  const integrations = createIntegrations(parts.invoke, clock, longestMs);
  const connections = createConnections(parts, (connectionId, because) => {
    disconnects.end(connectionId, because);
  });
  const customIntegrations = new CustomIntegrations({ ...parts, integrations });
  const shared = { ...parts, api, connections, integrations, customIntegrations };
  const disconnects = new Disconnects(shared);
  const authorizers = new Authorizers(shared);
  const iamAuthorization = new IamAuthorization(shared);
  const isOpen = () => state === "serving";
  const handshakes = new Handshakes({ ...shared, authorizers, iamAuthorization, isOpen });
  const messages = new Messages({ ...shared, disconnects });

  return {
    ...createConnectionCalls(journal, connections, disconnects),
    connect: (handshake) => integrations.track(handshakes.connect(handshake)),
    refusedHeld: () => handshakes.refusedHeld(),
    open(connectionId, socket) {
      const accepted = handshakes.take(connectionId);
      if (accepted === undefined) return;
      connections.add(accepted.identity, socket);
      const durationMs = clock.elapsed() - accepted.since;
      journal.record({ type: "connection.opened", connectionId, durationMs }, accepted.requested);
      if (state === "stopping") disconnects.end(connectionId, "gateway-stopped"); // its $connect took until now
    },
    abandon(connectionId) {
      const accepted = handshakes.take(connectionId);
      if (accepted !== undefined) disconnects.abandoned(accepted.identity);
    },
    message: (connectionId, incoming) =>
      integrations.track(messages.answer(connectionId, incoming)),
    pinged(connectionId) {
      const connection = connections.get(connectionId);
      if (connection !== undefined && parts.pingsResetIdle) connection.lastActiveAt = clock.now();
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
      disconnects.hear(onDisconnected);
      connections.stop();
      for (const { identity } of connections.all()) {
        disconnects.end(identity.connectionId, "gateway-stopped");
      }
      await integrations.idle();
    },
  };
}
