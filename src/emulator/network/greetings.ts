import type { Socket } from "node:net";
import type { Clock } from "../../clock.ts";

/** For the first byte and the TLS handshake together. */
const GREETING_MS = 60_000;

/** Sockets that have not yet said what they want: cuts those that take too long, by one timer for all. */
export class Greetings {
  readonly #clock: Clock;
  /** By client, oldest first: a TLS socket does not tell which socket it was made of. */
  readonly #open = new Map<string, { readonly socket: Socket; readonly until: number }>();
  /** Undefined when none is open, or none was when it fell due. */
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(socket: Socket): void {
    this.#open.set(clientOf(socket), { socket, until: this.#clock.elapsed() + GREETING_MS });
    if (this.#cancel === undefined) this.#watch();
  }

  /** `socket` is the one that began, or the TLS socket made of it. */
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
