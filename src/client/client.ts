import type { IncomingHttpHeaders } from "node:http";
import { WebSocket } from "ws";
import { WsgwError } from "../errors.ts";
import { account, asText, closedError } from "./account.ts";
import { connectionFailure, usage } from "./errors.ts";
import type { ClientOptions, Closed, ReceivedFrame } from "./frames.ts";
import { Inbox } from "./inbox.ts";
import { environmentProxy, proxyAgent } from "./proxy.ts";
import { createSocket } from "./socket.ts";
import { withLimit } from "./waiting.ts";

/** One open connection. */
export type Client = {
  readonly url: string;
  /** The negotiated sub-protocol, or "". */
  readonly protocol: string;
  /** All received messages, oldest first, including those that `next()` has returned. */
  readonly received: readonly ReceivedFrame[];
  /** Resolves when the connection has ended, from either side; never rejects. */
  readonly closed: Promise<Closed>;
  /** Sends one message in one frame. Throws CONNECTION_CLOSED once the connection has ended. */
  send(message: string | Uint8Array): void;
  /** Sends one message in several frames, one per part. */
  sendFragments(parts: readonly (string | Uint8Array)[]): void;
  /**
   * The oldest message not returned yet, else the next one; a binary one as hexadecimal. Rejects with
   * CONNECTION_CLOSED if the connection has ended, with WAIT_TIMED_OUT if none arrives in time.
   */
  next(options?: { readonly timeoutMs?: number }): Promise<string>;
  /**
   * Round trip of a ping, in ms. API Gateway itself answers pings; handlers do not see them. Rejects as
   * `next` does.
   */
  ping(options?: { readonly timeoutMs?: number }): Promise<number>;
  /** Starts the closing handshake, by default without a status code, and waits for its end. */
  close(code?: number, reason?: string): Promise<Closed>;
  /** Drops the TCP connection without a close frame. */
  terminate(): void;
  /** Calls `listener` for every future message; the returned function unsubscribes. */
  onFrame(listener: (frame: ReceivedFrame) => void): () => void;
  /** Calls `listener` for every ping of the server; pongs are sent automatically. */
  onPing(listener: () => void): () => void;
};

/** The result of a handshake. */
export type Opening =
  | {
      readonly kind: "open";
      readonly client: Client;
      /** Headers of the 101; names in lower case. */
      readonly headers: IncomingHttpHeaders;
    }
  | {
      readonly kind: "refused";
      readonly statusCode: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: string;
    };

const NEXT_MS = 10_000;
const BODY_LIMIT_BYTES = 64 * 1024;

/**
 * Opens a WebSocket. A handshake that is answered with an HTTP status is a value; one without a response
 * rejects with CONNECTION_FAILED. Offers permessage-deflate, as browsers do, so that `$connect` events
 * contain the same header as on AWS.
 */
export async function openClient(url: string, options: ClientOptions = {}): Promise<Opening> {
  const { proxy } = options;
  const chosen = proxy === "environment" ? await environmentProxy(url) : proxy;
  const agent = chosen === undefined ? undefined : await proxyAgent(chosen, options);
  const socket = createSocket(url, options, agent);
  return new Promise((resolve, reject) => {
    // Created before the handshake ends: a frame may arrive in the same packet as the 101.
    const client = new SocketClient(socket, url, options.nextTimeoutMs ?? NEXT_MS);
    let headers: IncomingHttpHeaders = {};
    socket.once("upgrade", (response) => {
      headers = response.headers;
    });
    socket.once("open", () => resolve({ kind: "open", client, headers }));
    socket.once("error", (error) => reject(connectionFailure(url, error, chosen)));
    socket.once("unexpected-response", (request, response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = () => {
        resolve({
          kind: "refused",
          statusCode: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
        request.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > BODY_LIMIT_BYTES) finish();
      });
      response.once("close", finish);
      response.once("error", finish);
    });
  });
}

