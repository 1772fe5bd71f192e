import { routeAt } from "../../../definition/called-functions.ts";
import type { IntegratedRoute } from "../../../definition/checked-project.ts";
import { whyDenied } from "../../../definition/denied-calls.ts";
import type { FactId } from "../../journal/journal.ts";
import { LEFT_BEFORE_101 } from "../connect/rules/client-left.ts";
import type { Connections } from "../connections.ts";
import type { GatewayParts } from "../gateway-parts.ts";
import type { CustomIntegrations } from "../integrations/custom-integrations.ts";
import type { Integrations } from "../integrations/integration-timeout.ts";
import { proxyEnd } from "../integrations/rules/integration-end.ts";
import type { EndedRequest } from "../requests/rules/ended-request.ts";
import { disconnectEvent } from "../rules/disconnect-event.ts";
import type { ConnectionIdentity, DisconnectEvent, Stamp } from "../rules/event-types.ts";
import type { ServedApi } from "../rules/served-api.ts";
import { type Close, type CloseCause, clientClose, closeFor } from "./rules/close-codes.ts";

type DisconnectsParts = Pick<
  GatewayParts,
  "clock" | "ids" | "journal" | "nullIsSuccess" | "requests"
> & {
  readonly api: () => ServedApi;
  readonly connections: Connections;
  readonly integrations: Integrations;
  readonly customIntegrations: CustomIntegrations;
};

/** A status of the function's own is not an error. */
type RouteEnd = { readonly kind: "answered" | "failed"; readonly statusCode: number };

const NOTHING_RAN: RouteEnd = { kind: "answered", statusCode: 200 };
const DENIED: RouteEnd = { kind: "failed", statusCode: 500 };

/** How an integration ended. */
type Ended = {
  readonly end: () => RouteEnd;
  readonly called?: EndedRequest["called"];
  /** Why the gateway made it fail. */
  readonly failure?: string | undefined;
  /** Whether the integration exceeded its timeout. */
  readonly isTimedOut: boolean;
};

/** Ends each connection of a gateway once, and runs its `$disconnect`. */
export class Disconnects {
  readonly #parts: DisconnectsParts;
  #underWay = 0;
  /** Set while a caller waits for the last of them. */
  #onEnded: (() => void) | undefined;

  constructor(parts: DisconnectsParts) {
    this.#parts = parts;
  }

  /**
   * Number of `$disconnect` invocations that run or are queued. After `endAll` it also includes those that
   * timed out and still run.
   */
  get underWay(): number {
    return this.#underWay;
  }

  /** Closes every connection because the gateway stops. Calls `onEnded` for every `$disconnect` that ends. */
  endAll(onEnded: () => void): void {
    const { connections } = this.#parts;
    this.#onEnded = onEnded;
    connections.stop();
    for (const { identity } of connections.all()) {
      this.end(identity.connectionId, "gateway-stopped");
    }
  }

  /** Closes a connection for a reason of the gateway's own. Undefined if the connection has already ended. */
  end(connectionId: string, because: CloseCause, causedBy?: FactId): FactId | undefined {
    const connection = this.#parts.connections.take(connectionId);
    if (connection === undefined) return undefined;
    const close = closeFor(because);
    connection.socket.close(close.code, close.reason);
    return this.#disconnect(connection.identity, close, "gateway", because, causedBy);
  }

  /** Handles a closed socket. */
  closed(connectionId: string, code: number, reason: string): void {
    const connection = this.#parts.connections.take(connectionId);
    if (connection === undefined) return; // the gateway closed it and recorded that
    const close = clientClose(code, reason);
    this.#disconnect(connection.identity, close, "client", close.because);
  }

  /** Handles a client that left before its connection was open. */
  abandoned(identity: ConnectionIdentity): void {
    this.#disconnect(identity, LEFT_BEFORE_101, "client", "lost");
  }

