import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { type Clock, createClock } from "../../clock.ts";
import type { Certificates } from "./certificates/certificates.ts";
import { Greetings, httpTimeouts } from "./client-timeouts.ts";
import { hasFreeDescriptor } from "./file-descriptors.ts";
import { listen, type Place } from "./free-port.ts";
import { acceptHttp2, PROTOCOLS } from "./http2.ts";
import { ignoreOtherUpgrades, type Upgrade } from "./other-upgrades.ts";
import { readTarget } from "./request-target.ts";

/** The handlers of requests at a port. */
export type PortHandlers = {
  readonly request: RequestListener;
  readonly upgrade: Upgrade;
};

export type Port = {
  readonly port: number;
  /** Passes on everything that arrives, including what arrived before. Call it once. */
  serve(handlers: PortHandlers): void;
  /** Stops listening and closes every connection, including half-open and idle ones. */
  stop(): Promise<void>;
};

/** A rule rejects headers above API Gateway's own limit; Node must let them through to it. */
const MOST_HEADER_BYTES = 64 * 1024;
const TLS_HANDSHAKE = 0x16;

/**
 * Opens one port for http, https, ws and wss: the first byte of a connection distinguishes TLS from plain
 * text.
 */
export async function startPort(
  options: Place & {
    readonly certificates: Certificates;
    /**
     * Default: the machine's. A clock that tests advance would disconnect clients that are about to connect.
     */
    readonly clock?: Clock;
    readonly headMs?: number;
    /** Called once when no file descriptor is left for the next client. */
    readonly onExhausted?: () => void;
  },
): Promise<Port> {
  const { certificates, clock = createClock(), headMs, onExhausted } = options;
  const http = { maxHeaderSize: MOST_HEADER_BYTES, ...httpTimeouts(headMs) };
  const plain = createServer(http);
  const greetings = new Greetings(clock);
  /** The server for TLS. It takes longer to create than everything else here, and many gateways never need it. */
  let secure: Server | undefined;
  let sort: ((socket: Socket) => void) | undefined;
  const sockets = new Set<Socket>();
  const waiting: Socket[] = [];
  let isExhausted = false;

  const forget = function (this: Socket): void {
    sockets.delete(this);
  };
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", forget);
    socket.on("error", ignore); // a reset by the peer; "close" follows
    if (sort === undefined) waiting.push(socket);
    else sort(socket);
    if (isExhausted || hasFreeDescriptor()) return;
    isExhausted = true;
    onExhausted?.();
  };

  const listening = await listen(options, accept);
  let stopped: Promise<void> | undefined;

  return {
    port: listening.port,
    serve(handlers: PortHandlers): void {
      const request: RequestListener = (incoming, response) => {
        readTarget(incoming);
        handlers.request(incoming, response);
      };
      const upgrade: Upgrade = (incoming, ...socket) => {
        readTarget(incoming);
        handlers.upgrade(incoming, ...socket);
      };
      const openSecure = (): Server => {
        const opened = createSecureServer({ ...http, ...secureOptions(certificates) });
        opened.prependListener("secureConnection", (socket: Socket) => greetings.end(socket));
        opened.on("request", request);
        opened.on("upgrade", ignoreOtherUpgrades(opened, "secureConnection", upgrade));
        acceptHttp2(opened, request);
        enforceTimeouts(opened);
        return opened;
      };
      plain.on("request", request);
      plain.on("upgrade", ignoreOtherUpgrades(plain, "connection", upgrade));
      enforceTimeouts(plain);
      sort = createSorter(plain, () => (secure ??= openSecure()), greetings);
      for (const socket of waiting.splice(0)) sort(socket);
    },
    stop(): Promise<void> {
      stopped ??= listening.stop();
      greetings.stop();
      for (const server of [plain, secure]) server?.close(); // stops the checks of their timeouts
      for (const socket of sockets) socket.destroy();
      return stopped;
    },
  };
}

/**
 * With an empty list, a server does not load the root certificates, which it would need only for client
 * certificates and which takes some tens of ms.
 */
const NO_CLIENTS: string[] = [];

function secureOptions(certificates: Certificates) {
  return {
    cert: certificates.standard.certificate,
    key: certificates.standard.key,
    ca: NO_CLIENTS,
    ALPNProtocols: PROTOCOLS,
    SNICallback: (
      serverName: string,
      callback: (error: Error | null, context?: ReturnType<Certificates["secureContext"]>) => void,
    ) => callback(null, certificates.secureContext(serverName)),
  };
}

function ignore(): void {}

/** These servers do not listen themselves, and Node starts enforcing their timeouts on this event. */
function enforceTimeouts(server: Server): void {
  server.emit("listening");
}

/**
 * Reads the first byte of a socket and passes the socket to the matching server. All sockets share the
 * listeners, because memory per connection counts a thousandfold.
 */
function createSorter(
  plain: Server,
  secure: () => Server,
  greetings: Greetings,
): (socket: Socket) => void {
  const greeted = function (this: Socket): void {
    greetings.end(this);
  };

  function onFirst(this: Socket, first: Buffer): void {
    this.removeListener("end", giveUp);
    this.removeListener("data", onFirst);
    if (first[0] === TLS_HANDSHAKE) {
      this.allowHalfOpen = false; // otherwise a client that leaves during the handshake would stay
      this.pause(); // TLS reads it below its stream
      this.unshift(first);
      secure().emit("connection", this);
    } else {
      greetings.end(this);
      plain.emit("connection", this);
      this.emit("data", first); // to the current listeners: unshift would take several turns of the event loop
    }
  }

  return (socket) => {
    greetings.begin(socket);
    socket.on("close", greeted);
    socket.on("end", giveUp);
    socket.on("data", onFirst);
  };
}

function giveUp(this: Socket): void {
  this.destroy();
}
