import type { ServerResponse } from "node:http";
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { pipeline } from "node:stream";
import { whyNotReached } from "../../errors/in-words.ts";

export type ReverseProxy = {
  /**
   * Forwards a request unchanged, and streams its response back. The Host header stays the caller's, because
   * its signature covers it. `onUnreachable` answers if no server listens there. `body` is that of a request
   * that has already been read.
   */
  forward(
    request: IncomingMessage,
    response: ServerResponse,
    endpoint: string,
    onUnreachable: (why: string) => void,
    body?: Buffer,
  ): void;
  /** Closes the kept-alive connections. */
  stop(): void;
};

/** Servers keep theirs for up to 75 s; reusing one that is about to close would fail a request. */
const IDLE_MS = 4_000;

/** Hop-by-hop headers: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Creates a reverse proxy to servers on this machine. */
export function createReverseProxy(): ReverseProxy {
  const plain = new PlainAgent({ keepAlive: true, timeout: IDLE_MS });
  const secure = new SecureAgent({ keepAlive: true, timeout: IDLE_MS });

  return {
    forward(request, response, endpoint, onUnreachable, body) {
      const url = new URL(endpoint);
      const isSecure = url.protocol === "https:";
      const begin = isSecure ? secureRequest : plainRequest;
      const passedOn = begin({
        agent: isSecure ? secure : plain,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port,
        method: request.method,
        path: url.pathname.replace(/\/$/, "") + request.url,
        headers: endToEnd(request.rawHeaders),
        ...(isSecure && { servername: url.hostname }),
      });
      passedOn.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
        pipeline(answer, response, () => {});
      });
      passedOn.on("error", (error: NodeJS.ErrnoException) => {
        if (response.headersSent) response.destroy();
        else onUnreachable(whyNotReached(error));
      });
      response.on("close", () => passedOn.destroy());
      if (body === undefined) pipeline(request, passedOn, () => {});
      else passedOn.end(body);
    },
    stop() {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Headers without hop-by-hop ones and the pseudo-headers of HTTP/2. */
function endToEnd(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.startsWith(":") || HOP_BY_HOP.has(name.toLowerCase())) continue;
    headers.push(name, rawHeaders[at + 1] ?? "");
  }
  return headers;
}
