import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { whyNotReached } from "../../errors/in-words.ts";
import { onlyOnce } from "../../values/only-once.ts";
import { listenLocally } from "./listen.ts";

/** Where a connection that a program asks for is led. */
export type Lead =
  /** Wherever it wanted to go. */
  | { readonly kind: "straight" }
  | { readonly kind: "to"; readonly host: string; readonly port: number }
  | { readonly kind: "refused"; readonly message: string };

/** A proxy for programs that cannot be told otherwise where AWS is. */
export type ConnectProxy = {
  /** Value of `HTTPS_PROXY`. */
  readonly url: string;
  stop(): Promise<void>;
};

/**
 * Starts a proxy on 127.0.0.1 that leads connections where `lead` says. It knows `CONNECT` only: TLS
 * ends at either end of the connection, never here.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
export async function startConnectProxy(
  lead: (host: string, port: number) => Lead,
): Promise<ConnectProxy> {
  const sockets = new Set<Duplex>();
  const server = createServer((_, response) => {
    response.writeHead(405, { allow: "CONNECT", "content-type": "text/plain" });
    response.end("This proxy passes https on; http needs none.\n");
  });
  server.on("connection", keep);
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => {}); // the program's way to leave
    const target = targetOf(request.url ?? "");
    if (target === undefined) return refuse(client, "400 Bad Request", "CONNECT needs host:port.");
    const way = lead(target.host, target.port);
    if (way.kind === "refused") return refuse(client, "403 Forbidden", way.message);
    const { host, port } = way.kind === "to" ? way : target;
    join(client, head, host, port);
  });

  function join(client: Duplex, head: Buffer, host: string, port: number): void {
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
        refuse(client, "502 Bad Gateway", `${host}:${port} cannot be reached: ${why}`);
      }
    });
    far.once("close", () => {
      if (open) client.destroy();
    });
    client.once("close", () => far.destroy());
  }

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

/** `example.com:443`, `[::1]:443` */
function targetOf(authority: string): { host: string; port: number } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(authority) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port: Number(port) };
}

function refuse(client: Duplex, status: string, message: string): void {
  const body = `${message}\n`;
  client.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
