import { whyDenied } from "../../../definition/integrations.ts";
import type { Route } from "../../../definition/model.ts";
import type { FactId } from "../../journal/journal.ts";
import type { Connections } from "../connections.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { CustomIntegrations } from "../integrations/custom-integrations.ts";
import type { Integrations } from "../integrations/lambda-proxy.ts";
import { disconnectEvent } from "../rules/build-events.ts";
import type { ConnectionIdentity, DisconnectEvent } from "../rules/events.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { type Close, type CloseCause, clientClose, closeFor } from "./rules/closing.ts";

type DisconnectsParts = Pick<GatewayParts, "clock" | "ids" | "journal"> & {
  readonly api: () => ServedApi;
  readonly connections: Connections;
  readonly integrations: Integrations;
  readonly customIntegrations: CustomIntegrations;
};

/** Ends the connections of a gateway, each once, and runs their `$disconnect`. */
export class Disconnects {
  readonly #parts: DisconnectsParts;
  #underWay = 0;
  /** Undefined until something waits for the last of them. */
  #onEnded: (() => void) | undefined;

  constructor(parts: DisconnectsParts) {
    this.#parts = parts;
  }

  /**
   * How many `$disconnect` have begun, or wait for their turn, and have not ended; once they are heard of, also those
   * that the route has given up.
   */
  get underWay(): number {
    return this.#underWay;
  }

  /** Has `listener` hear of every `$disconnect` that ends from now on. */
  hear(listener: () => void): void {
    this.#onEnded = listener;
  }

  /** Closes a connection for a reason of the gateway's own. Undefined when it has ended already. */
  end(connectionId: string, because: CloseCause, causedBy?: FactId): FactId | undefined {
    const connection = this.#parts.connections.take(connectionId);
    if (connection === undefined) return undefined;
    const close = closeFor(because);
    connection.socket.close(close.code, close.reason);
    return this.#disconnect(connection.identity, close, "gateway", because, causedBy);
  }

  /** A socket has closed. */
  closed(connectionId: string, code: number, reason: string): void {
    const connection = this.#parts.connections.take(connectionId);
    if (connection === undefined) return; // the gateway closed it, which is recorded
    const close = clientClose(code, reason);
    this.#disconnect(connection.identity, close, "client", close.because);
  }

  /** A client left before its connection was open. */
  abandoned(identity: ConnectionIdentity): void {
    this.#disconnect(identity, { code: 1006, reason: "" }, "client", "lost");
  }

  /** Every connection ends here. Nothing waits for the result of `$disconnect`. */
  #disconnect(
    identity: ConnectionIdentity,
    close: Close,
    by: "client" | "gateway",
    because: string,
    causedBy?: FactId,
  ): FactId {
    const { api, clock, ids, journal } = this.#parts;
    const { connectionId } = identity;
    const { code, reason } = close;
    const closed = journal.record(
      { type: "connection.closed", connectionId, code, reason, by, because },
      causedBy,
    );
    const route = api().routes.$disconnect;
    if (route === undefined || route.integration.type === "none") return closed;
    const denied = whyDenied(route);
    if (denied !== undefined) {
      journal.record({ type: "warning", message: `$disconnect does not run: ${denied}` }, closed);
      return closed;
    }
    const stamp = { requestId: ids.requestId(), at: clock.now() };
    const event = disconnectEvent(identity, close, stamp);
    this.#underWay += 1;
    void this.#run(route, event, closed).then((isTimedOut) => {
      if (isTimedOut && this.#onEnded !== undefined) return;
      this.#underWay -= 1;
      this.#onEnded?.();
    });
    return closed;
  }

  /** Whether the route gave up waiting. */
  async #run(route: Route, event: DisconnectEvent, because: FactId): Promise<boolean> {
    const { api, customIntegrations, integrations, journal } = this.#parts;
    const { integration } = route;
    if (integration.type === "none") return false;
    if (integration.type === "lambda-proxy") {
      const call = { functionName: integration.function, payload: event, because };
      return (await integrations.run(call, route.integrationTimeout)).kind === "timed-out";
    }
    const request = { api: api().key, route: { ...route, integration }, event, because };
    const end = await integrations.track(customIntegrations.run(request));
    if (end.kind === "failed") {
      const message = `The integration of $disconnect failed: ${end.because}`;
      journal.record({ type: "warning", message }, because);
    }
    return end.kind === "failed" && end.statusCode === 504;
  }
}
