import { once } from "node:events";
import { Socket as NetSocket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type WebSocket from "ws";
import type { Handshake } from "../../../../src/emulator/apigateway/ports.ts";
import { createQueue } from "../../queue.ts";
import {
  fakeGateway,
  frameBytes,
  handshakeBytes,
  ID,
  openClient,
  openSocket,
  readUntil,
  rejectedHandshake,
  roundTrip,
  startServers,
} from "../../servers.ts";

const accept = { kind: "accept", connectionId: ID, subprotocol: undefined } as const;

/** A gateway that accepts when it is told to. */
function undecided() {
  const asked = createQueue<Handshake>();
  const decisions = createQueue<typeof accept>();
  const gateway = fakeGateway({
    connect(handshake) {
      asked.push(handshake);
      return decisions.next();
    },
  });
  return { gateway, asked, decide: () => decisions.push(accept) };
}

test("hands the raw handshake to the gateway", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);

  const socket = await openSocket(port);
  socket.write(
    handshakeBytes("/v1?room=a%20b", { "X-Own": "1", "Sec-WebSocket-Protocol": "one, two" }),
  );

  const handshake = await gateway.handshakes.next();
  expect(handshake.url).toBe("/v1?room=a%20b");
  expect(handshake.sourceIp).toBe("127.0.0.1");
  expect(handshake.rawHeaders).toContain("X-Own");
  expect(handshake.rawHeaders).toContain("one, two");
});

test.each(["ws", "wss"])("speaks %s on the one port", async (scheme) => {
  const gateway = fakeGateway();
  const { port, certificates } = await startServers(gateway);

  const client = await openClient(`${scheme}://localhost:${port}/v1`, [], {
    ca: certificates.caPem,
  });
  const socket = await gateway.opened.next();
  client.ws.send("to the gateway");
  socket.send("to the client");

  expect(await gateway.messages.next()).toEqual({
    kind: "text",
    text: "to the gateway",
    bytes: 14,
  });
  expect(await client.texts.next()).toBe("to the client");
  expect(gateway.abandoned.all).toEqual([]);
});

test("holds the 101 until the gateway has decided", async () => {
  const { gateway, asked, decide } = undecided();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);
  let isAnswered = false;
  socket.once("data", () => {
    isAnswered = true;
  });

  socket.write(handshakeBytes());
  await asked.next();
  await roundTrip(port); // by now the first one would have been answered too
  expect(isAnswered).toBe(false);
  decide();

  await once(socket, "data");
  expect(gateway.opened.all).toHaveLength(1);
});

test.each([
  ["refused", {}],
  ["malformed", { "Sec-WebSocket-Key": "short" }],
])("keeps nothing of the %s handshakes that came on one connection", async (_, headers) => {
  const gateway = fakeGateway({
    connect: async () => ({ kind: "reject", statusCode: 403, headers: {}, body: "", because: "" }),
  });
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));

  for (let count = 0; count < 20; count += 1) {
    socket.write(handshakeBytes("/v1", headers));
    expect(await readUntil(socket, "\r\n\r\n")).toContain("HTTP/1.1 403");
  }

  expect(warnings).toEqual([]); // that an emitter has more than ten listeners
});

test("answers a rejected handshake as the gateway says", async () => {
  const gateway = fakeGateway({
    connect: async () => ({
      kind: "reject",
      statusCode: 403,
      headers: { "Content-Type": "application/json", "x-amzn-ErrorType": "ForbiddenException" },
      body: '{"message":"Forbidden"}',
      because: "unknown-stage",
    }),
  });
  const { port } = await startServers(gateway);

  const answer = await rejectedHandshake(`ws://localhost:${port}/nowhere`);

  expect(answer).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
  expect(answer.headers).toMatchObject({
    "content-type": "application/json",
    "x-amzn-errortype": "ForbiddenException",
    "content-length": "23",
    connection: "keep-alive",
  });
  expect(Date.parse(answer.headers.date)).not.toBeNaN();
});

