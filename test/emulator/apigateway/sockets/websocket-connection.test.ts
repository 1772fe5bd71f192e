import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket as NetSocket } from "node:net";
import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { carryFrames } from "../../../../src/emulator/apigateway/sockets/websocket-connection.ts";
import {
  type FakeGateway,
  fakeGateway,
  frameBytes,
  handshakeBytes,
  ID,
  openClient,
  openSocket,
  readUntil,
  roundTrip,
  type Servers,
  startServers,
} from "../../servers.ts";

const KIB = 1024;

async function open(
  gateway = fakeGateway(),
): Promise<{ gateway: FakeGateway; servers: Servers; socket: NetSocket }> {
  const servers = await startServers(gateway);
  const socket = await openSocket(servers.port);
  socket.write(handshakeBytes());
  await readUntil(socket, "\r\n\r\n");
  return { gateway, servers, socket };
}

/** One text message in frames of these sizes. */
function message(...sizes: number[]): Buffer {
  return Buffer.concat(
    sizes.map((size, at) =>
      frameBytes(at === 0 ? 1 : 0, Buffer.alloc(size, 97), at === sizes.length - 1),
    ),
  );
}

test.each([
  ["of 100 KB in four frames", [25 * KIB, 25 * KIB, 25 * KIB, 25 * KIB]],
  ["of exactly 32,768 bytes in one frame", [32_768]],
  ["of exactly 131,072 bytes in four frames", [32_768, 32_768, 32_768, 32_768]],
  ["of 131,072 bytes in many frames", new Array(32_768).fill(4)],
])("lets a message %s pass", async (_, sizes) => {
  const { gateway, socket } = await open();

  socket.write(message(...sizes));

  expect(await gateway.messages.next()).toMatchObject({
    kind: "text",
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  });
  expect(gateway.oversizes.all).toEqual([]);
});

test.each([
  ["of 129 KB in five frames", [32 * KIB, 32 * KIB, 32 * KIB, 32 * KIB, KIB]],
  ["of 131,073 bytes in five frames", [32_768, 32_768, 32_768, 32_768, 1]],
  ["of 32,769 bytes in one frame", [32_769]],
  ["of 200,000 bytes in one frame", [200_000]],
])("reports a message %s, and delivers nothing of it nor after it", async (_, sizes) => {
  const { gateway, socket } = await open();

  socket.write(Buffer.concat([message(3), message(...sizes), message(4), frameBytes(8, end())]));

  await gateway.closes.next();
  expect(gateway.oversizes.all).toEqual([ID]);
  expect(gateway.messages.all).toEqual([{ kind: "text", text: "aaa", bytes: 3 }]);
});

test("reports an oversized frame when only its header has arrived", async () => {
  const { gateway, socket } = await open();
  const header = frameBytes(1, Buffer.alloc(40_000)).subarray(0, 8);

  for (const byte of header) socket.write(Buffer.from([byte]));

  expect(await gateway.oversizes.next()).toBe(ID);
});

test("finds an oversized frame among the first bytes behind the handshake", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);

  socket.write(Buffer.concat([Buffer.from(handshakeBytes()), message(32_769)]));

  expect(await gateway.oversizes.next()).toBe(ID);
  expect(gateway.messages.all).toEqual([]);
});

test("closes an oversized message with the gateway's code, for a client in the midst of it", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const client = await openClient(`ws://localhost:${port}/v1`);

  client.ws.send("x".repeat(10_000_000));

  expect(await client.closed).toEqual({ code: 1009, reason: "" });
  expect(gateway.oversizes.all).toEqual([ID]);
});

test("ends the connection as soon as the client has answered the close, over TLS too", async () => {
  const gateway = fakeGateway();
  const { port, certificates } = await startServers(gateway, { closeTimeoutMs: 60_000 });
  const client = await openClient(`wss://localhost:${port}/v1`, [], { ca: certificates.caPem });

  client.ws.send("x".repeat(40_000));

  expect(await client.closed).toEqual({ code: 1009, reason: "" });
  await gateway.closes.next();
});

