import { functionOf, whyDenied } from "../../../definition/integrations.ts";
import type { FactId } from "../../journal/journal.ts";
import type { Connections } from "../connections.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { Integrations } from "../integrations/lambda-proxy.ts";
import { disconnectEvent } from "../rules/build-events.ts";
import type { ConnectionIdentity } from "../rules/events.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { type Close, type CloseCause, clientClose, closeFor } from "./rules/closing.ts";

type DisconnectsParts = Pick<GatewayParts, "clock" | "ids" | "journal"> & {
  readonly api: () => ServedApi;
  readonly connections: Connections;
  readonly integrations: Integrations;
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
    const { api, clock, ids, integrations, journal } = this.#parts;
    const { connectionId } = identity;
    const { code, reason } = close;
    const closed = journal.record(
      { type: "connection.closed", connectionId, code, reason, by, because },
      causedBy,
    );
    const route = api().routes.$disconnect;
    const functionName = route && functionOf(route);
    if (route === undefined || functionName === undefined) return closed;
    const denied = whyDenied(route);
    if (denied !== undefined) {
      journal.record({ type: "warning", message: `$disconnect does not run: ${denied}` }, closed);
      return closed;
    }
    const stamp = { requestId: ids.requestId(), at: clock.now() };
    const event = disconnectEvent(identity, close, stamp);
    const call = { functionName, payload: event, because: closed };
    this.#underWay += 1;
    void integrations.run(call, route.integrationTimeout).then(({ kind }) => {
      if (kind === "timed-out" && this.#onEnded !== undefined) return;
      this.#underWay -= 1;
      this.#onEnded?.();
    });
    return closed;
  }
}
