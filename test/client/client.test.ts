import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type Client, openClient } from "../../src/client/client.ts";
import type { ClientOptions } from "../../src/client/frames.ts";
import { listen } from "../listen.ts";

type Connected = { readonly socket: WebSocket; readonly headers: NodeJS.Dict<string | string[]> };

/** A WebSocket server on a free port; `connected` settles with the first connection's server end. */
async function serve(onConnection: (socket: WebSocket) => void = () => {}, autoPong = true) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong });
  const connected = new Promise<Connected>((resolve) => {
    server.on("connection", (socket, request) => {
      onConnection(socket);
      resolve({ socket, headers: request.headers });
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, connected };
}

async function open(url: string, options?: ClientOptions): Promise<Client> {
  const opening = await openClient(url, options);
  if (opening.kind !== "open") throw new Error(`refused with ${opening.statusCode}`);
  return opening.client;
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  return `ws://127.0.0.1:${await listen(server)}/v1`;
}

test("returns frames in order, whether awaited before or after they arrive", async () => {
  const { url, connected } = await serve((socket) => socket.send("with the 101"));
  const client = await open(url);
  const { socket } = await connected;

  expect(await client.next()).toBe("with the 101");
  const second = client.next();
  const third = client.next();
  socket.send("two");
  socket.send("three");
  socket.send("four");

  expect([await second, await third, await client.next()]).toEqual(["two", "three", "four"]);
  expect(client.received).toEqual([
    { kind: "text", text: "with the 101" },
    { kind: "text", text: "two" },
    { kind: "text", text: "three" },
    { kind: "text", text: "four" },
  ]);
});

test("returns a binary frame as hexadecimal and keeps its bytes", async () => {
  const { url } = await serve((socket) => socket.send(Buffer.from([0, 255])));
  const client = await open(url);

  expect(await client.next()).toBe("00ff");
  expect(client.received).toEqual([{ kind: "binary", bytes: Buffer.from([0, 255]) }]);
});

test("tells subscribers of frames until they leave", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  const { socket } = await connected;
  const seen: unknown[] = [];
  const leave = client.onFrame((frame) => seen.push(frame));

  socket.send("a");
  await client.next();
  leave();
  socket.send("b");
  await client.next();

  expect(seen).toEqual([{ kind: "text", text: "a" }]);
});

test("sends headers, lists of values and sub-protocols, and offers permessage-deflate", async () => {
  const { url, connected } = await serve();
  const client = await open(url, {
    headers: { "X-Room": ["blue", "red"], Cookie: "a=1" },
    subprotocols: ["chat.v2", "chat.v1"],
  });

  const { headers } = await connected;
  expect(client.protocol).toBe("chat.v2");
  expect(headers).toMatchObject({
    "x-room": "blue, red",
    cookie: "a=1",
    "sec-websocket-protocol": "chat.v2,chat.v1",
    "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
  });
});

test("returns a rejected handshake with status, headers and body", async () => {
  const server = createServer();
  server.on("upgrade", (_, socket) => {
    const body = '{"message":"Forbidden"}';
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: ForbiddenException\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });

  expect(await openClient(await listening(server))).toMatchObject({
    kind: "refused",
    statusCode: 403,
    headers: { "x-amzn-errortype": "ForbiddenException" },
    body: '{"message":"Forbidden"}',
  });
});

test("fails with CONNECTION_FAILED and the URL when nothing listens", async () => {
  const url = "ws://127.0.0.1:1/"; // a port that was free a moment ago may be another's by now

  await expect(openClient(url)).rejects.toMatchObject({
    code: "CONNECTION_FAILED",
    message: `Cannot connect to ${url}: nothing listens on that port (ECONNREFUSED).`,
  });
});

test("fails with CONNECTION_FAILED when the handshake is not answered in time", async () => {
  const server = createTcpServer();
  server.on("connection", (socket) => onTestFinished(() => void socket.destroy()));
  const url = await listening(server);

  await expect(openClient(url, { handshakeTimeoutMs: 20 })).rejects.toMatchObject({
    code: "CONNECTION_FAILED",
    message: `Cannot connect to ${url}: Opening handshake has timed out.`,
  });
});

test("fails with CONNECTION_FAILED when TLS meets a server that does not speak it", async () => {
  const url = (await serve()).url.replace("ws:", "wss:");

  await expect(openClient(url)).rejects.toMatchObject({
    code: "CONNECTION_FAILED",
    message: expect.stringMatching(/^Cannot connect to wss:.* does not speak TLS there/),
  });
});

test("fails with SUBPROTOCOL_REFUSED when the server chooses none of those asked for", async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => false });
  onTestFinished(() => sockets.close());
  const url = await listening(server);

  await expect(openClient(url, { subprotocols: ["chat"] })).rejects.toMatchObject({
    code: "SUBPROTOCOL_REFUSED",
    hint: expect.stringContaining("Sec-WebSocket-Protocol"),
  });
});