test.each([
  ["text that is not UTF-8", frameBytes(1, Buffer.from([0xff, 0xfe])), 1007, "invalid-utf8"],
  ["a reason that is not UTF-8", frameBytes(8, Buffer.from([3, 232, 255])), 1007, "invalid-utf8"],
  ["an unmasked frame", Buffer.from([0x81, 0x01, 0x61]), 1002, "protocol-error"],
  ["an unknown opcode", frameBytes(3, Buffer.from("a")), 1002, "protocol-error"],
  ["a reserved bit", frameBytes(0x41, Buffer.from("a")), 1002, "protocol-error"],
  ["a ping of 126 bytes", frameBytes(9, Buffer.alloc(126)), 1002, "protocol-error"],
  ["a ping in two frames", frameBytes(9, Buffer.from("a"), false), 1002, "protocol-error"],
  ["a frame that continues nothing", frameBytes(0, Buffer.from("a")), 1002, "protocol-error"],
  ["a close frame of one byte", frameBytes(8, Buffer.from([3])), 1002, "protocol-error"],
  [
    "a close code that nobody may send",
    frameBytes(8, Buffer.from([3, 237])),
    1002,
    "protocol-error",
  ],
])(
  "closes after %s, tells the gateway, and delivers nothing more",
  async (_, broken, code, how) => {
    const { gateway, socket } = await open();

    socket.write(Buffer.concat([message(3), broken]));
    const [answer] = await once(socket, "data");
    socket.write(Buffer.concat([message(4), message(40_000), frameBytes(8, end())]));

    await gateway.closes.next();
    expect(gateway.oversizes.all).toEqual([]);
    expect(gateway.breaches.all).toEqual([{ connectionId: ID, how }]);
    expect(answer.readUInt16BE(2)).toBe(code);
    expect(gateway.messages.all).toHaveLength(1);
  },
);

test("takes a close frame that comes in two parts", async () => {
  const { gateway, socket } = await open();
  const close = frameBytes(8, Buffer.concat([Buffer.from([0x10, 0xe1]), Buffer.from("bye")]));

  socket.write(close.subarray(0, 7));
  socket.write(close.subarray(7));

  expect(await gateway.closes.next()).toEqual({ connectionId: ID, code: 4321, reason: "bye" });
});

/** Payload of a close frame: code 1000. */
function end(): Buffer {
  return Buffer.from([0x03, 0xe8]);
}

test("answers a ping between two frames of a message, which stays one message", async () => {
  const { gateway, socket } = await open();

  socket.write(
    Buffer.concat([
      frameBytes(1, Buffer.from("gr\u00fc").subarray(0, 3), false),
      frameBytes(9, Buffer.from("ping")),
      frameBytes(0, Buffer.from("\u00fc").subarray(1)),
    ]),
  );

  expect(await readUntil(socket, "ping")).toBe("\x8a\x04ping");
  expect(await gateway.messages.next()).toEqual({ kind: "text", text: "gr\u00fc", bytes: 4 });
});

test("answers no messages of a client that does not read what it gets, until it does", async () => {
  const { gateway, servers, socket: client } = await open();
  const socket = await gateway.opened.next();
  client.pause();
  while (!socket.isFull()) socket.send("a".repeat(32 * KIB));
  client.write(message(1));
  await roundTrip(servers.port);
  client.write(message(2));
  await roundTrip(servers.port);
  expect(gateway.messages.all).toEqual([]);

  client.resume();

  expect(await gateway.messages.next()).toMatchObject({ bytes: 1 });
  expect(await gateway.messages.next()).toMatchObject({ bytes: 2 });
});

/** A gateway that answers a message when the test says so, and what it was handed. */
function hesitant(): {
  readonly gateway: FakeGateway;
  readonly texts: string[];
  /** Answers the oldest message that has no answer. */
  readonly answer: () => void;
} {
  const texts: string[] = [];
  const answers: (() => void)[] = [];
  const gateway = fakeGateway({
    message: (_, incoming) => {
      texts.push(incoming.kind === "text" ? incoming.text : "binary");
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  return { gateway, texts, answer: () => answers.shift()?.() };
}

/** Text messages with the numbers up to this one. */
function numbered(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, at) => frameBytes(1, Buffer.from(String(at)))),
  );
}

