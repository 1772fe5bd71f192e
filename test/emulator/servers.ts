import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket as NetSocket } from "node:net";
import { onTestFinished } from "vitest";
import WebSocket, { type ClientOptions } from "ws";
import type { ProtocolBreach } from "../../src/emulator/apigateway/disconnect/rules/close-codes.ts";
import { createConnectionsRouter } from "../../src/emulator/apigateway/management/management-api.ts";
import type {
  Gateway,
  Handshake,
  IncomingMessage,
  Socket,
} from "../../src/emulator/apigateway/ports.ts";
import { createWebSocketServer } from "../../src/emulator/apigateway/sockets/websocket-server.ts";
import type { Fact, Journal } from "../../src/emulator/facts.ts";
import { createRequestListener } from "../../src/emulator/http-requests.ts";
import type { SecretFor } from "../../src/emulator/iam/rules/verify-signature.ts";
import { createJournal } from "../../src/emulator/journal/journal.ts";
import {
  type Certificates,
  loadCertificates,
} from "../../src/emulator/network/certificates/certificates.ts";
import { startPort } from "../../src/emulator/network/port.ts";
import type { Ids } from "../../src/ids.ts";
import { factLines, showWhenFailed } from "../show-when-failed.ts";
import { createQueue, type Queue } from "./queue.ts";

export const ID = "Xux7aeaAFiACHZQ=";

export const KEY = {
  accessKeyId: "AKIAISSUED",
  secretAccessKey: "issued/secret",
  sessionToken: "issued/token",
};

/** Ids that a test can compare. */
export const fixedIds: Ids = {
  connectionId: () => ID,
  messageId: () => "Xux7ceaBliACHZQ=",
  requestId: () => "Xux7cExqliAFojw=",
  uuid: () => "8f0d2b3e-0000-4000-8000-000000000001",
  traceId: () => "Root=1-630f62cc-0123456789abcdef01234567",
};

export type FakeGateway = Gateway & {
  readonly handshakes: Queue<Handshake>;
  readonly opened: Queue<Socket>;
  readonly messages: Queue<IncomingMessage>;
  readonly pings: Queue<string>;
  readonly oversizes: Queue<string>;
  readonly breaches: Queue<{ readonly connectionId: string; readonly how: ProtocolBreach }>;
  readonly closes: Queue<{
    readonly connectionId: string;
    readonly code: number;
    readonly reason: string;
  }>;
  readonly abandoned: Queue<string>;
};

/** A gateway that accepts everything, remembers it, and closes what is too large. */
export function fakeGateway(overrides: Partial<Gateway> = {}): FakeGateway {
  const handshakes = createQueue<Handshake>();
  const opened = createQueue<Socket>();
  const messages = createQueue<IncomingMessage>();
  const pings = createQueue<string>();
  const oversizes = createQueue<string>();
  const breaches = createQueue<{ connectionId: string; how: ProtocolBreach }>();
  const closes = createQueue<{ connectionId: string; code: number; reason: string }>();
  const abandoned = createQueue<string>();
  showWhenFailed("What its gateway was told:", () =>
    factLines([{ handshakes, messages, pings, oversizes, breaches, closes, abandoned }]),
  );
  return {
    handshakes,
    opened,
    messages,
    pings,
    oversizes,
    breaches,
    closes,
    abandoned,
    async connect(handshake) {
      handshakes.push(handshake);
      return { kind: "accept", connectionId: ID, subprotocol: undefined, headers: {} };
    },
    rejectedHeld() {},
    open: (_, socket) => opened.push(socket),
    abandon: (connectionId) => abandoned.push(connectionId),
    async message(_, message) {
      messages.push(message);
    },
    pinged: (connectionId) => pings.push(connectionId),
    oversized(connectionId) {
      oversizes.push(connectionId);
      opened.all.at(-1)?.close(1009, "");
    },
    broken: (connectionId, how) => breaches.push({ connectionId, how }),
    closed: (connectionId, code, reason) => closes.push({ connectionId, code, reason }),
    post: () => ({ kind: "gone" }),
    describe: () => undefined,
    remove: () => false,
    ...overrides,
  };
}

export type Servers = {
  readonly port: number;
  readonly certificates: Certificates;
  readonly journal: Journal;
  terminateAll(): void;
  stopWebSockets(graceMs: number): Promise<void>;
  flushed(connectionId: string): Promise<void>;
  stop(): Promise<void>;
};

