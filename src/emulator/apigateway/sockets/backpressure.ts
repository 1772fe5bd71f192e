import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { IncomingMessage } from "../ports.ts";

/**
 * Bytes that may wait for a slow client. Above this, posts are answered with 429, and the client's own
 * messages wait until it has read. Assumed: AWS does not publish the size of its buffer.
 */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Maximum unanswered messages of one client, because each reply may have 128 KB. Assumed, as above. */
const MOST_UNANSWERED = 256;

/** Whether more bytes wait for the client of a socket than allowed. */
export function isFull(raw: Duplex): boolean {
  return raw.writableLength > MOST_WAITING_BYTES;
}

/**
 * Passes the messages of one client to the gateway in order. While the client does not read, or too many of
 * its messages are unanswered, messages that were read wait here and the others in the kernel. This bounds
 * the memory for replies.
 */
export class MessageGate {
  readonly #ws: WebSocket;
  readonly #raw: Duplex;
  readonly #answer: (message: IncomingMessage) => Promise<void>;
  #waiting: IncomingMessage[] = [];
  #unanswered = 0;
  #isPaused = false;
  #isOver = false;

  constructor(options: {
    readonly ws: WebSocket;
    readonly raw: Duplex;
    readonly answer: (message: IncomingMessage) => Promise<void>;
  }) {
    this.#ws = options.ws;
    this.#raw = options.raw;
    this.#answer = options.answer;
    this.#raw.on("drain", this.#goOn);
  }

  take(message: IncomingMessage): void {
    if (this.#isPaused || this.#isShut()) {
      this.#waiting.push(message);
      this.#pause();
    } else this.#handOver(message);
  }

  /** Called after each read: pauses reading while no message may be passed on. */
  afterRead(): void {
    if (this.#isShut()) this.#pause();
  }

  /** The connection ends: passes on everything that waits. */
  end(): void {
    this.#isOver = true;
    this.#goOn();
  }

  #isShut(): boolean {
    return !this.#isOver && (this.#unanswered >= MOST_UNANSWERED || isFull(this.#raw));
  }

  /** Pauses through ws, which otherwise resumes after each large read. */
  #pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#ws.pause();
  }

  #handOver(message: IncomingMessage): void {
    this.#unanswered += 1;
    void this.#answer(message).then(this.#answered);
  }

  readonly #answered = (): void => {
    this.#unanswered -= 1;
    this.#goOn();
  };

  readonly #goOn = (): void => {
    if (!this.#isPaused) return;
    while (!this.#isShut()) {
      const message = this.#waiting.shift();
      if (message === undefined) break;
      this.#handOver(message);
    }
    if (this.#waiting.length > 0 || this.#isShut()) return;
    this.#isPaused = false;
    this.#ws.resume();
  };
}
