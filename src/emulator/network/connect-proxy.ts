import {
  createServer,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { whyNotReached } from "../../errors/in-words.ts";
import { onlyOnce } from "../../values/only-once.ts";
import { listenLocally } from "./free-port.ts";

/** The destination of a program's connection. */
export type Lead =
  /** Its original destination. */
  | { readonly kind: "straight" }
  | { readonly kind: "to"; readonly host: string; readonly port: number }
  | { readonly kind: "rejected"; readonly message: string };

/** A proxy for programs whose AWS endpoints cannot be configured otherwise. */
export type ConnectProxy = {
  /** Value of `HTTPS_PROXY` and `HTTP_PROXY`. */
  readonly url: string;
  stop(): Promise<void>;
};

/**
 * Starts a proxy on 127.0.0.1 that routes connections as `lead` says. With `CONNECT`, TLS ends at the program
 * and the destination, never here; plain requests contain their whole URL.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 * @see https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form
 */
export async function startConnectProxy(
  lead: (host: string, port: number) => Lead,
): Promise<ConnectProxy> {
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    const [, authority, path = ""] =
      /^http:\/\/(?:[^/?@]*@)?([^/?]+)(.*)$/i.exec(request.url ?? "") ?? [];
    const target = authority === undefined ? undefined : targetOf(authority, 80);
    if (authority === undefined || target === undefined) {
      response.setHeader("allow", "CONNECT");
      return answer(response, 405, "This is a proxy. It accepts CONNECT and absolute URLs.");
    }
    const way = lead(target.host, target.port);
    if (way.kind === "rejected") return answer(response, 403, way.message);
    const { host, port } = way.kind === "to" ? way : target;
    const headers = ["Host", authority, ...endToEnd(request.rawHeaders, "host")];
    const whole = path.startsWith("/") ? path : `/${path}`;
    forward(request, response, { host, port, path: whole, headers }, keep);
  });
  server.on("connection", keep);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => {}); // how the program disconnects
    const target = targetOf(request.url ?? "");
    if (target === undefined) return reject(client, "400 Bad Request", "CONNECT needs host:port.");
    const way = lead(target.host, target.port);
    if (way.kind === "rejected") return reject(client, "403 Forbidden", way.message);
    const { host, port } = way.kind === "to" ? way : target;
    tunnel(client, head, { host, port }, keep);
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  }

  const port = await listenLocally(server);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `http://127.0.0.1:${port}`, stop: onlyOnce(stop) };
}

type Keep = (socket: Socket) => void;

/** Connects a client to its destination; `head` is what it has already sent. */
function tunnel(
  client: Duplex,
  head: Buffer,
  { host, port }: { readonly host: string; readonly port: number },
  keep: Keep,
): void {
  const far = connect({ host, port, allowHalfOpen: true, noDelay: true });
  keep(far);
  let open = false;
  far.once("connect", () => {
    open = true;
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (head.length > 0) far.write(head);
    client.pipe(far);
    far.pipe(client);
  });
  far.on("error", (error) => {
    if (open) client.destroy();
    else {
      const why = whyNotReached(error);
      reject(client, "502 Bad Gateway", `${host}:${port} is unreachable: ${why}`);
    }
  });
  far.once("close", () => {
    if (open) client.destroy();
  });
  client.once("close", () => far.destroy());
}

/** Forwards a plain request, and its response. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  to: { readonly host: string; readonly port: number; path: string; headers: readonly string[] },
  keep: Keep,
): void {
  const { method } = request;
  const far = openRequest({ ...to, method, agent: false });
  far.on("socket", keep);
  far.once("response", (answered) => {
    const { statusCode = 502, statusMessage, rawHeaders } = answered;
    response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
    pipeline(answered, response, () => {}); // either side may disconnect
  });
  far.on("error", (error) => {
    if (response.headersSent) response.destroy();
    else answer(response, 502, `${to.host}:${to.port} is unreachable: ${whyNotReached(error)}`);
  });
  response.once("close", () => far.destroy());
  request.pipe(far);
}

/** `example.com:443`, `[::1]:443` */
function targetOf(
  authority: string,
  defaultPort?: number,
): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, written] =
    /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = bracketed ?? plain;
  const port = written === undefined ? defaultPort : Number(written);
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** Hop-by-hop headers, in addition to those in `Connection`. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** Names and values, alternating, of the end-to-end headers. */
function endToEnd(rawHeaders: readonly string[], ...others: readonly string[]): string[] {
  const pairs = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ""] as const] : [],
  );
  const named = pairs
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.toLowerCase().split(/\s*,\s*/));
  const dropped = new Set([...HOP_BY_HOP, ...others, ...named]);
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(`${message}\n`);
}

function reject(client: Duplex, status: string, message: string): void {
  const body = `${message}\n`;
  client.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
