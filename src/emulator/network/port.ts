import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Socket } from "node:net";
import { type Clock, createClock } from "../../clock.ts";
import type { Certificates } from "./certificates/certificates.ts";
import { hasFreeDescriptor } from "./file-descriptors.ts";
import { Greetings } from "./greetings.ts";
import { acceptHttp2, PROTOCOLS } from "./http2.ts";
import { listen, type Place } from "./listen.ts";
import { ignoreOtherUpgrades, type Upgrade } from "./other-upgrades.ts";
import { readTarget } from "./request-target.ts";

/** What answers the requests that come in at a port. */
export type PortHandlers = {
  readonly request: RequestListener;
  readonly upgrade: Upgrade;
};

export type Port = {
  readonly port: number;
  /** Hands over what comes in, also what came in before. To be called once. */
  serve(handlers: PortHandlers): void;
  /** Stops listening and cuts every connection, also half-open and idle ones. */
  stop(): Promise<void>;
};

/** For ever: an agent in a frozen Lambda environment reuses its connection whenever that wakes up. */
const KEEP_ALIVE_MS = 0;
/** A rule refuses what is above API Gateway's own limit; Node is only to let it get that far. */
const MOST_HEADER_BYTES = 64 * 1024;
/** For the head of each request; the client is answered 408. */
const HEAD_MS = 60_000;
const TLS_HANDSHAKE = 0x16;

/** Opens one port for http, https, ws and wss: the first byte of a connection tells TLS from plain. */
export async function startPort(
  options: Place & {
    readonly certificates: Certificates;
    /** Default: the machine's. A clock that tests move would cut clients that are just about to connect. */
    readonly clock?: Clock;
    readonly headMs?: number;
    /** Called once, when the next client cannot be accepted for want of a file descriptor. */
    readonly onExhausted?: () => void;
  },
): Promise<Port> {
  const { certificates, clock = createClock(), headMs = HEAD_MS, onExhausted } = options;
  const http = { ...HTTP_OPTIONS, headersTimeout: headMs, connectionsCheckingInterval: headMs / 2 };
  const plain = createServer(http);
  const secure = createSecureServer({ ...http, ...secureOptions(certificates) });
  const greetings = new Greetings(clock);
  const sort = createSorter(plain, secure, greetings);
  const sockets = new Set<Socket>();
  const waiting: Socket[] = [];
  let serving = false;
  let isExhausted = false;

  const forget = function (this: Socket): void {
    sockets.delete(this);
  };
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", forget);
    socket.on("error", ignore); // a reset is the peer's way to leave; "close" follows
    if (serving) sort(socket);
    else waiting.push(socket);
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
      for (const server of [plain, secure]) server.on("request", request);
      plain.on("upgrade", ignoreOtherUpgrades(plain, "connection", upgrade));
      secure.on("upgrade", ignoreOtherUpgrades(secure, "secureConnection", upgrade));
      acceptHttp2(secure, request);
      // They do not listen themselves, and this is when Node begins to look at the limits of its servers.
      for (const server of [plain, secure]) server.emit("listening");
      serving = true;
      for (const socket of waiting.splice(0)) sort(socket);
    },
    stop(): Promise<void> {
      stopped ??= listening.stop();
      greetings.stop();
      for (const server of [plain, secure]) server.close(); // ends what looks at their limits
      for (const socket of sockets) socket.destroy();
      return stopped;
    },
  };
}

const HTTP_OPTIONS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  maxHeaderSize: MOST_HEADER_BYTES,
} as const;

/** Without a list of its own a server reads the world's authorities, for some tens of ms, to check certificates of clients by. */
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

/**
 * Looks at the first byte of a socket and gives it to the server that can read it. Listeners are made once for all
 * sockets: what each connection takes counts a thousand times.
 */
function createSorter(
  plain: Server,
  secure: Server,
  greetings: Greetings,
): (socket: Socket) => void {
  const greeted = function (this: Socket): void {
    greetings.end(this);
  };
  secure.prependListener("secureConnection", (socket: Socket) => greetings.end(socket));

  function onFirst(this: Socket, first: Buffer): void {
    this.removeListener("end", giveUp);
    this.removeListener("data", onFirst);
    if (first[0] === TLS_HANDSHAKE) {
      this.allowHalfOpen = false; // or a client that leaves within the handshake would stay
      this.pause(); // it is read below its stream
      this.unshift(first);
      secure.emit("connection", this);
    } else {
      greetings.end(this);
      plain.emit("connection", this);
      this.emit("data", first); // to those who listen now: putting it back would take several turns of the loop
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