test.each([
  ["a text that is no URL", "not a url", {}],
  ["a scheme of another protocol", "ftp://localhost/", {}],
  ["a header name with a blank", "ws://localhost:1/", { headers: { "bad name": "x" } }],
  ["the same sub-protocol twice", "ws://localhost:1/", { subprotocols: ["a", "a"] }],
])("fails with USAGE for %s", async (_, url, options) => {
  await expect(openClient(url, options)).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(`Cannot connect to ${url}: `),
  });
});

test("fails with WAIT_TIMED_OUT and what came before when no frame comes in time", async () => {
  const { url } = await serve((socket) => socket.send("hello"));
  const client = await open(url);
  await client.next();

  await expect(client.next({ timeoutMs: 10 })).rejects.toMatchObject({
    code: "WAIT_TIMED_OUT",
    message: `${url} sent no frame within 10 ms; received "hello".`,
  });
});

test("a wait that timed out does not swallow the frame that comes after it", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  await expect(client.next({ timeoutMs: 10 })).rejects.toMatchObject({ code: "WAIT_TIMED_OUT" });

  (await connected).socket.send("late");

  expect(await client.next()).toBe("late");
});

test("returns what arrived before a close, and then reports the close", async () => {
  const { url } = await serve((socket) => {
    socket.send("bye");
    socket.close(1001, "Going away");
  });
  const client = await open(url);

  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await client.next()).toBe("bye");
  await expect(client.next()).rejects.toMatchObject({
    code: "CONNECTION_CLOSED",
    message: `The connection to ${url} closed with 1001 "Going away" while a frame was awaited; received "bye".`,
  });
});

test("rejects a frame that is awaited when the connection closes", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  const frame = client.next();

  (await connected).socket.close(4000);

  await expect(frame).rejects.toMatchObject({
    code: "CONNECTION_CLOSED",
    message: `The connection to ${url} closed with 4000 while a frame was awaited; it received nothing.`,
  });
});

test("rejects a send after the connection has closed", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  (await connected).socket.close();
  await client.closed;

  expect(() => client.send("x")).toThrow(/closed with 1005 before a message could be sent/);
});

test("sends text as text and bytes as binary", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  const { socket } = await connected;
  const messages: [string, boolean][] = [];
  const both = new Promise<void>((resolve) => {
    socket.on("message", (data, isBinary) => {
      messages.push([data.toString("latin1"), isBinary]);
      if (messages.length === 2) resolve();
    });
  });

  client.send("text");
  client.send(Buffer.from([1]));

  await both;
  expect(messages).toEqual([
    ["text", false],
    ["\u0001", true],
  ]);
});

test("measures the round trip of each ping", async () => {
  const { url } = await serve();
  const client = await open(url);

  const times = await Promise.all([client.ping(), client.ping()]);

  expect(times.every((ms) => ms > 0 && ms < 5000)).toBe(true);
});

test("a ping that is not answered in time fails", async () => {
  const { url } = await serve(() => {}, false);
  const client = await open(url);

  await expect(client.ping({ timeoutMs: 20 })).rejects.toMatchObject({
    code: "WAIT_TIMED_OUT",
    message: `${url} did not answer a ping within 20 ms.`,
  });
});

test("a ping that the peer never answers fails when the connection closes", async () => {
  const { url } = await serve((socket) => socket.on("ping", () => socket.terminate()), false);
  const client = await open(url);

  await expect(client.ping()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
});

test("closes with the code and reason given, without any when none is given", async () => {
  const first = await serve();
  const second = await serve();
  const withCode = await open(first.url);
  const without = await open(second.url);
  const ends = [first, second].map(async ({ connected }) => {
    const { socket } = await connected;
    return new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve([code, reason.toString()]));
    });
  });

  await withCode.close(4001, "bye");
  await without.close();

  expect(await Promise.all(ends)).toEqual([
    [4001, "bye"],
    [1005, ""],
  ]);
});

test("fails with USAGE for a close code that clients may not use", async () => {
  const { url } = await serve();
  const client = await open(url);

  await expect(client.close(1006)).rejects.toMatchObject({ code: "USAGE" });
});

test("terminating leaves without a close frame", async () => {
  const { url, connected } = await serve();
  const client = await open(url);
  const { socket } = await connected;
  const code = new Promise((resolve) => socket.once("close", resolve));

  client.terminate();

  expect(await code).toBe(1006);
  expect(await client.closed).toEqual({ code: 1006, reason: "" });
});
