import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Ids } from "../../../ids.ts";
import { HeldUpgrades, type SecretHeaders } from "../connect/held-upgrades.ts";
import type { FrameLimits } from "../message/rules/frame-limits.ts";
import type { Gateway } from "../ports.ts";
import { carryFrames } from "./websocket-connection.ts";

export type WebSocketServer = Pick<HeldUpgrades, "upgrade"> & {
  /**
   * Resolves when everything sent in both directions until now has arrived, or the connection is gone. Frames
   * keep their order, so a pong confirms all earlier frames.
   */
  flushed(connectionId: string): Promise<void>;
  /** Waits until every connection has closed, and terminates the rest after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Terminates every connection and rejects the held handshakes. */
  terminateAll(): void;
};

/**
 * Connects WebSocket clients to the gateway. It holds a handshake until the gateway has decided. It
 * negotiates no extensions, and a sub-protocol only if the gateway names one.
 */
export function createWebSocketServer(options: {
  readonly gateway: Gateway;
  readonly ids: Ids;
  readonly limits: FrameLimits;
  readonly closeTimeoutMs?: number;
  readonly secretHeaders?: SecretHeaders;
}): WebSocketServer {
  const { gateway, limits } = options;
  const upgrades = new HeldUpgrades({ ...options, onOpen: carry });
  const open = new Map<string, WebSocket>();
  let onQuiet = (): void => {};

  function carry(connectionId: string, ws: WebSocket, request: IncomingMessage): void {
    open.set(connectionId, ws);
    carryFrames({
      ws,
      raw: request.socket,
      connectionId,
      gateway,
      limits,
      onClosed() {
        open.delete(connectionId);
        if (open.size === 0) onQuiet();
      },
    });
  }

  function terminateAll(): void {
    upgrades.rejectHeld();
    for (const ws of open.values()) ws.terminate();
  }

  return {
    upgrade: upgrades.upgrade,
    async flushed(connectionId) {
      const ws = open.get(connectionId);
      if (ws !== undefined) await roundTrip(ws);
    },
    terminateAll,
    async stop(graceMs) {
      if (open.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs);
          onQuiet = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      terminateAll();
    },
  };
}

/** Shared by all servers, so that every ping is unique. */
let pings = 0;

/** Resolves after a ping and its pong, or at the end of the connection. */
function roundTrip(ws: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    pings += 1;
    const payload = `wsgw ${pings}`;
    const done = (): void => {
      ws.off("pong", onPong);
      ws.off("close", done);
      resolve();
    };
    const onPong = (data: Buffer): void => {
      if (data.toString() === payload) done();
    };
    ws.on("pong", onPong);
    ws.on("close", done);
    ws.ping(payload, undefined, () => {}); // a closing connection ends by itself
  });
}
