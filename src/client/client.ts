import type { IncomingHttpHeaders } from "node:http";
import { WebSocket } from "ws";
import { WsgwError } from "../errors.ts";
import { account, asText, closedError } from "./account.ts";
import { connectionFailure, usage } from "./errors.ts";
import type { ClientOptions, Closed, ReceivedFrame } from "./frames.ts";
import { createInbox } from "./inbox.ts";
import { environmentProxy, proxyAgent } from "./proxy.ts";
import { createSocket } from "./socket.ts";

/** One open connection. */
export type Client = {
  readonly url: string;
  /** The sub-protocol that was agreed on, or "". */
  readonly protocol: string;
  /** Everything that has come so far, oldest first, whether `next()` has handed it out or not. */
  readonly received: readonly ReceivedFrame[];
  /** Settles when the connection has ended, whoever ended it; never rejects. */
  readonly closed: Promise<Closed>;
  /** Sends one message in one frame. Fails with CONNECTION_CLOSED once the connection has ended. */
  send(message: string | Uint8Array): void;
  /** Sends one message in several frames, one for each part. */
  sendFragments(parts: readonly (string | Uint8Array)[]): void;
  /**
   * The oldest message not handed out yet, else the next to come; a binary one as hexadecimal. Fails with
   * CONNECTION_CLOSED when none can come any more, with WAIT_TIMED_OUT when none comes in time.
   */
  next(options?: { readonly timeoutMs?: number }): Promise<string>;
  /**
   * Round trip of a ping, in ms. API Gateway answers pings by itself; no handler sees them. Fails as
   * `next` does.
   */
  ping(options?: { readonly timeoutMs?: number }): Promise<number>;
  /** Starts the closing handshake, without a status code when none is given, and waits for its end. */
  close(code?: number, reason?: string): Promise<Closed>;
  /** Drops the TCP connection without a close frame. */
  terminate(): void;
  /** Calls `listener` for every message from now on; the returned function ends that. */
  onFrame(listener: (frame: ReceivedFrame) => void): () => void;
  /** Calls `listener` for every ping of the server, which is answered by itself. */
  onPing(listener: () => void): () => void;
};

/** What became of a handshake. */
export type Opening =
  | {
      readonly kind: "open";
      readonly client: Client;
      /** Of the 101; names in lower case. */
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
 * Opens a WebSocket. A handshake that is answered with an HTTP status is a value; one that is not
 * answered at all fails with CONNECTION_FAILED. Offers permessage-deflate, as browsers do, so that
 * `$connect` events show the header that they show on AWS.
 */
export async function openClient(url: string, options: ClientOptions = {}): Promise<Opening> {
  const { proxy } = options;
  const chosen = proxy === "environment" ? await environmentProxy(url) : proxy;
  const agent = chosen === undefined ? undefined : await proxyAgent(chosen, options);
  const socket = createSocket(url, options, agent);
  return new Promise((resolve, reject) => {
    // Made before the handshake ends: a frame may come in the same packet as the 101.
    const client = wrap(socket, url, options.nextTimeoutMs ?? NEXT_MS);
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

function wrap(socket: WebSocket, url: string, nextTimeoutMs: number): Client {
  const inbox = createInbox<ReceivedFrame, Closed>();
  const listeners = new Set<(frame: ReceivedFrame) => void>();
  let pings = 0;
  let ended: Closed | undefined;

  socket.on("message", (data: Buffer, isBinary) => {
    const frame: ReceivedFrame = isBinary
      ? { kind: "binary", bytes: data }
      : { kind: "text", text: data.toString("utf8") };
    inbox.put(frame);
    for (const listener of listeners) listener(frame);
  });
  // Errors of an open connection end it; "close" follows and tells the code.
  socket.on("error", () => {});
  const closed = new Promise<Closed>((resolve) => {
    socket.once("close", (code, reason) => {
      ended = { code, reason: reason.toString("utf8") };
      inbox.end(ended);
      resolve(ended);
    });
  });
  const over = (how: Closed, during: string) => closedError(url, how, during, inbox.items);
  const failIfOver = (during: string) => {
    if (ended !== undefined) throw over(ended, during);
    if (socket.readyState === WebSocket.OPEN) return;
    throw new WsgwError("CONNECTION_CLOSED", `The connection to ${url} is being closed.`);
  };

  return {
    url,
    get protocol() {
      return socket.protocol;
    },
    received: inbox.items,
    closed,
    send(message) {
      failIfOver("before a message could be sent");
      socket.send(message);
    },
    sendFragments(parts) {
      failIfOver("before a message could be sent");
      const binary = typeof parts[0] !== "string"; // the first frame says what the message is
      parts.forEach((part, at) => {
        socket.send(part, { binary, fin: at === parts.length - 1 });
      });
    },
    async next({ timeoutMs = nextTimeoutMs } = {}) {
      const frame = await inbox.take(timeoutMs, (missed) =>
        missed.kind === "ended"
          ? over(missed.ending, "while a frame was awaited")
          : new WsgwError(
              "WAIT_TIMED_OUT",
              `No frame came from ${url} within ${timeoutMs} ms; ${account(inbox.items.map(asText), "frames")}.`,
            ),
      );
      return asText(frame);
    },
    async ping({ timeoutMs = nextTimeoutMs } = {}) {
      failIfOver("before a ping could be sent");
      pings += 1;
      const answer = awaitPong(socket, `wsgw-${pings}`);
      const lost = closed.then((how) => {
        throw over(how, "before the ping was answered");
      });
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const message = `${url} did not answer a ping within ${timeoutMs} ms.`;
        timer = setTimeout(() => reject(new WsgwError("WAIT_TIMED_OUT", message)), timeoutMs);
      });
      try {
        return await Promise.race([answer.came, lost, late]);
      } finally {
        clearTimeout(timer);
        answer.forget();
      }
    },
    close(code, reason) {
      try {
        socket.close(code, reason);
      } catch (error) {
        return Promise.reject(usage(`Cannot close with code ${code}`, error));
      }
      return closed;
    },
    terminate: () => socket.terminate(),
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onPing(listener) {
      socket.on("ping", listener);
      return () => void socket.off("ping", listener);
    },
  };
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