/** A client over a socket during its handshake. */
class SocketClient implements Client {
  readonly url: string;
  readonly closed: Promise<Closed>;
  readonly #socket: WebSocket;
  readonly #nextTimeoutMs: number;
  readonly #inbox = new Inbox<ReceivedFrame, Closed>();
  readonly #listeners = new Set<(frame: ReceivedFrame) => void>();
  #pings = 0;

  constructor(socket: WebSocket, url: string, nextTimeoutMs: number) {
    this.url = url;
    this.#socket = socket;
    this.#nextTimeoutMs = nextTimeoutMs;
    socket.on("message", (data: Buffer, isBinary) => this.#receive(data, isBinary));
    // Errors of an open connection end it; "close" follows with the code.
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        const how = { code, reason: reason.toString("utf8") };
        this.#inbox.end(how);
        resolve(how);
      });
    });
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  get received(): readonly ReceivedFrame[] {
    return this.#inbox.items;
  }

  send(message: string | Uint8Array): void {
    this.#failIfOver("before a message could be sent");
    this.#socket.send(message);
  }

  sendFragments(parts: readonly (string | Uint8Array)[]): void {
    this.#failIfOver("before a message could be sent");
    const binary = typeof parts[0] !== "string"; // the first frame determines the type of the message
    parts.forEach((part, at) => {
      this.#socket.send(part, { binary, fin: at === parts.length - 1 });
    });
  }

  async next({ timeoutMs = this.#nextTimeoutMs } = {}): Promise<string> {
    const frame = await this.#inbox.take({
      timeoutMs,
      ended: (how) => this.#over(how, "while a frame was awaited"),
      timedOut: () =>
        new WsgwError(
          "WAIT_TIMED_OUT",
          `${this.url} sent no frame within ${timeoutMs} ms; ${account(this.received.map(asText), "frames")}.`,
        ),
    });
    return asText(frame);
  }

  async ping({ timeoutMs = this.#nextTimeoutMs } = {}): Promise<number> {
    this.#failIfOver("before a ping could be sent");
    this.#pings += 1;
    const answer = awaitPong(this.#socket, `wsgw-${this.#pings}`);
    const lost = this.closed.then((how) => {
      throw this.#over(how, "before the ping was answered");
    });
    const late = `${this.url} did not answer a ping within ${timeoutMs} ms.`;
    return withLimit(
      Promise.race([answer.came, lost]),
      timeoutMs,
      () => new WsgwError("WAIT_TIMED_OUT", late),
    ).finally(answer.forget);
  }

  close(code?: number, reason?: string): Promise<Closed> {
    try {
      this.#socket.close(code, reason);
    } catch (error) {
      return Promise.reject(usage(`Cannot close with code ${code}`, error));
    }
    return this.closed;
  }

  terminate(): void {
    this.#socket.terminate();
  }

  onFrame(listener: (frame: ReceivedFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onPing(listener: () => void): () => void {
    this.#socket.on("ping", listener);
    return () => void this.#socket.off("ping", listener);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const frame: ReceivedFrame = isBinary
      ? { kind: "binary", bytes: data }
      : { kind: "text", text: data.toString("utf8") };
    this.#inbox.put(frame);
    for (const listener of this.#listeners) listener(frame);
  }

  #failIfOver(during: string): void {
    const how = this.#inbox.ending;
    if (how !== undefined) throw this.#over(how, during);
    if (this.#socket.readyState === WebSocket.OPEN) return;
    throw new WsgwError("CONNECTION_CLOSED", `The connection to ${this.url} is closing.`);
  }

  #over(how: Closed, during: string): WsgwError {
    return closedError(this.url, how, during, this.received);
  }
}

/** Pings with `payload`; `came` resolves with the ms until its pong. */
function awaitPong(socket: WebSocket, payload: string) {
  const sentAt = performance.now();
  let forget = () => {};
  const came = new Promise<number>((resolve) => {
    const onPong = (data: Buffer) => {
      if (data.toString("utf8") === payload) resolve(performance.now() - sentAt);
    };
    socket.on("pong", onPong);
    forget = () => void socket.off("pong", onPong);
    socket.ping(payload);
  });
  return { came, forget };
}