test("passes on 256 unanswered messages of a client, and the others as answers arrive", async () => {
  const { gateway, texts, answer } = hesitant();
  const { servers, socket } = await open(gateway);

  socket.write(numbered(20_000)); // more than one read
  await roundTrip(servers.port);
  expect(texts).toHaveLength(256);

  answer();
  await roundTrip(servers.port);
  expect(texts).toHaveLength(257);

  while (texts.length < 20_000) {
    answer();
    await setImmediate();
  }
  expect(texts).toEqual(Array.from({ length: 20_000 }, (_, at) => String(at)));
});

test("has no more replies in memory for a client that never reads than wait and are under way", {
  tags: ["journey"],
}, async () => {
  let replies = 0;
  const gateway = fakeGateway({
    async message() {
      await setImmediate();
      gateway.opened.all.at(-1)?.send("a".repeat(20_000));
      replies += 1;
    },
  });
  const { servers, socket } = await open(gateway);
  socket.pause();

  socket.write(numbered(3_000)); // 60 MB of replies
  while (!gateway.opened.all.at(-1)?.isFull()) await setImmediate();
  for (let rounds = 0; rounds < 5; rounds += 1) await roundTrip(servers.port);

  const heldBySystems = 8 * 1024 * KIB; // what the buffers of both sockets take
  expect(replies * 20_000).toBeLessThan(4 * 1024 * KIB + 257 * 20_000 + heldBySystems);
  socket.resume();
  while (replies < 3_000) await setImmediate();
});

test("passes on waiting messages when the client closes, before it reports the close", async () => {
  const { gateway, texts } = hesitant();
  const { socket } = await open(gateway);

  socket.write(Buffer.concat([numbered(300), frameBytes(8, end())]));

  expect(await gateway.closes.next()).toMatchObject({ code: 1000 });
  expect(texts).toEqual(Array.from({ length: 300 }, (_, at) => String(at)));
});

test.each([
  ["is oversized", () => message(32_769)],
  ["is not UTF-8", () => frameBytes(1, Buffer.from([0xff]))],
])("passes on waiting messages before one that %s", async (_, last) => {
  const { gateway, texts } = hesitant();
  const { socket } = await open(gateway);

  socket.write(Buffer.concat([numbered(300), last()]));

  await Promise.race([gateway.oversizes.next(), gateway.breaches.next()]);
  expect(texts).toHaveLength(300);
});

test("reads a client's answer to a close while its messages have no answer", async () => {
  const { gateway, texts } = hesitant();
  const { servers, socket } = await open(gateway);
  socket.write(numbered(300));
  await roundTrip(servers.port);
  expect(texts).toHaveLength(256);

  gateway.opened.all.at(-1)?.close(1000, "Connection Closed Normally");
  socket.write(frameBytes(8, end()));

  expect(await gateway.closes.next()).toMatchObject({ code: 1000 });
});

test("delivers a message once that the socket still held when it closed", async () => {
  const raw = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const gateway = fakeGateway();
  carryFrames({
    ...{ ws: await upgraded(raw), raw, connectionId: ID, gateway, onClosed() {} },
    limits: { frameBytes: 32_768, messageBytes: 131_072 },
  });
  raw.pause(); // as ws does while it is behind

  raw.push(message(3));
  raw.destroy();

  await gateway.closes.next();
  expect(gateway.messages.all).toEqual([{ kind: "text", text: "aaa", bytes: 3 }]);
});

/** What ws makes of a socket on which a client asks for a WebSocket. */
function upgraded(raw: Duplex): Promise<WebSocket> {
  const headers = {
    upgrade: "websocket",
    "sec-websocket-key": Buffer.alloc(16).toString("base64"),
    "sec-websocket-version": "13",
  };
  const request = { method: "GET", headers } as unknown as IncomingMessage;
  const server = new WebSocketServer({ noServer: true });
  return new Promise((resolve) => {
    server.handleUpgrade(request, raw, Buffer.alloc(0), resolve);
  });
}