test.each([
  ["no key", { "Sec-WebSocket-Key": undefined }],
  ["a key of the wrong length", { "Sec-WebSocket-Key": "c2hvcnQ=" }],
  ["no version", { "Sec-WebSocket-Version": undefined }],
  ["an unknown version", { "Sec-WebSocket-Version": "12" }],
  ["a draft's version", { "Sec-WebSocket-Version": "8" }],
  ["no Host", { Host: undefined }],
])("passes a handshake with %s to the gateway to reject, with the reason", async (_, headers) => {
  const problems: (string | undefined)[] = [];
  const gateway = fakeGateway({
    async connect({ problem }) {
      problems.push(problem);
      return {
        kind: "reject",
        statusCode: 400,
        headers: { "x-own": "1" },
        body: "no",
        because: "",
      };
    },
  });
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);

  socket.write(handshakeBytes("/v1", headers));

  expect(await readUntil(socket, "\r\n\r\nno")).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\nx-own: 1\r\n/);
  expect(problems).toEqual([expect.stringMatching(/^Missing (Host|or invalid Sec-WebSocket-)/)]);
});

test("never accepts an invalid handshake, whatever the gateway says", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);

  socket.write(handshakeBytes("/v1", { "Sec-WebSocket-Key": undefined }));

  expect(await readUntil(socket, "\r\n")).toBe("");
  expect(gateway.abandoned.all).toEqual([ID]);
});

test.each(["Bearer abc==", "chat, chat", ","])(
  "leaves it to $connect what the sub-protocol %j is worth",
  async (subprotocol) => {
    const gateway = fakeGateway();
    const { port } = await startServers(gateway);
    const socket = await openSocket(port);

    socket.write(handshakeBytes("/v1", { "Sec-WebSocket-Protocol": subprotocol }));

    expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
    expect(gateway.handshakes.all[0]?.rawHeaders).toContain(subprotocol);
  },
);

test("names no sub-protocol and no extension when the gateway chooses none", async () => {
  const { port } = await startServers(fakeGateway());
  const socket = await openSocket(port);

  socket.write(
    handshakeBytes("/v1", {
      "Sec-WebSocket-Protocol": "one, two",
      "Sec-WebSocket-Extensions": "permessage-deflate",
    }),
  );

  const answer = await readUntil(socket, "\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  expect(answer).not.toMatch(/protocol:|extensions:/i);
});

test.each([
  ["that the client asked for", "one, two"],
  ["although the client asked for none", undefined],
])("names the chosen sub-protocol %s behind the four headers of every 101", async (_, asked) => {
  const gateway = fakeGateway({
    connect: async () => ({ ...accept, subprotocol: "two" }),
  });
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);

  socket.write(handshakeBytes("/v1", { "Sec-WebSocket-Protocol": asked }));

  const answer = await readUntil(socket, "\r\n\r\n");
  expect(answer).toMatch(
    /^HTTP\/1\.1 101 Switching Protocols\r\nDate: [^\r]+ GMT\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: \S{28}\r\nSec-WebSocket-Protocol: two\r\n\r\n$/,
  );
});

test.each(["reset", "end"])("abandons a client that left by %s while it was held", async (how) => {
  const { gateway, asked, decide } = undecided();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);
  socket.write(handshakeBytes());
  await asked.next();

  if (how === "reset") socket.resetAndDestroy();
  else socket.end();
  await once(socket, "close");
  await roundTrip(port); // by now the server knows too
  decide();

  expect(await gateway.abandoned.next()).toBe(ID);
  expect(gateway.opened.all).toEqual([]);
});