/** Starts all servers of one gateway on a free port, and stops them with the test. */
export async function startServers(
  gateway: Gateway,
  options: {
    readonly secretFor?: SecretFor;
    readonly closeTimeoutMs?: number;
    readonly isTlsOnly?: boolean;
    /** Whether the invocation with this `Parent` of a trace id runs. Default: none does. */
    readonly isRunning?: (traceParent: string) => boolean;
  } = {},
): Promise<Servers> {
  const certificates = loadCertificates({ stateDir: undefined, now: Date.now() });
  const journal = createJournal<Fact>(() => 0);
  const webSockets = createWebSocketServer({
    gateway,
    ids: fixedIds,
    limits: { frameBytes: 32_768, messageBytes: 131_072 },
    ...(options.closeTimeoutMs !== undefined && { closeTimeoutMs: options.closeTimeoutMs }),
  });
  const port = await startPort({ host: "127.0.0.1", port: 0, certificates });
  port.serve({
    request: createRequestListener(
      createConnectionsRouter({
        gateway,
        ids: fixedIds,
        journal,
        stages: new Map([["v1", "v1"]]),
        secretFor:
          options.secretFor ??
          ((accessKeyId) =>
            accessKeyId === KEY.accessKeyId ? { ...KEY, functionName: "send" } : undefined),
        check: () => undefined,
        throttling: { call: () => undefined },
        place: { region: "us-east-1", accountId: "123456789012", apiId: "a1b2c3d4e5" },
        invocations: { of: () => undefined, isRunning: options.isRunning ?? (() => false) },
        bodyBytes: 131_072,
        ...(options.isTlsOnly !== undefined && { isTlsOnly: options.isTlsOnly }),
      }),
      new Set(["v1"]),
      fixedIds,
    ),
    upgrade: webSockets.upgrade,
  });
  onTestFinished(() => port.stop());
  return {
    port: port.port,
    certificates,
    journal,
    terminateAll: webSockets.terminateAll,
    stopWebSockets: webSockets.stop,
    flushed: webSockets.flushed,
    stop: port.stop,
  };
}

export type Client = {
  readonly ws: WebSocket;
  readonly texts: Queue<string>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
};

/** A plain client, open; it goes with the test. */
export async function openClient(
  url: string,
  protocols: string[] = [],
  options: ClientOptions = {},
): Promise<Client> {
  const ws = new WebSocket(url, protocols, options);
  onTestFinished(() => ws.terminate());
  const texts = createQueue<string>();
  ws.on("message", (data) => texts.push(data.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(ws, "open");
  ws.on("error", () => {});
  return { ws, texts, closed };
}

/** What a refused handshake is answered. */
export async function rejectedHandshake(url: string, options: ClientOptions = {}) {
  const ws = new WebSocket(url, options);
  ws.on("error", () => {});
  const [request, response] = await once(ws, "unexpected-response");
  let body = "";
  for await (const chunk of response) body += chunk;
  request.destroy();
  return { statusCode: response.statusCode, headers: response.headers, body };
}

/** A bare socket to the port. */
export async function openSocket(port: number): Promise<NetSocket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Everything that comes until the other side ends or `until` is seen. */
export function readUntil(socket: NetSocket, until: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const onData = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (text.includes(until)) done();
    };
    const done = () => {
      socket.removeListener("data", onData);
      socket.removeListener("end", done);
      socket.removeListener("close", done);
      resolve(text);
    };
    socket.on("data", onData);
    socket.once("end", done);
    socket.once("close", done);
  });
}

/** The bytes of a handshake, as a client writes them. */
export function handshakeBytes(
  url = "/v1",
  headers: Record<string, string | undefined> = {},
): string {
  const all = {
    Host: "localhost",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return `GET ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** One masked frame of a client; the opcode is 0 for a continuation, 1 for text, 2 for binary. */
export function frameBytes(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const length = payload.length;
  const extended =
    length < 126
      ? Buffer.alloc(0)
      : length < 65_536
        ? Buffer.from([length >> 8, length & 0xff])
        : Buffer.from([
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 0xff,
            (length >> 8) & 0xff,
            length & 0xff,
          ]);
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const mask = createHash("md5").update(String(length)).digest().subarray(0, 4);
  const masked = Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]!));
  return Buffer.concat([
    Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | short]),
    extended,
    mask,
    masked,
  ]);
}

/** When this is answered, whatever was sent before it has arrived. */
export async function roundTrip(port: number): Promise<void> {
  const socket = await openSocket(port);
  socket.end("GET /v1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  await readUntil(socket, "\r\n\r\n");
}
