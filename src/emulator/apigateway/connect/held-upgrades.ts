import type { IncomingMessage } from "node:http";
import { WebSocketServer as Server, type WebSocket } from "ws";
import type { Ids } from "../../../ids.ts";
import { answerUpgrade, headerLine } from "../../network/answers.ts";
import type { Upgrade } from "../../network/other-upgrades.ts";
import { sourceIp, takeHeader } from "../../network/source-ip.ts";
import type { Gateway, Handshake } from "../ports.ts";
import { pauseSocket } from "./paused-socket.ts";
import { type Acceptance, afterConnect } from "./rules/client-left.ts";
import { handshakeProblem } from "./rules/handshake-checks.ts";
import { frontDoorRejection, type Rejection } from "./rules/rejection-responses.ts";

/**
 * Names of the headers with a handshake's source address and mock identity. Every client that knows a name is
 * trusted, so they are secret; none of them reaches an event.
 */
export type SecretHeaders = {
  readonly sourceIp?: string | undefined;
  readonly identity?: string | undefined;
};

/** Time for a client to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000;

type HeldUpgradesOptions = {
  readonly gateway: Gateway;
  readonly ids: Ids;
  readonly closeTimeoutMs?: number;
  readonly secretHeaders?: SecretHeaders;
  readonly onOpen: (connectionId: string, ws: WebSocket, request: IncomingMessage) => void;
};

/** Holds each handshake until the gateway has decided, and passes on accepted connections. */
export class HeldUpgrades {
  readonly #options: HeldUpgradesOptions;
  readonly #server: Server;
  /** The handshake that ws is completing; ws completes or rejects it synchronously. */
  #accepting: Acceptance | undefined;
  readonly #held = new Set<IncomingMessage>();
  /** Resumes reading the socket of a rejected handshake; ws passes on only the request. */
  readonly #readsOn = new WeakMap<IncomingMessage, () => void>();

  constructor(options: HeldUpgradesOptions) {
    this.#options = options;
    this.#server = this.#createServer();
  }

  #createServer(): Server {
    const settings = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: 0, // the frame scanner enforces sizes
      maxFragments: 0, // no limit of their own: the message size limits them
      maxPendingAutoPongs: 0, // with the default limit, more than 60 pings in one read would end the connection
      closeTimeout: this.#options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS,
      // ws validates the handshake before it calls this, and answers it after the callback.
      verifyClient: (
        { req }: { readonly req: IncomingMessage },
        proceed: (isAccepted: boolean) => void,
      ) => void this.#hold(req, () => proceed(true)),
    };
    const server = new Server(settings); // the types of ws lack some of these options
    server.on("wsClientError", ({ message }, _, request) => void this.#reject(request, message));
    server.on("headers", (lines) => {
      const accept = lines.find((line) => line.startsWith("Sec-WebSocket-Accept:")) ?? "";
      const [statusLine = ""] = lines;
      lines.splice(0, lines.length, statusLine, ...headersOfAcceptance(accept));
      const { subprotocol } = this.#accepting ?? {};
      if (subprotocol !== undefined)
        lines.push(headerLine(["Sec-WebSocket-Protocol", subprotocol]));
    });
    return server;
  }

  readonly upgrade: Upgrade = (request, socket, head, readOn) => {
    const own = new Set(socket.listeners("error"));
    this.#readsOn.set(request, () => {
      for (const added of socket.listeners("error")) {
        if (!own.has(added)) socket.removeListener("error", added as () => void); // ws leaves its listener on the socket of a rejected handshake
      }
      if (head.length > 0) socket.unshift(head);
      readOn();
    });
    // Any value is for $connect to judge; ws would reject what it cannot parse.
    delete request.headers["sec-websocket-protocol"];
    const problem = handshakeProblem(request);
    if (problem !== undefined) return void this.#reject(request, problem);
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#opened(ws, request));
  };

  /** Rejects the held handshakes because the emulator is stopping. */
  rejectHeld(): void {
    const { gateway, ids } = this.#options;
    gateway.rejectedHeld();
    for (const { socket } of this.#held) {
      answerUpgrade(
        socket,
        frontDoorRejection("stopping", { requestId: ids.uuid(), apigwId: ids.requestId() }),
      );
    }
    this.#held.clear();
  }

  /** Lets the gateway answer an invalid handshake. */
  async #reject(request: IncomingMessage, problem: string): Promise<void> {
    const { gateway, secretHeaders } = this.#options;
    const decision = await gateway.connect({ ...readHandshake(request, secretHeaders), problem });
    if (decision.kind === "reject") return this.#answer(request, decision);
    request.socket.destroy();
    gateway.abandon(decision.connectionId);
  }

  #answer(request: IncomingMessage, rejection: Rejection): void {
    answerUpgrade(request.socket, rejection, this.#readsOn.get(request));
  }

  async #hold(request: IncomingMessage, proceed: () => void): Promise<void> {
    const { gateway, secretHeaders } = this.#options;
    const { socket } = request;
    this.#held.add(request);
    const release = pauseSocket(socket);
    const decision = await gateway.connect(readHandshake(request, secretHeaders));
    const isHeld = this.#held.delete(request);
    const isThere = release() && isHeld;
    const next = afterConnect(decision, isThere);
    if (next.kind === "open") this.#open(next.acceptance, proceed);
    if (next.kind === "answer") this.#answer(request, next.rejection);
    if (next.kind === "abandon") gateway.abandon(next.connectionId);
  }

  #open(acceptance: Acceptance, proceed: () => void): void {
    this.#accepting = acceptance;
    proceed();
    if (this.#accepting === undefined) return;
    this.#accepting = undefined; // ws has not completed it
    this.#options.gateway.abandon(acceptance.connectionId);
  }

  #opened(ws: WebSocket, request: IncomingMessage): void {
    if (this.#accepting === undefined) return;
    const { connectionId } = this.#accepting;
    this.#accepting = undefined;
    this.#options.onOpen(connectionId, ws, request);
  }
}

/** All headers of a 101, in order; captured on AWS. */
function headersOfAcceptance(accept: string): readonly string[] {
  const date = headerLine(["Date", new Date().toUTCString()]);
  return [date, "Connection: upgrade", "Upgrade: websocket", accept];
}

function readHandshake(request: IncomingMessage, secret: SecretHeaders = {}): Handshake {
  const { url = "/", rawHeaders, socket } = request;
  const source = takeHeader(rawHeaders, secret.sourceIp);
  const identity = takeHeader(source?.rawHeaders ?? rawHeaders, secret.identity);
  return {
    url,
    rawHeaders: identity?.rawHeaders ?? source?.rawHeaders ?? rawHeaders,
    sourceIp: source?.value ?? sourceIp(socket.remoteAddress),
    mockedIdentity: identity?.value,
  };
}
