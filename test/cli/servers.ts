import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { listen } from "../listen.ts";
import { showWhenFailed } from "../show-when-failed.ts";

export type Peer = {
  readonly url: string;
  /** The server's end of the first connection. */
  readonly connected: Promise<{ socket: WebSocket; headers: NodeJS.Dict<string | string[]> }>;
  /** What came in, of all connections. */
  readonly messages: readonly string[];
  /** Settles with code and reason when a connection has closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
};

/**
 * A WebSocket server that ends with the test; `answer` is called with every message. A `greeting` is what
 * it sends to each client that connects.
 */
export async function peer(
  answer: (text: string, socket: WebSocket) => void = () => {},
  { greeting, ...options }: { readonly autoPong?: boolean; readonly greeting?: string } = {},
): Promise<Peer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...options });
  const messages: string[] = [];
  let closing: (how: { code: number; reason: string }) => void = () => {};
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    closing = resolve;
  });
  const connected: Peer["connected"] = new Promise((resolve) => {
    server.on("connection", (socket, request) => {
      socket.on("message", (data) => {
        messages.push(data.toString());
        answer(data.toString(), socket);
      });
      socket.on("close", (code, reason) => closing({ code, reason: reason.toString() }));
      if (greeting !== undefined) socket.send(greeting);
      resolve({ socket, headers: request.headers });
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  showWhenFailed("What came to its server:", () => messages.join("\n"));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/v1`, connected, messages, closed };
}

/** Sends `data` of a JSON message back as it was written, as the sample chat does. */
export function chat(text: string, socket: WebSocket): void {
  socket.send(JSON.stringify(JSON.parse(text).data));
}

/** A server that answers every handshake with an HTTP status. */
export async function rejectingServer(
  status: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  const server = createServer();
  server.on("upgrade", (_request, socket) => {
    const lines = Object.entries({ ...headers, "Content-Length": `${body.length}` });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n${body}`);
  });
  return `ws://127.0.0.1:${await listen(server)}/v1`;
}
