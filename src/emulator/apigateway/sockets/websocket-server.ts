import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer as Server, type WebSocket } from "ws";
import { headerLine, writeFinalAnswer } from "../../network/answers.ts";
import { sourceIp, withNamedSource } from "../../network/source-ip.ts";
import { type ConnectDecision, handshakeProblem } from "../connect/rules/handshake.ts";
import type { FrameLimits } from "../message/rules/frames.ts";
import type { Gateway, Handshake } from "../ports.ts";
import { holdSocket } from "./held-socket.ts";
import { carryFrames } from "./websocket-connection.ts";

export type WebSocketServer = {
  /** For the `upgrade` event of an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * Resolves when all that was sent to and fro on a connection until now has arrived, or when there is
   * no such connection any more: frames keep their order, so a pong tells of all before it.
   */
  flushed(connectionId: string): Promise<void>;
  /** Waits until every connection has closed, and cuts those that have not after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Cuts every connection, also those whose handshake is held. */
  terminateAll(): void;
};

type Acceptance = Extract<ConnectDecision, { readonly kind: "accept" }>;

/** How long a client may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Carries handshakes and frames between WebSocket clients and the gateway. A handshake is held until
 * the gateway has decided. Extensions are never agreed on, and a sub-protocol only if the gateway
 * names one.
 */
export function createWebSocketServer(options: {
  readonly gateway: Gateway;
  readonly limits: FrameLimits;
  readonly closeTimeoutMs?: number;
  /** Secret name of a header that tells where a handshake comes from. */
  readonly sourceIpHeader?: string | undefined;
}): WebSocketServer {
  const { gateway, limits, sourceIpHeader } = options;
  /** Of the handshake that ws completes right now; it does so, or gives up, in one go. */
  let accepting: Acceptance | undefined;
  const held = new Set<Duplex>();
  const open = new Map<string, WebSocket>();
  let onQuiet = (): void => {};

  const settings = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: 0, // the frame scanner sees to sizes
    maxFragments: 0, // as many as make up a message that is not too large
    closeTimeout: options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
    // ws has checked the handshake when it calls this, and answers it when it is called back.
    verifyClient: (
      { req }: { readonly req: IncomingMessage },
      proceed: (isAccepted: boolean) => void,
    ) => void hold(req, () => proceed(true)),
  };
  const server = new Server(settings); // the types of ws do not know closeTimeout

  server.on("wsClientError", ({ message }, _, request) => void refuse(request, message));

  server.on("headers", (lines) => {
    if (accepting === undefined) return;
    const { headers, subprotocol } = accepting;
    lines.push(...Object.entries(headers).map(headerLine));
    if (subprotocol !== undefined) lines.push(headerLine(["Sec-WebSocket-Protocol", subprotocol]));
  });

  function read(request: IncomingMessage): Handshake {
    const { url = "/", rawHeaders, socket } = request;
    const handshake = { url, rawHeaders, sourceIp: sourceIp(socket.remoteAddress) };
    return withNamedSource(handshake, sourceIpHeader);
  }

  /** Has the gateway answer what is no handshake. */
  async function refuse(request: IncomingMessage, problem: string): Promise<void> {
    const decision = await gateway.connect({ ...read(request), problem });
    if (decision.kind === "reject") return writeFinalAnswer(request.socket, decision);
    request.socket.destroy();
    gateway.abandon(decision.connectionId);
  }

  async function hold(request: IncomingMessage, proceed: () => void): Promise<void> {
    const { socket } = request;
    held.add(socket);
    const release = holdSocket(socket);
    const decision = await gateway.connect(read(request));
    held.delete(socket);
    const isThere = release();

    if (decision.kind === "reject") {
      if (isThere) writeFinalAnswer(socket, decision);
      return;
    }
    accepting = decision;
    if (isThere) proceed();
    if (accepting !== undefined) gateway.abandon(decision.connectionId);
    accepting = undefined;
  }

  function opened(ws: WebSocket, request: IncomingMessage): void {
    if (accepting === undefined) return;
    const { connectionId } = accepting;
    accepting = undefined;
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
    for (const socket of held) socket.destroy();
    for (const ws of open.values()) ws.terminate();
  }

  return {
    upgrade(request, socket, head) {
      // Whatever stands in it is $connect's to judge; ws would refuse what it cannot parse.
      delete request.headers["sec-websocket-protocol"];
      const problem = handshakeProblem(request);
      if (problem !== undefined) return void refuse(request, problem);
      server.handleUpgrade(request, socket, head, opened);
    },
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

/** Of all servers, so that no two pings are alike. */
let pings = 0;

/** A ping and its pong; of a connection that ends meanwhile, its end. */
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
    ws.ping(payload, undefined, () => {}); // while it closes its end is waited for
  });
}