test("keeps frames that came with the handshake, or while it was held", async () => {
  const { gateway, asked, decide } = undecided();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);

  const first = frameBytes(1, Buffer.from("first"));
  const second = frameBytes(1, Buffer.from("second"));
  socket.write(Buffer.concat([Buffer.from(handshakeBytes()), first, second.subarray(0, 3)]));
  await asked.next();
  socket.write(Buffer.concat([second.subarray(3), frameBytes(1, Buffer.from("third"))]));
  await roundTrip(port);
  decide();

  const texts = [];
  for (let at = 0; at < 3; at += 1) texts.push(await gateway.messages.next());
  expect(texts.map((message) => message.kind === "text" && message.text)).toEqual([
    "first",
    "second",
    "third",
  ]);
});

test("counts payload bytes, not characters, and reports binary messages as such", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const { ws } = await openClient(`ws://localhost:${port}/v1`);

  ws.send("grüße 👋");
  ws.send(Buffer.alloc(300));

  expect(await gateway.messages.next()).toEqual({ kind: "text", text: "grüße 👋", bytes: 12 });
  expect(await gateway.messages.next()).toEqual({ kind: "binary", bytes: 300 });
});

test("answers every ping of a flood that comes in one read", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);
  socket.write(handshakeBytes());
  await gateway.opened.next();
  const ping = Buffer.from([0x89, 0x81, 0, 0, 0, 0, 0x61]);
  const pong = Buffer.from([0x8a, 0x01, 0x61]).toString("latin1");

  socket.write(Buffer.concat(Array.from({ length: 500 }, () => ping)));

  expect(await readUntil(socket, pong.repeat(500))).toContain(pong.repeat(500));
  expect(gateway.pings.all).toHaveLength(500);
});

test("answers a ping and tells the gateway of nothing but that", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const { ws } = await openClient(`ws://localhost:${port}/v1`);

  ws.ping("are you there");
  const [payload] = await once(ws, "pong");
  ws.send("next");

  expect(payload.toString()).toBe("are you there");
  expect(gateway.pings.all).toEqual([ID]);
  expect(await gateway.messages.next()).toMatchObject({ text: "next" });
});

test("delivers messages of one read in order, all before anything else happens", async () => {
  const turns: number[] = [];
  let turn = 0;
  const gateway = fakeGateway({
    async message() {
      turns.push(turn);
      setImmediate(() => {
        turn += 1;
      });
    },
  });
  const { port } = await startServers(gateway);
  const socket = await openSocket(port);
  socket.write(handshakeBytes());
  await readUntil(socket, "\r\n\r\n");

  const frames = Array.from({ length: 50 }, (_, at) => frameBytes(1, Buffer.from(String(at))));
  socket.write(Buffer.concat(frames));
  socket.write(frameBytes(8, Buffer.alloc(0)));

  await gateway.closes.next();
  expect(turns).toEqual(new Array(50).fill(0));
});

test.each([
  ["close()", (ws: WebSocket) => ws.close(), { code: 1005, reason: "" }],
  ["close(4321, bye)", (ws: WebSocket) => ws.close(4321, "bye"), { code: 4321, reason: "bye" }],
  ["a lost line", (ws: WebSocket) => ws.terminate(), { code: 1006, reason: "" }],
])("reports %s by the client", async (_, leave, expected) => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const { ws } = await openClient(`ws://localhost:${port}/v1`);

  leave(ws);

  expect(await gateway.closes.next()).toEqual({ connectionId: ID, ...expected });
});

test("closes with the code and reason of the gateway, and reports the end once", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const client = await openClient(`ws://localhost:${port}/v1`);
  const socket = await gateway.opened.next();

  socket.close(1001, "Going away");
  socket.close(1000, "again");
  socket.send("too late");

  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await gateway.closes.next()).toMatchObject({ code: 1001 });
  expect(gateway.closes.all).toHaveLength(1);
  expect(client.texts.all).toEqual([]);
});

test("cuts a client that never answers a close frame", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway, { closeTimeoutMs: 50 });
  const socket = await openSocket(port);
  socket.write(handshakeBytes());
  await readUntil(socket, "\r\n\r\n");

  (await gateway.opened.next()).close(1001, "Going away");

  await once(socket, "close");
  expect(await gateway.closes.next()).toMatchObject({ code: 1006 });
});

