import type { Gateway, Socket } from "../../emulator/apigateway/ports.ts";
import type { Entry, Journal } from "../../emulator/facts.ts";
import { requestContextOf } from "../../emulator/lambda/rules/payload-context.ts";
import type { Leave } from "./function-faults.ts";

/** A client that the harness can disconnect. */
export type DisconnectableClient = {
  readonly connectionId: string;
  close(code?: number, reason?: string): Promise<unknown>;
};

/** Any client that can drop its connection, such as those of the harness. */
export type VanishingClient = { readonly connectionId: string; vanish(): void };

/** Disconnects that faults cause. */
export type ClientDisconnects = {
  /** Between the WebSocket server and the gateway. */
  readonly sockets: (next: Gateway) => Gateway;
  readonly leave: Leave;
  add(client: DisconnectableClient): void;
  /** Drops a client's connection unnoticed: the gateway does not see its end, so `$disconnect` does not run. */
  vanish(client: VanishingClient): void;
};

const GOING_AWAY = 1001;

export function createClientDisconnects(journal: () => Journal): ClientDisconnects {
  const hidden = new Set<string>();
  const sockets = new Map<string, Socket>();
  const clients = new Map<string, DisconnectableClient>();

  /** The first matching fact, recorded or in the future. */
  function fact(finds: (entry: Entry) => boolean): Promise<void> {
    if (journal().entries().some(finds)) return Promise.resolve();
    return new Promise((resolve) => {
      const unsubscribe = journal().subscribe((entry) => {
        if (!finds(entry)) return;
        unsubscribe();
        resolve();
      });
    });
  }

  return {
    sockets: (next) => ({
      ...next,
      open(connectionId, socket) {
        sockets.set(connectionId, socket);
        next.open(connectionId, socket);
      },
      closed(connectionId, code, reason) {
        sockets.delete(connectionId);
        if (!hidden.delete(connectionId)) next.closed(connectionId, code, reason);
      },
    }),
    async leave(connectionId, waitsForDisconnect) {
      const client = clients.get(connectionId);
      if (client === undefined) sockets.get(connectionId)?.close(GOING_AWAY, "");
      else void client.close(GOING_AWAY);
      await fact(
        (entry) => entry.type === "connection.closed" && entry.connectionId === connectionId,
      );
      if (!waitsForDisconnect) return;
      const disconnect = journal()
        .entries()
        .find((entry) => isDisconnectOf(entry, connectionId));
      if (disconnect?.type !== "function.started") return; // the API has none, or it is delayed
      const { awsRequestId } = disconnect;
      await fact((entry) => entry.type === "function.ended" && entry.awsRequestId === awsRequestId);
    },
    add(client) {
      clients.set(client.connectionId, client);
    },
    vanish(client) {
      hidden.add(client.connectionId);
      client.vanish();
    },
  };
}

function isDisconnectOf(entry: Entry, connectionId: string): boolean {
  return (
    entry.type === "function.started" &&
    entry.connectionId === connectionId &&
    requestContextOf(entry.event).eventType === "DISCONNECT"
  );
}
