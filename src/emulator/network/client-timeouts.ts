import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";

/** For the first byte and the TLS handshake together. */
const GREETING_MS = 60_000;

/** For the head of each request; after that the client gets 408. */
const HEAD_MS = 60_000;

/**
 * Settings of an HTTP server. It looks for slow clients twice in `headMs`. Between requests a client has as long
 * as it wants: an agent in a frozen Lambda environment reuses its connection whenever the environment resumes.
 */
export function httpTimeouts(headMs = HEAD_MS) {
  return {
    headersTimeout: headMs,
    connectionsCheckingInterval: headMs / 2,
    keepAliveTimeout: 0,
  } as const;
}

/** Sockets whose protocol is not known yet: closes slow ones, with one timer for all. */
export class Greetings {
  readonly #clock: Clock;
  /** By client, oldest first: a TLS socket does not expose its underlying socket. */
  readonly #open = new Map<string, { readonly socket: Socket; readonly until: number }>();
  /** Undefined if no socket was open when it expired. */
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(socket: Socket): void {
    this.#open.set(clientOf(socket), { socket, until: this.#clock.elapsed() + GREETING_MS });
    if (this.#cancel === undefined) this.#watch();
  }

  /** `socket` is the original one, or its TLS socket. */
  end(socket: Socket): void {
    this.#open.delete(clientOf(socket));
  }

  stop(): void {
    this.#cancel?.();
  }

  #watch(): void {
    const [oldest] = this.#open.values();
    this.#cancel =
      oldest && this.#clock.schedule(oldest.until - this.#clock.elapsed(), () => this.#sweep());
  }

  #sweep(): void {
    for (const { socket, until } of this.#open.values()) {
      if (until > this.#clock.elapsed()) break;
      this.end(socket);
      socket.destroy();
    }
    this.#watch();
  }
}

function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
