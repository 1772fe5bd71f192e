import type { RequestListener } from "node:http";
import type { Http2Server, Http2ServerRequest } from "node:http2";
import type { Server } from "node:https";
import { createRequire } from "node:module";
import type { TLSSocket } from "node:tls";

/** What is offered by name in a TLS handshake, most wanted first: only clients that want nothing else get h2. */
export const PROTOCOLS = ["http/1.1", "h2"];

/**
 * Lets clients that speak only HTTP/2 in by the same encrypted port. What that takes is loaded with the
 * first of them; all others go the way that they went.
 */
export function acceptHttp2(secure: Server, listener: RequestListener): void {
  const others = secure.listeners("secureConnection");
  let http2: Http2Server | undefined;
  secure.removeAllListeners("secureConnection");
  secure.on("secureConnection", (socket: TLSSocket) => {
    if (socket.alpnProtocol === "h2") {
      http2 ??= createHttp2(listener);
      http2.emit("connection", socket);
    } else {
      for (const other of others) other.call(secure, socket);
    }
  });
}

function createHttp2(listener: RequestListener): Http2Server {
  const { createServer } = createRequire(import.meta.url)(
    "node:http2",
  ) as typeof import("node:http2");
  return createServer((request, response) => {
    nameHost(request);
    // Made by Node to be used like those of HTTP/1; only their types do not say so.
    const [like, answer] = [request, response] as unknown as Parameters<RequestListener>;
    listener(like, answer);
  });
}

/** HTTP/2 has no Host header, but signatures are about one, which never names the port of https. */
function nameHost({ authority, headers, rawHeaders }: Http2ServerRequest): void {
  if (headers.host !== undefined || authority === "") return;
  headers.host = authority.replace(/:443$/, "");
  rawHeaders.push("host", headers.host);
}