  /** The one end of every connection. The result of `$disconnect` is not awaited. */
  #disconnect(
    identity: ConnectionIdentity,
    close: Close,
    by: "client" | "gateway",
    because: string,
    causedBy?: FactId,
  ): FactId {
    const { api, clock, journal } = this.#parts;
    const { connectionId } = identity;
    const { code, reason } = close;
    const closed = journal.record(
      { type: "connection.closed", connectionId, code, reason, by, because },
      causedBy,
    );
    const { $disconnect } = api().routes;
    const route = $disconnect && routeAt($disconnect, identity.stage);
    if (route === undefined || route.integration.type === "none") {
      this.#report(identity, close, closed, { end: () => NOTHING_RAN });
      return closed;
    }
    const denied = whyDenied(route, identity.stage);
    if (denied !== undefined) {
      journal.record({ type: "warning", message: `$disconnect does not run: ${denied}` }, closed);
      this.#report(identity, close, closed, {
        end: () => DENIED,
        failure: denied,
      });
      return closed;
    }
    const stamp = this.#stamp();
    const event = disconnectEvent(identity, close, stamp);
    this.#underWay += 1;
    const since = clock.elapsed();
    const integrated = { ...route, integration: route.integration };
    const running = this.#run(integrated, event, closed, identity.stage);
    void running.then(({ isTimedOut, ...ended }) => {
      this.#report(identity, close, closed, { ...ended, stamp, since });
      if (isTimedOut && this.#onEnded !== undefined) return;
      this.#underWay -= 1;
      this.#onEnded?.();
    });
    return closed;
  }

  async #run(
    route: IntegratedRoute,
    event: DisconnectEvent,
    because: FactId,
    stage: string,
  ): Promise<Ended> {
    const { api, customIntegrations, integrations, journal, nullIsSuccess, requests } = this.#parts;
    const { integration } = route;
    if (integration.type === "lambda-proxy") {
      const functionName = integration.function;
      const { qualifier } = route;
      const awsRequestId = requests.invocationId(api(), stage);
      const call = { functionName, qualifier, payload: event, awsRequestId, because };
      const outcome = await integrations.run(call, route.integrationTimeout);
      const called = { kind: "function", functionName, event, awsRequestId, outcome } as const;
      return {
        end: () => proxyEnd(outcome, nullIsSuccess),
        called,
        isTimedOut: outcome.kind === "timed-out",
      };
    }
    const request = { api: api().key, route: { ...route, integration }, event, because };
    const end = await integrations.track(customIntegrations.run(request));
    if (end.kind === "failed") {
      const message = `The integration of $disconnect failed: ${end.because}`;
      journal.record({ type: "warning", message }, because);
    }
    const isTimedOut = end.kind === "failed" && end.statusCode === 504;
    return {
      end: () => end,
      called: end.called && { ...end.called, event },
      failure: end.kind === "failed" ? end.because : undefined,
      isTimedOut,
    };
  }

  #stamp(): Stamp {
    const { clock, ids } = this.#parts;
    return { requestId: ids.requestId(), at: clock.now() };
  }

  /** `since` is `clock.elapsed()` when the integration was called; undefined if it was not. */
  #report(
    identity: ConnectionIdentity,
    close: Close,
    because: FactId,
    ended: Omit<Ended, "isTimedOut"> & { readonly stamp?: Stamp; readonly since?: number },
  ): void {
    const { api, clock, requests } = this.#parts;
    const take = requests.of(api(), identity.stage);
    if (take === undefined) return;
    const { stamp = this.#stamp(), since, called, failure } = ended;
    const { kind, statusCode } = ended.end();
    take(
      {
        eventType: "DISCONNECT",
        routeKey: "$disconnect",
        status: statusCode,
        stamp,
        connection: identity,
        integrationLatency: since === undefined ? undefined : clock.elapsed() - since,
        called,
        close,
        because: failure,
        error: kind === "failed" ? { message: "Internal server error" } : undefined,
      },
      because,
    );
  }
}