test("writes the first message of a turn alone and the rest in one go, in order, a close behind it", async () => {
  const gateway = fakeGateway();
  const { port } = await startServers(gateway);
  const raw = await openSocket(port);
  raw.write(handshakeBytes());
  await readUntil(raw, "\r\n\r\n");
  const socket = await gateway.opened.next();

  const writes = vi.spyOn(NetSocket.prototype as Required<NetSocket>, "_write");
  const writesOfMany = vi.spyOn(NetSocket.prototype as Required<NetSocket>, "_writev");
  onTestFinished(() => {
    writes.mockRestore();
    writesOfMany.mockRestore();
  });

  socket.send("one");
  expect(writes).toHaveBeenCalledTimes(1);
  for (const text of ["two", "three", "four"]) socket.send(text);
  socket.close(1001, "Going away");

  const received = await readUntil(raw, "Going away");
  expect(writes).toHaveBeenCalledTimes(1);
  expect(writesOfMany).toHaveBeenCalledTimes(1);
  expect(received).toContain(
    "\x81\x03one\x81\x03two\x81\x05three\x81\x04four\x88\x0c\x03\xe9Going away",
  );
});

test("stops within its time, whatever clients do", async () => {
  const gateway = fakeGateway();
  const servers = await startServers(gateway);
  const mute = await openSocket(servers.port);
  mute.write(handshakeBytes());
  await readUntil(mute, "\r\n\r\n");
  await gateway.opened.next();

  await servers.stopWebSockets(20);

  await once(mute, "close");
  expect(await gateway.closes.next()).toMatchObject({ code: 1006 });
});

test("answers the handshakes that are held with 503 when it stops, and nothing after it", async () => {
  const { gateway, asked, decide } = undecided();
  const servers = await startServers(gateway);
  const socket = await openSocket(servers.port);
  socket.write(handshakeBytes());
  const secure = rejectedHandshake(`wss://localhost:${servers.port}/v1`, {
    ca: servers.certificates.caPem,
  });
  await Promise.all([asked.next(), asked.next()]);
  const answer = readUntil(socket, "never");

  await servers.stopWebSockets(20);
  decide();
  decide();

  expect(await answer).toMatch(
    /^HTTP\/1\.1 503 Service Unavailable\r\n(.+\r\n)+\r\n\{"message":"Service Unavailable"\}$/,
  );
  expect(await secure).toMatchObject({
    statusCode: 503,
    headers: { "x-amzn-errortype": "ServiceUnavailableException", connection: "close" },
  });
  expect([await gateway.abandoned.next(), await gateway.abandoned.next()]).toEqual([ID, ID]);
});

test("stops at once when the last client has left, and leaves no timer", async () => {
  const gateway = fakeGateway();
  const servers = await startServers(gateway);
  const { ws } = await openClient(`ws://localhost:${servers.port}/v1`);
  await gateway.opened.next();
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  const stopping = servers.stopWebSockets(59_999);
  const at = timers.mock.calls.findIndex(([, ms]) => ms === 59_999);
  const timer = timers.mock.results[at]?.value as NodeJS.Timeout & { readonly _destroyed: boolean };

  ws.close();
  await stopping;

  expect(timer._destroyed).toBe(true);
  expect(gateway.closes.all).toHaveLength(1);
});

test("asking again and again whether all has arrived leaves no listener", async () => {
  const gateway = fakeGateway();
  const { port, flushed } = await startServers(gateway);
  await openClient(`ws://localhost:${port}/v1`);
  await gateway.opened.next();
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));

  for (let times = 0; times < 12; times += 1) await flushed(ID);
  await new Promise(setImmediate);

  expect(warnings).toEqual([]); // Node warns of the eleventh listener
});
