import type { RequestListener } from "node:http";
import type { Http2Server, Http2ServerRequest } from "node:http2";
import type { Server } from "node:https";
import { createRequire } from "node:module";
import type { TLSSocket } from "node:tls";

/** Protocols for ALPN, preferred first: only clients that accept nothing else get h2. */
export const PROTOCOLS = ["http/1.1", "h2"];

/**
 * Accepts clients that support only HTTP/2 on the same encrypted port. The code for that is loaded with the
 * first of them; all other clients are unaffected.
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
    // Node makes them compatible with HTTP/1; only their types differ.
    const [like, answer] = [request, response] as unknown as Parameters<RequestListener>;
    listener(like, answer);
  });
}

/** HTTP/2 has no Host header, but signatures include it, without the default port of https. */
function nameHost({ authority, headers, rawHeaders }: Http2ServerRequest): void {
  if (headers.host !== undefined || authority === "") return;
  headers.host = authority.replace(/:443$/, "");
  rawHeaders.push("host", headers.host);
}
